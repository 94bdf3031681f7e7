"""The settings: read once at a door, checked at once, handed down as values."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from dotenv import dotenv_values

from eventkit.errors import WrongSetting
from eventkit.rules.uploads import LIMIT

PREFIX = "EVENTKIT_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, its default, what it means, and whether `doctor` masks it."""

    name: str
    default: str
    meaning: str
    secret: bool = False


SETTINGS = (
    Setting("EVENTKIT_DATA", "./instance", "folder of the database and the files"),
    Setting("EVENTKIT_SECRET_KEY", "", "signs sessions and links; made and kept if empty", True),
    Setting("EVENTKIT_BASE_URL", "", "absolute address in letters, feeds and PDFs"),
    Setting("EVENTKIT_MAIL_URL", "folder:", "smtp://, smtps:// or folder:PATH", True),
    Setting("EVENTKIT_MAIL_FROM", "", "the organisation's own sender address"),
    Setting("EVENTKIT_REPLY_URL", "", "mailbox for answers to invites: imaps:// or folder:", True),
    Setting("EVENTKIT_HOST", "127.0.0.1", "address to listen on"),
    Setting("EVENTKIT_PORT", "5000", "port to listen on"),
    Setting("EVENTKIT_WORKERS", "2", "how many web processes"),
    Setting("EVENTKIT_TRUSTED_PROXIES", "0", "how many proxies in front set X-Forwarded-*"),
    Setting("EVENTKIT_UPLOAD_MB", "100", "how large slides may be, in megabytes"),
    Setting("EVENTKIT_NOW", "", "a fixed or shifted clock, for tests and the demo only"),
)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where letters go. `kind` is "folder", "smtp" (STARTTLS) or "smtps"."""

    kind: str
    sender: str
    folder: Path | None = None
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked. `now` is a fixed instant (UTC) or None for the real clock."""

    data: Path
    secret_key: bytes = field(repr=False)
    base_url: str
    mail: MailSettings
    reply_url: str = field(repr=False)
    host: str
    port: int
    workers: int
    trusted_proxies: int
    now: datetime | None
    demo: bool
    upload_limit: int = LIMIT  # octets of one file


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings from the environment, then from `.env` where silent.

    Raises WrongSetting with one sentence that names the setting.
    """
    given = dict(environ) if environ is not None else _environment()
    read = {setting.name: given.get(setting.name) or setting.default for setting in SETTINGS}
    demo = given.get("EVENTKIT_DEMO") == "1"
    unknown = sorted(k for k in given if k.startswith(PREFIX) and k not in read)
    unknown = [name for name in unknown if name != "EVENTKIT_DEMO"]
    if unknown:
        raise WrongSetting(f"{unknown[0]} is not a setting of eventkit; is it misspelt?")
    data = Path(read["EVENTKIT_DATA"]).expanduser().absolute()
    host, port = read["EVENTKIT_HOST"], _number(read, "EVENTKIT_PORT", 1, 65535)
    return Settings(
        data=data,
        secret_key=_secret_key(read["EVENTKIT_SECRET_KEY"], data),
        base_url=_base_url(read["EVENTKIT_BASE_URL"], host, port),
        mail=_mail(read["EVENTKIT_MAIL_URL"], read["EVENTKIT_MAIL_FROM"], data),
        reply_url=_reply_url(read["EVENTKIT_REPLY_URL"])
        or (f"folder:{data / 'answers'}" if demo else ""),
        host=host,
        port=port,
        workers=_number(read, "EVENTKIT_WORKERS", 1, 64),
        trusted_proxies=_number(read, "EVENTKIT_TRUSTED_PROXIES", 0, 10),
        now=_now(
            read["EVENTKIT_NOW"], allowed=demo or given.get("FLASK_TESTING", "") not in ("", "0")
        ),
        demo=demo,
        upload_limit=_number(read, "EVENTKIT_UPLOAD_MB", 1, 120) * 1024 * 1024,
    )


def printable(environ: Mapping[str, str] | None = None) -> list[tuple[str, str, str]]:
    """Every setting as (name, value, meaning), secrets masked, for `flask doctor`."""
    given = dict(environ) if environ is not None else _environment()
    rows = []
    for setting in SETTINGS:
        value = given.get(setting.name) or setting.default
        if setting.secret and value:
            masked = re.sub(r"//[^@/]*@", "//***@", value)
            value = masked if setting.name.endswith("_URL") else "***"
        rows.append((setting.name, value or "–", setting.meaning))
    return rows


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in dotenv_values(".env").items() if v is not None}
    return {**kept, **os.environ}


def _number(read: Mapping[str, str], name: str, low: int, high: int) -> int:
    value = read[name]
    if not re.fullmatch(r"[0-9]{1,6}", value) or not low <= int(value) <= high:
        raise WrongSetting(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
    return int(value)


def _secret_key(value: str, data: Path) -> bytes:
    if value:
        if len(value) < 16:
            raise WrongSetting("EVENTKIT_SECRET_KEY must have at least 16 characters.")
        return value.encode()
    kept = data / "secret_key"
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = data / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
        if not kept.exists():
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(fresh, kept)  # the first of several processes wins, whole or not at all
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return kept.read_text().strip().encode()
    except OSError as error:
        raise WrongSetting(
            f"EVENTKIT_DATA names the folder {data}, which can't be written: {error.strerror}."
        ) from error


def _base_url(value: str, host: str, port: int) -> str:
    if not value:
        shown = f"[{host}]" if ":" in host else host
        return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else shown}:{port}"
    parts = _parts(value)
    plain = not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise WrongSetting(
            f"EVENTKIT_BASE_URL must look like https://events.example.org, not {value!r}."
        )
    if parts.path.strip("/"):
        raise WrongSetting("EVENTKIT_BASE_URL must be the root of a host, without a path.")
    return value.rstrip("/")


def _parts(url: str) -> SplitResult:
    """The parts of an address; of one that is none, or whose port is none, nothing."""
    try:
        parts = urlsplit(url)
        return urlsplit("") if parts.port == 0 else parts
    except ValueError:
        return urlsplit("")


def _mail(url: str, sender: str, data: Path) -> MailSettings:
    address = parseaddr(sender)[1]
    if sender and ("@" not in address or any(c in sender for c in "\r\n,")):
        raise WrongSetting(f"EVENTKIT_MAIL_FROM must be one mail address, not {sender!r}.")
    if url.startswith("folder:"):
        rest = url.removeprefix("folder:")
        folder = Path(rest).expanduser().absolute() if rest else data / "mail"
        return MailSettings("folder", address or "events@localhost.localdomain", folder)
    parts = _parts(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise WrongSetting(
            "EVENTKIT_MAIL_URL must be smtp://user:password@host:587, smtps://… or folder:PATH."
        )
    if not sender:
        raise WrongSetting("EVENTKIT_MAIL_FROM must be set when letters go out by SMTP.")
    return MailSettings(
        parts.scheme,
        address,
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _reply_url(url: str) -> str:
    if not url or (url.startswith("folder:") and url != "folder:"):
        return url
    parts = _parts(url)
    whole = parts.hostname and parts.username and parts.password
    if parts.scheme != "imaps" or not whole:
        raise WrongSetting(
            "EVENTKIT_REPLY_URL must be imaps://user:password@host/INBOX or folder:PATH."
        )
    return url


def _now(value: str, *, allowed: bool) -> datetime | None:
    if not value:
        return None
    if not allowed:
        raise WrongSetting("EVENTKIT_NOW may only be set with FLASK_TESTING=1 or in the demo.")
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise WrongSetting(
            f"EVENTKIT_NOW must be an ISO instant like 2027-03-12T09:00:00Z, not {value!r}."
        ) from None
    if instant.tzinfo is None:
        raise WrongSetting("EVENTKIT_NOW needs a zone: end it with Z or an offset.")
    return instant.astimezone(UTC)
