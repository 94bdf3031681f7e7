"""Organisers: making accounts, logging in and out, changing the password."""

from contextlib import suppress
from datetime import datetime, timedelta

from werkzeug.security import check_password_hash, generate_password_hash

from eventkit.errors import Invalid, NotFound, TooMany, Unavailable
from eventkit.identity import Identity
from eventkit.links import fingerprint
from eventkit.model.account import Access, Organiser, Session
from eventkit.rules import text
from eventkit.store import accounts, history
from eventkit.store.rows import Store

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
TRIES = 10
WINDOW = 900
METHOD = "scrypt:32768:8:1"


def add_organiser(
    store: Store,
    *,
    email: str,
    name: str,
    password: str,
    access: Access,
    language: str = "de",
    actor: str,
    now: datetime,
) -> Organiser:
    """Make an account. Raises Invalid: `address`, `taken`, `password` under 10 characters."""
    address = text.address(email)
    shown = text.clean(name)[:200] or address.partition("@")[0]
    hashed = _hash(password)
    with store.changing():
        if accounts.by_address(store, text.address_key(address)) is not None:
            raise Invalid("taken", field="email")
        organiser = Organiser(0, address, shown, hashed, access, language, now)
        organiser_id = accounts.create(store, organiser, email_key=text.address_key(address))
        history.note(store, "organiser_added", actor=actor, now=now, subject=access.value)
        found = accounts.by_id(store, organiser_id)
    if found is None:
        raise NotFound
    return found


def log_in(
    store: Store,
    *,
    email: str,
    password: str,
    agent: str,
    network: str,
    now: datetime,
    identity: Identity,
) -> str:
    """Open a session and return the cookie's value.

    A wrong address and a wrong password are the same refusal and take the same time (R11).
    Raises Invalid `login`; TooMany after ten tries in a quarter of an hour from one block of
    addresses, or a hundred from anywhere: who guesses shuts himself out, not the organiser (R39).
    """
    key = text.address_key(text.clean(email))[:254]
    with store.changing():
        here, tries, near = (
            history.count(store, f"{what}:{fingerprint(whom)}", seconds=WINDOW, now=now)
            for what, whom in (
                ("login-here", f"{network} {key}"),
                ("login", key),
                ("login-from", network),
            )
        )
    if here > TRIES or max(tries, near) > 10 * TRIES:
        raise TooMany
    organiser = accounts.by_address(store, key)
    known = organiser is not None and organiser.disabled_at is None
    right = check_password_hash(organiser.password_hash if organiser else _nobody(), password[:200])
    if organiser is None or not (known and right):
        raise Invalid("login")
    token = identity.session()
    with store.changing():
        if accounts.by_id(store, organiser.id) != organiser:
            raise Invalid("login")  # closed or changed while the password was being checked
        accounts.open_session(
            store, organiser.id, token_hash=fingerprint(token), agent=_agent(agent), now=now
        )
        history.note(store, "logged_in", actor=organiser.email, now=now)
    return token


def session(store: Store, token: str, *, now: datetime) -> Session | None:
    """The session of a cookie while it lives: idle at most 8 hours, 7 days in all (R13)."""
    return accounts.session(
        store, fingerprint(token), created_after=now - LONGEST, seen_after=now - IDLE
    )


def seen(store: Store, found: Session, *, now: datetime) -> None:
    """Keep a used session alive; written at most every ten minutes.

    Where nothing can be written just now, reading goes on without it (R7).
    """
    if now - found.seen_at >= timedelta(minutes=10):
        with suppress(Unavailable), store.changing():
            accounts.touch(store, found.id, now=now)


def log_out(store: Store, session_id: int, *, organiser_id: int) -> None:
    """End one session of an account."""
    with store.changing():
        accounts.close_session(store, session_id, organiser_id=organiser_id)


def change_password(store: Store, organiser_id: int, *, old: str, new: str, now: datetime) -> None:
    """Set a new password and end every session.

    Raises Invalid `login` for a wrong old one; TooMany after ten tries in a quarter of an hour.
    """
    with store.changing():
        tries = history.count(store, f"password:{organiser_id}", seconds=WINDOW, now=now)
    if tries > TRIES:
        raise TooMany
    organiser = accounts.by_id(store, organiser_id)
    if organiser is None or not check_password_hash(organiser.password_hash, old[:200]):
        raise Invalid("login", field="old")
    hashed = _hash(new)
    with store.changing():
        if accounts.by_id(store, organiser_id) != organiser:
            raise Invalid("login", field="old")  # another window was faster
        accounts.set_password(store, organiser_id, hashed)
        history.note(store, "password_changed", actor=organiser.email, now=now)


def set_password(store: Store, email: str, password: str, *, actor: str, now: datetime) -> None:
    """Set the password of an account from the command line. Raises NotFound, Invalid."""
    hashed = _hash(password)
    with store.changing():
        organiser = accounts.by_address(store, text.address_key(email))
        if organiser is None:
            raise NotFound
        accounts.set_password(store, organiser.id, hashed)
        history.note(store, "password_changed", actor=actor, now=now)


def _hash(password: str) -> str:
    if not 10 <= len(password) <= 200:
        raise Invalid("password", field="password")
    return generate_password_hash(password, method=METHOD)


def _nobody() -> str:
    """A hash that no password has and that costs as much as any other."""
    return f"{METHOD}$eventkitnobody00${'0' * 128}"


def _agent(header: str) -> str:
    """The browser and system in two words, from a User-Agent header."""
    browsers = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    browser = next((name for name in browsers if name in header), "")
    system = next((name for name in systems if name in header), "")
    return " · ".join(part for part in (browser, system) if part)
