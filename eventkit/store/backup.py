"""Copies of the whole database: made while others write, and proved before they are trusted."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from eventkit.errors import Unavailable
from eventkit.store.rows import Store


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copied database says of itself.

    `faults` holds what SQLite found broken (empty when it is sound), `counts` the rows of each
    table, `files` the size of every file it has a record of, by content hash.
    """

    schema: int
    faults: tuple[str, ...]
    counts: dict[str, int]
    files: dict[str, int]


def snapshot(store: Store, target: Path) -> None:
    """Copy the database as it is at one instant, in one step of SQLite's backup API (R8).

    Writers go on meanwhile. Raises Unavailable when the target can't be written.
    """
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(target)) as copy:
            store.database.conn.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except (sqlite3.OperationalError, OSError) as error:
        raise Unavailable(str(error)) from error


def inspect(path: Path) -> Copy:
    """Read a copied database through and through. A file that is none has a fault."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as copy:
            return Copy(
                schema=copy.execute("PRAGMA user_version").fetchone()[0],
                faults=_faults(copy),
                counts=_counts(copy),
                files=dict(copy.execute("SELECT sha256, size FROM files")),
            )
    except sqlite3.DatabaseError as error:
        return Copy(0, (str(error),), {}, {})


def in_use(path: Path) -> bool:
    """Whether another process has this database open; folds its log back if nobody has.

    Leaving WAL mode needs the database for oneself alone, so SQLite itself answers.
    """
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0.5)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError:
            return False  # broken beyond reading: it may be replaced
    return str(mode) == "wal"


def _faults(copy: sqlite3.Connection) -> tuple[str, ...]:
    found = [row[0] for row in copy.execute("PRAGMA integrity_check") if row[0] != "ok"]
    found += [
        f"{row[0]} row {row[1]} refers to nothing"
        for row in copy.execute("PRAGMA foreign_key_check")
    ]
    return tuple(found)


def _counts(copy: sqlite3.Connection) -> dict[str, int]:
    tables = """SELECT name FROM sqlite_master
                WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"""
    names = copy.execute(tables).fetchall()
    return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}
