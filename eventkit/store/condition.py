"""How the cellar itself is: the version of SQLite, the schema, the room on the disk."""

import shutil
import sqlite3
from tempfile import NamedTemporaryFile

from eventkit.errors import Unavailable
from eventkit.store.rows import Store


def sqlite_version() -> str:
    """The version of the SQLite library in use."""
    return sqlite3.sqlite_version


def room(store: Store) -> int:
    """Free octets where the data folder lies, after a trial file was written there.

    Raises Unavailable when nothing can be written.
    """
    try:
        store.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(prefix=".trial.", dir=store.folder) as trial:
            trial.write(b"trial")
    except OSError as error:
        raise Unavailable(error.strerror or str(error)) from error
    return shutil.disk_usage(store.folder).free


def quick_check(store: Store) -> list[str]:
    """What a quick look finds broken in the live database; empty when it is sound."""
    rows = store.all("PRAGMA quick_check")
    return [row["quick_check"] for row in rows if row["quick_check"] != "ok"]
