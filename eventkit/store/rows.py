"""The database connection, the one kind of transaction, and how values lie in columns."""

import fcntl
import json
import os
import sqlite3
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from sqlite_utils import Database

from eventkit.errors import Unavailable
from eventkit.model.text import Text

Row = dict[str, Any]

_UNAVAILABLE = ("full", "readonly", "read-only", "unable to open", "disk i/o", "locked")
_WAL_LIMIT = 32 * 1024 * 1024


class Store:
    """One data folder: its database and its shelf.

    Reading works anywhere; writing only inside `changing()`. One connection is kept
    per thread and process.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "eventkit.sqlite3"
        self._kept = threading.local()

    @property
    def database(self) -> Database:
        """This thread's connection, opened when first asked for (and anew after a fork).

        Raises Unavailable when the file can't be opened.
        """
        if getattr(self._kept, "pid", None) != os.getpid():
            self._kept.database = self._open()
            self._kept.pid = os.getpid()
            self._kept.lock = None
            self._kept.changing = False
            self._kept.bulk = False
        database: Database = self._kept.database
        return database

    def _open(self) -> Database:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Ours alone, whatever the folder allows; SQLite gives its logs the same mode. Only a
            # new file: closing an open one here would drop the locks of the other threads.
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            connection = sqlite3.connect(
                self.path, isolation_level=None, timeout=10, check_same_thread=False
            )
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                "secure_delete=ON",
                "wal_autocheckpoint=0",
                "temp_store=MEMORY",
                "query_only=ON",
            ):
                connection.execute(f"PRAGMA {pragma}")
            connection.create_function("fold", 1, fold, deterministic=True)
        except (sqlite3.OperationalError, OSError) as error:
            raise Unavailable(str(error)) from error
        return Database(connection, execute_plugins=False)

    def close(self) -> None:
        """Close this thread's connection; the next use opens it again."""
        if getattr(self._kept, "pid", None) == os.getpid():
            self._kept.database.conn.close()
            if self._kept.lock is not None:
                os.close(self._kept.lock)
            self._kept.pid = None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock of the data folder, without a transaction.

        One file lock around every write transaction and every checkpoint keeps writers
        in a fair queue and out of SQLite's WAL-reset bug (R9a).
        """
        connection = self.database.conn
        try:
            if self._kept.lock is None:
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
                self._kept.lock = os.open(self.folder / "writing.lock", flags, 0o600)
            fcntl.flock(self._kept.lock, fcntl.LOCK_EX)
        except OSError as error:
            raise Unavailable(str(error)) from error
        try:
            connection.execute("PRAGMA query_only=OFF")
            yield connection
        finally:
            connection.execute("PRAGMA query_only=ON")
            fcntl.flock(self._kept.lock, fcntl.LOCK_UN)

    @contextmanager
    def changing(self, *, bulk: bool = False) -> Iterator[None]:
        """One write transaction: BEGIN IMMEDIATE … COMMIT, or nothing at all.

        Does not nest, so that an action is one transaction. `bulk` is for thousands of rows
        at once. Raises Unavailable when the disk is full, read-only or gone.
        """
        self.database  # noqa: B018 - opens the connection before its state is read
        if self._kept.changing:
            raise RuntimeError("changing() inside changing(): an action is one transaction")
        try:
            with self.writing() as connection:
                connection.execute("BEGIN IMMEDIATE")
                self._kept.changing, self._kept.bulk = True, bulk
                try:
                    yield
                    connection.execute("COMMIT")
                finally:
                    self._kept.changing = False
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                self._bound_the_wal(connection)
        except sqlite3.OperationalError as error:
            _unless_unavailable(error)

    def _bound_the_wal(self, connection: sqlite3.Connection) -> None:
        """Fold a grown log back even where no worker runs (R72)."""
        try:
            grown = Path(f"{self.path}-wal").stat().st_size > _WAL_LIMIT
        except FileNotFoundError:
            return
        if grown:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def checkpoint(self) -> None:
        """Fold the write-ahead log back into the database file and empty it."""
        with self.writing() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Every row of a query, as dictionaries."""
        return list(self.each(sql, **values))

    def each(self, sql: str, **values: Any) -> Iterator[Row]:
        """The rows of a query one after the other, for long exports."""
        cursor = self._ask(sql, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def one(self, sql: str, **values: Any) -> Row | None:
        """The first row of a query, or None."""
        return next(self.each(sql, **values), None)

    def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self._ask(sql, values).fetchone()
        return None if row is None else row[0]

    def run(self, sql: str, **values: Any) -> int:
        """Execute a change and say how many rows it touched."""
        return self._ask(sql, values).rowcount

    def _ask(self, sql: str, values: Row) -> sqlite3.Cursor:
        try:
            return self.database.conn.execute(sql, values)
        except sqlite3.OperationalError as error:
            if "readonly" in str(error) and not self._kept.changing:
                raise  # a stray write outside changing(): our fault, not the disk's
            _unless_unavailable(error)

    def insert(self, table: str, **values: Any) -> int:
        """Insert one row and return its id; raises LookupError if there is no such table.

        sqlite-utils writes it. It looks the table up for every row, so thousands of rows in one
        transaction (`changing(bulk=True)`) go as plain SQL, for the lock is held meanwhile.
        """
        stored = {name: column(value) for name, value in values.items()}
        if self._kept.bulk:
            names, marks = ", ".join(f'"{n}"' for n in stored), ", ".join(f":{n}" for n in stored)
            cursor = self._ask(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', stored)
            return int(cursor.lastrowid or 0)
        target = self.database.table(table)
        if not target.exists():  # a mistyped name would make a table
            raise LookupError(f"no table {table}")
        target.insert(stored)
        return int(self.value("SELECT last_insert_rowid()"))

    def update(self, table: str, row_id: int, **values: Any) -> None:
        """Change columns of one row by its id; raises LookupError if there is no such row."""
        names = ", ".join(f'"{name}" = :{name}' for name in values)
        stored = {name: column(value) for name, value in values.items()}
        if not self.run(f'UPDATE "{table}" SET {names} WHERE id = :id', id=row_id, **stored):
            raise LookupError(f"no row {row_id} in {table}")


def _unless_unavailable(error: sqlite3.OperationalError) -> NoReturn:
    """Raise Unavailable for what is the disk's fault, else the error itself."""
    if any(word in str(error).lower() for word in _UNAVAILABLE):
        raise Unavailable(str(error)) from error
    raise error


def fold(value: str | None) -> str:
    """A text as searches compare it: without case and accents ("Übung" finds "ubung")."""
    parts = unicodedata.normalize("NFKD", value or "")
    return "".join(c for c in parts if not unicodedata.combining(c)).casefold()


def pattern(words: str) -> str:
    """A LIKE pattern (ESCAPE '!') for folded text that contains these words."""
    escaped = fold(words.strip()).replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


def column(value: Any) -> Any:
    """How a Python value lies in a column: instants as UTC text, texts as JSON per language."""
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Text):
        return words(value)
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, str) else value


def stamp(value: datetime) -> str:
    """An instant as UTC text with seconds and `Z`, the one format of the database.

    Raises ValueError for a naive datetime.
    """
    if value.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(value: str) -> datetime:
    """The instant of a stored stamp, in UTC."""
    return datetime.fromisoformat(value)


def instant_or_none(value: str | None) -> datetime | None:
    """The instant of a stored stamp, or None."""
    return None if value is None else datetime.fromisoformat(value)


def words(text: Text) -> str:
    """A text as JSON, one key per language that was written."""
    pairs = (("de", text.de), ("en", text.en))
    return json.dumps({name: value for name, value in pairs if value}, ensure_ascii=False)


def text(value: str | None) -> Text:
    """The text of a stored JSON object."""
    if not value or value == "{}":
        return Text()
    return Text(**json.loads(value))
