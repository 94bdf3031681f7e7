"""Reads the mailbox of answers: by IMAP over TLS, or from a folder of .eml files.

Bounded in number and size. A mail is marked as done only when its reader says so, after
the database knows it; what can't be read stays where a person finds it.
"""

import imaplib
import os
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

TIMEOUT = 20.0
LARGEST = 1_000_000
HEAD = 64_000
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_SIZE = re.compile(rb"\bUID (\d+)\b.*?\bRFC822\.SIZE (\d+)|\bRFC822\.SIZE (\d+).*?\bUID (\d+)")


class MailboxError(Exception):
    """A mailbox can't be read just now. `problem` is a stable word, `detail` never a secret.

    `login`, `certificate`, `unreachable`, `folder`, `protocol`.
    """

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem = problem
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail. `octets` are its head only when `whole` is false (it is too large).

    `name` is its file or UID; `uid` is 0 in a folder.
    """

    name: str
    octets: bytes
    whole: bool = True
    uid: int = 0


class Mailbox(Protocol):
    """A mailbox that is open. `validity` tells whether UIDs still mean the same mails."""

    validity: int

    def arrived(self, after: int, *, since: datetime, limit: int) -> Iterator[Incoming]:
        """Mails not read yet: those after a UID, or since a day where none is known (0)."""
        ...

    def done(self, mail: Incoming, *, read: bool) -> None:
        """Put a mail away: as read, or so that a person finds it."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def named(url: str) -> str:
    """What the database keeps of a mailbox's address: a hash without the password."""
    parts = urlsplit(url)
    plain = f"{parts.scheme}:{parts.username}@{parts.hostname}:{parts.port}{parts.path}"
    return sha256(plain.encode()).hexdigest()


def shown(url: str) -> str:
    """A mailbox as people may see it: never its password."""
    parts = urlsplit(url)
    if parts.scheme != "imaps":
        return Path(url.removeprefix("folder:")).name
    return f"{unquote(parts.username or '')} · {parts.hostname}{unquote(parts.path)}"


def opened(url: str, *, context: ssl.SSLContext | None = None, timeout: float = TIMEOUT) -> Mailbox:
    """Open the mailbox of an address: imaps://user:password@host/INBOX or folder:PATH.

    `context` replaces the system's trusted certificates. Raises MailboxError.
    """
    if url.startswith("folder:"):
        return _Folder(Path(url.removeprefix("folder:")).expanduser())
    return _Imap(url, context or ssl.create_default_context(), timeout)


