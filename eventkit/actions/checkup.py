"""What `flask doctor` looks at: libraries, printing, database, folder, letters, the worker."""

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from urllib.parse import urlsplit

from eventkit import transport
from eventkit.actions import backup, post
from eventkit.documents.press import Job, Press
from eventkit.errors import PressBusy, PressFailed, SchemaTooNew, Unavailable
from eventkit.links import Links
from eventkit.store import condition, history, schema
from eventkit.store.rows import Store
from eventkit.transport import Mail, TransportError

LIBRARIES = ("flask", "sqlite-utils", "weasyprint", "icalendar", "waitress", "pillow")
SAFE_SQLITE = (3, 51, 3)
WORKER_SILENT = timedelta(seconds=90)
BACKUP_OLD = timedelta(days=2)
LITTLE_ROOM = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `good` None means: works, but worth knowing."""

    what: str
    good: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined."""

    store: Store
    mail: Mail
    links: Links
    press: Press
    replies: bool
    now: datetime


def examine(patient: Patient) -> Iterator[Finding]:
    """Look at everything, one finding after the other; nothing is changed, no letter sent."""
    yield Finding("Python", True, platform.python_version())
    yield _sqlite()
    yield Finding("libraries", True, ", ".join(f"{name} {version(name)}" for name in LIBRARIES))
    checks: tuple[tuple[str, Callable[[Patient], Finding]], ...] = (
        ("printing", _printing),
        ("data folder", _folder),
        ("database", _database),
        ("letters", _letters),
        ("replies", _replies),
        ("base address", _address),
        ("worker", _worker),
        ("backup", _backup),
    )
    for what, check in checks:
        try:
            yield check(patient)
        except (Unavailable, SchemaTooNew, TransportError, PressFailed, PressBusy) as error:
            yield Finding(what, False, str(error) or type(error).__name__)


def _sqlite() -> Finding:
    found = condition.sqlite_version()
    if tuple(map(int, found.split("."))) >= SAFE_SQLITE:
        return Finding("SQLite", True, found)
    words = f"{found} (before 3.51.3: eventkit's own lock keeps clear of its WAL-reset bug)"
    return Finding("SQLite", None, words)


def _printing(patient: Patient) -> Finding:
    html = '<html lang="en"><head><title>Trial</title></head><body><p>Łukasz, ß</p></body></html>'
    pdf = patient.press.print(Job(html=html, sheet="lists.css", at=patient.now))
    return Finding("printing", True, f"a trial page was printed ({len(pdf)} octets)")


def _folder(patient: Patient) -> Finding:
    free = condition.room(patient.store)
    words = f"{patient.store.folder} can be written, {free // 1024**2} MB are free"
    return Finding("data folder", True if free >= LITTLE_ROOM else None, words)


def _database(patient: Patient) -> Finding:
    found, newest = schema.version(patient.store), schema.migrations()[-1][0]
    if found != newest:
        words = f"schema {found}, this eventkit needs {newest}: flask --app app migrate"
        return Finding("database", False, words)
    faults = condition.quick_check(patient.store)
    return Finding("database", not faults, faults[0] if faults else f"schema {found}, sound")


def _letters(patient: Patient) -> Finding:
    return Finding("letters", True, transport.probe(patient.mail, timeout=10))


def _replies(patient: Patient) -> Finding:
    if patient.replies:
        return Finding("replies", True, "answers to invites are read from EVENTKIT_REPLY_URL")
    return Finding("replies", None, "EVENTKIT_REPLY_URL is not set: invites ask for no answer")


def _address(patient: Patient) -> Finding:
    host, base = urlsplit(patient.links.base).hostname or "", patient.links.base
    if host in ("127.0.0.1", "localhost", "::1"):
        words = f"{base} works on this machine only: set EVENTKIT_BASE_URL for others"
        return Finding("base address", None, words)
    if not base.startswith("https://"):
        return Finding("base address", None, f"{base} is not encrypted: use https")
    return Finding("base address", True, base)


def _worker(patient: Patient) -> Finding:
    seen = history.marked(patient.store, post.WORKER)
    if seen is None:
        return Finding("worker", None, "has never run: ./run serve starts it")
    age = patient.now - seen
    words = f"last seen {int(age.total_seconds())} s ago"
    return Finding("worker", True if age <= WORKER_SILENT else None, words)


def _backup(patient: Patient) -> Finding:
    made = history.marked(patient.store, backup.MARK)
    if made is None:
        return Finding("backup", None, "none was made yet: flask --app app backup FILE")
    words = f"last made {made:%Y-%m-%d %H:%M} UTC"
    return Finding("backup", True if patient.now - made <= BACKUP_OLD else None, words)
