"""Fresh databases: migrated once for a whole run, then copied."""

import tempfile
from functools import cache
from pathlib import Path

from eventkit.store import schema
from eventkit.store.rows import Store


@cache
def blank() -> bytes:
    """A migrated database without content, as it lies on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        made = Store(Path(folder))
        schema.migrate(made)
        made.checkpoint()
        made.close()
        return made.path.read_bytes()


def fresh_store(folder: Path) -> Store:
    """A store without content in a folder, which is made if need be."""
    made = Store(folder)
    made.folder.mkdir(mode=0o700, exist_ok=True)
    made.path.write_bytes(blank())
    return made
