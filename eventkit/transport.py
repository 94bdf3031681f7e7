"""Carries letters out: by SMTP, or as .eml files into a folder.

A failure is told apart by whether trying again can help. A retry of the same letter
has the same Message-ID, and in a folder overwrites the same file (R6).
"""

import os
import smtplib
import ssl
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

TIMEOUT = 20.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Mail(Protocol):
    """Where letters go; `config.MailSettings` is one.

    `kind` is "folder", "smtp" (STARTTLS where it matters) or "smtps".
    """

    @property
    def kind(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def folder(self) -> Path | None: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def user(self) -> str: ...
    @property
    def password(self) -> str: ...


class TransportError(Exception):
    """A letter did not get out. `permanent`: the recipient is refused, trying again is vain."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.message = message


def deliver(message: EmailMessage, mail: Mail, *, timeout: float = TIMEOUT) -> None:
    """Carry one letter out. Raises TransportError; `timeout` is in seconds per step."""
    with Carrier(mail, timeout=timeout) as carrier:
        carrier.send(message)


def discard(mail: Mail, message_ids: Iterable[str]) -> int:
    """Delete letters of these Message-IDs from a folder (R55); says how many.

    What went out by SMTP is out of reach.
    """
    digests = {_digest(message_id) for message_id in message_ids}
    if mail.folder is None or not digests:
        return 0
    found = [path for path in mail.folder.glob("*.eml") if path.stem[-16:] in digests]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def probe(mail: Mail, *, timeout: float = TIMEOUT) -> str:
    """Try the way out without sending anything; says where letters would go.

    Connects, says EHLO, encrypts and logs in; or writes and removes a file in the folder.
    Raises TransportError.
    """
    if mail.kind != "folder":
        with Carrier(mail, timeout=timeout) as carrier:
            carrier.connect()
        return f"{mail.host}:{mail.port} answers"
    if mail.folder is None:
        raise TransportError("no folder is set for letters")
    try:
        mail.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        trial = mail.folder / f".trial.{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise TransportError(f"the folder for letters: {error.strerror or error}") from error
    return f"letters are laid into {mail.folder}"


class Carrier:
    """Carries several letters over one connection, which is opened for the first of them.

    After a failure the next letter gets a fresh connection where the old one is lost.
    `context` replaces the system's trusted certificates (for a server with its own CA).
    """

    def __init__(
        self, mail: Mail, *, timeout: float = TIMEOUT, context: ssl.SSLContext | None = None
    ) -> None:
        self._mail = mail
        self._timeout = timeout
        self._context = context
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection politely; a server that is gone already is no error."""
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._drop()

    def connect(self) -> None:
        """Open the connection without sending. Raises TransportError."""
        try:
            self._connected()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise TransportError(f"{type(error).__name__}: {error}"[:500]) from error

    def send(self, message: EmailMessage) -> None:
        """Carry one letter out. Raises TransportError."""
        if self._mail.kind == "folder":
            _put_into_folder(message, self._mail)
            return
        try:
            self._send(message)
        except TransportError:
            raise
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise TransportError(_say(code, words), permanent=code >= 500) from error
        except smtplib.SMTPResponseException as error:
            if not isinstance(error, (smtplib.SMTPSenderRefused, smtplib.SMTPDataError)):
                self._drop()
            raise TransportError(_say(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise TransportError(f"{type(error).__name__}: {error}"[:500]) from error

    def _send(self, message: EmailMessage) -> None:
        server = self._connected()
        recipient = _address(message, "To")
        options = []
        if not f"{self._mail.sender}{recipient}".isascii():
            if not server.has_extn("smtputf8"):
                words = "the mail server can't write to addresses beyond ASCII (SMTPUTF8)"
                raise TransportError(words, permanent=True)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        octets = _octets(message, utf8=bool(options))
        server.sendmail(_address(message, "From"), [recipient], octets, options)

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._server.noop()[0] == 250:
                    return self._server
            self._drop()
        mail = self._mail
        if mail.kind == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                mail.host, mail.port, timeout=self._timeout, context=self._trusted()
            )
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=self._timeout)
        self._server = server
        server.ehlo_or_helo_if_needed()
        if mail.kind == "smtp":
            self._encrypt(server)
        if mail.user:
            server.login(mail.user, mail.password)
        return server

    def _trusted(self) -> ssl.SSLContext:
        """Whom we trust, read only where a connection is encrypted: it takes 20 ms."""
        return self._context or ssl.create_default_context()

    def _encrypt(self, server: smtplib.SMTP) -> None:
        """STARTTLS: always with a password; without one where offered, but not to ourselves."""
        if server.has_extn("starttls"):
            if self._mail.user or self._mail.host not in _LOOPBACK:
                server.starttls(context=self._trusted())
                server.ehlo()
        elif self._mail.user:
            self._drop()
            raise TransportError("the mail server offers no encryption: password not sent")

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _put_into_folder(message: EmailMessage, mail: Mail) -> None:
    if mail.folder is None:
        raise TransportError("no folder is set for letters")
    octets = _octets(message, utf8=not _address(message, "To").isascii())
    target = mail.folder / _filename(message)
    fresh = target.with_suffix(f".{os.getpid()}.tmp")
    try:
        mail.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(octets)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
        _sync(mail.folder)
    except OSError as error:
        raise TransportError(f"the folder for letters: {error.strerror or error}") from error


def _octets(message: EmailMessage, *, utf8: bool) -> bytes:
    """The mail as it travels, with CRLF. Raises TransportError (permanent) if it can't be."""
    try:
        return message.as_bytes(policy=SMTP.clone(utf8=utf8))
    except ValueError as error:
        raise TransportError(f"the letter can't be written: {error}", permanent=True) from error


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _filename(message: EmailMessage) -> str:
    """The letter's date (UTC), then a hash of its Message-ID: sorted by time, never hostile."""
    identity = str(message.get("Message-ID", "")) or message.as_string()
    digest = _digest(identity)
    try:
        written = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return f"00000000T000000-{digest}.eml"
    if written.tzinfo is not None:
        written = written.astimezone(UTC)
    return f"{written:%Y%m%dT%H%M%S}-{digest}.eml"


def _digest(identity: str) -> str:
    return sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _address(message: EmailMessage, header: str) -> str:
    """The one address of a header. Raises TransportError (permanent) for none or several."""
    addresses: tuple[Address, ...] = getattr(message[header], "addresses", ())
    if len(addresses) != 1 or not addresses[0].domain:
        raise TransportError(f"the letter needs one address in {header}", permanent=True)
    return addresses[0].addr_spec


def _say(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:500]
