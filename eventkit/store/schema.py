"""The tables, from the first migration on, and how an old database becomes a new one.

Tables are STRICT and repeat the rules that must never break. Texts that people read
are JSON objects per language; instants are UTC text that ends in Z.
"""

import os
import sqlite3
from pathlib import Path

from eventkit.errors import SchemaTooNew
from eventkit.store.rows import Store

_FOLDER = Path(__file__).parent / "migrations"


def migrations() -> list[tuple[int, str]]:
    """Every migration as (number, SQL), in order; the number is the schema version after it."""
    return [
        (int(path.name.split("_")[0]), path.read_text())
        for path in sorted(_FOLDER.glob("[0-9]*_*.sql"))
    ]


def version(store: Store) -> int:
    """The schema version of a database; 0 for an empty one."""
    return int(store.value("PRAGMA user_version"))


def migrate(store: Store) -> list[int]:
    """Bring the database up to date and say which migrations ran.

    Safe when several processes start at once: each waits for the lock and runs what is
    still missing. A copy of an older database is kept beside it first. Raises
    SchemaTooNew when the database is of a newer program.
    """
    known = migrations()
    newest = known[-1][0]
    if version(store) == newest:
        return []
    ran = []
    with store.writing() as connection:
        found = version(store)
        if found > newest:
            raise SchemaTooNew(
                f"The database has schema {found}, this eventkit knows {newest}: update eventkit."
            )
        if 0 < found < newest:
            _keep_copy(connection, store.folder / f"before-schema-{newest}.sqlite3")
        for number, sql in known:
            if number > found:
                _run(connection, number, sql)
                ran.append(number)
    return ran


def _run(connection: sqlite3.Connection, number: int, sql: str) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _statements(sql):
            connection.execute(statement)
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise sqlite3.IntegrityError(f"migration {number} broke references: {broken[:3]}")
        connection.execute(f"PRAGMA user_version={number:d}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("PRAGMA foreign_keys=ON")


def _statements(sql: str) -> list[str]:
    """Split a script into statements, respecting triggers and comments."""
    found, current = [], ""
    for line in sql.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            found.append(current)
            current = ""
    return found


def _keep_copy(connection: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(handle)
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
    finally:
        copy.close()