class _Folder:
    """A folder of .eml files; what was taken moves to done/, what nobody could read to unread/."""

    validity = 0

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            for name in ("done", "unread"):
                (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise MailboxError("folder", error.strerror or "") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is held open."""

    def arrived(self, after: int, *, since: datetime, limit: int) -> Iterator[Incoming]:
        del after, since  # a folder holds only what was not read yet
        try:
            found = sorted(path for path in self._folder.iterdir() if path.suffix.lower() == ".eml")
        except OSError as error:
            raise MailboxError("folder", error.strerror or "") from error
        for path in [each for each in found if each.is_file() and not each.is_symlink()][:limit]:
            try:
                with path.open("rb") as file:
                    octets = file.read(LARGEST + 1)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise MailboxError("folder", error.strerror or "") from error
            whole = len(octets) <= LARGEST
            yield Incoming(path.name, octets if whole else octets[:HEAD], whole)

    def done(self, mail: Incoming, *, read: bool) -> None:
        source = self._folder / mail.name
        target = self._folder / ("done" if read else "unread") / mail.name
        number = 1
        while target.exists():
            target = target.with_name(f"{Path(mail.name).stem}-{number}.eml")
            number += 1
        try:
            with suppress(FileNotFoundError):
                source.replace(target)
                os.utime(target)
        except OSError as error:
            raise MailboxError("folder", error.strerror or "") from error


class _Imap:
    """One IMAP mailbox; mails are fetched without marking them, then marked as seen."""

    def __init__(self, url: str, context: ssl.SSLContext, timeout: float) -> None:
        parts = urlsplit(url)
        self._password = unquote(parts.password or "")
        self._imap: imaplib.IMAP4_SSL | None = None
        folder = unquote(parts.path.strip("/")) or "INBOX"
        try:
            self._imap = imaplib.IMAP4_SSL(
                parts.hostname or "", parts.port or 993, ssl_context=context, timeout=timeout
            )
            self._log_in(unquote(parts.username or ""))
            self.validity = self._select(folder)
        except MailboxError:
            self._close()
            raise
        except (imaplib.IMAP4.error, OSError) as error:
            self._close()
            raise self._said(error) from error

    @property
    def _server(self) -> imaplib.IMAP4_SSL:
        if self._imap is None:
            raise MailboxError("protocol", "the connection is closed")
        return self._imap

    def _log_in(self, user: str) -> None:
        try:
            self._server.login(user, self._password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise MailboxError("login", self._plain(error)) from error

    def _select(self, folder: str) -> int:
        quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
        try:
            state, told = self._server.select(f'"{quoted}"')
        except UnicodeError as error:
            raise MailboxError("folder", folder) from error
        if state != "OK":
            raise MailboxError("folder", f"{folder}: {self._plain(told[0] if told else '')}")
        found = self._server.response("UIDVALIDITY")[1][0]
        digits = found.decode() if isinstance(found, bytes) else "0"
        return int(digits) if digits.isdigit() else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def arrived(self, after: int, *, since: datetime, limit: int) -> Iterator[Incoming]:
        try:
            for uid, size in self._waiting(after, since, limit):
                whole = size <= LARGEST
                octets = self._fetch(uid, "BODY.PEEK[]" if whole else f"BODY.PEEK[]<0.{HEAD}>")
                if octets is not None:
                    yield Incoming(str(uid), octets, whole, uid)
        except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
            raise self._said(error) from error

    def _waiting(self, after: int, since: datetime, limit: int) -> list[tuple[int, int]]:
        """(UID, size) of the mails to read, the oldest first."""
        day = f"{since.day:02}-{_MONTHS[since.month - 1]}-{since.year}"
        wanted = f"UID {after + 1}:*" if after else f"SINCE {day}"
        found = self._ask("SEARCH", wanted)
        numbers = sorted(
            {int(n) for line in found if isinstance(line, bytes) for n in line.split()}
        )
        chosen = [n for n in numbers if n > after][:limit]
        if not chosen:
            return []
        sizes = {}
        for line in self._ask("FETCH", ",".join(map(str, chosen)), "(UID RFC822.SIZE)"):
            match = _SIZE.search(line) if isinstance(line, bytes) else None
            if match:
                uid, size = (match[1], match[2]) if match[1] else (match[4], match[3])
                sizes[int(uid)] = int(size)
        return [(uid, sizes.get(uid, LARGEST + 1)) for uid in chosen]

    def _fetch(self, uid: int, what: str) -> bytes | None:
        """The octets of a mail; None when it went away meanwhile."""
        for line in self._ask("FETCH", str(uid), f"(UID {what})"):
            if isinstance(line, tuple) and f"UID {uid}".encode() in line[0]:
                return bytes(line[1])
        return None

    def _ask(self, command: str, *words: str) -> list[bytes | tuple[bytes, bytes]]:
        state, told = self._server.uid(command, *words)
        if state != "OK":
            raise MailboxError("protocol", f"{command}: {self._plain(told[0] if told else '')}")
        return [each for each in told if each is not None]

    def done(self, mail: Incoming, *, read: bool) -> None:
        """Mark a mail as seen. Failing is no harm: the database knows the mail already."""
        if read:
            with suppress(imaplib.IMAP4.error, OSError):
                self._server.uid("STORE", mail.name, "+FLAGS.SILENT", "(\\Seen)")

    def _said(self, error: Exception) -> MailboxError:
        if isinstance(error, ssl.SSLError):
            return MailboxError("certificate", self._plain(error))
        if isinstance(error, OSError):
            return MailboxError("unreachable", self._plain(error.strerror or type(error).__name__))
        return MailboxError("protocol", self._plain(error))

    def _plain(self, words: object) -> str:
        """What a server said, as one short line without the password."""
        said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        said = re.sub(r"^b(['\"])(.*)\1$", r"\2", said)
        for secret in {self._password, self._password.replace('"', '\\"')} - {""}:
            said = said.replace(secret, "***")
        return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:300]

    def _close(self) -> None:
        if self._imap is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                self._imap.logout()
            self._imap = None
