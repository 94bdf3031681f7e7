"""Organisers' accounts: who gets in, for how long, and what a stranger learns."""

import functools
from datetime import timedelta

import pytest

from eventkit.actions import accounts
from eventkit.errors import Invalid, TooMany
from eventkit.links import fingerprint
from eventkit.store import accounts as account_store
from eventkit.store.rows import Store
from tests import conftest
from tests.world import BY, PASSWORD, World


def log_in(world: World, email: str = BY, password: str = PASSWORD, network: str = "n") -> str:
    return accounts.log_in(
        world.store,
        email=email,
        password=password,
        agent="Firefox/140 (X11; Linux)",
        network=network,
        now=world.now,
        identity=world.identity,
    )


def test_the_right_password_opens_a_session(world: World) -> None:
    organiser = world.organiser()
    found = accounts.session(world.store, log_in(world), now=world.now)
    assert found is not None
    assert (found.organiser, found.agent) == (organiser, "Firefox · Linux")


@pytest.mark.parametrize(
    ("email", "password"), [(BY, "wrong"), ("no@example.org", PASSWORD), ("", "")]
)
def test_a_wrong_address_and_a_wrong_password_are_one_refusal(
    world: World, email, password
) -> None:
    world.organiser()
    with pytest.raises(Invalid) as refused:
        log_in(world, email, password)
    assert (refused.value.code, refused.value.field) == ("login", None)


def test_guessing_is_stopped(world: World) -> None:
    """R39"""
    world.organiser()
    for _ in range(accounts.TRIES):
        with pytest.raises(Invalid):
            log_in(world, BY, "guess")
    with pytest.raises(TooMany):
        log_in(world)
    world.pass_time(minutes=15)
    assert log_in(world)


def test_who_guesses_does_not_shut_the_organiser_out(world: World) -> None:
    """R39"""
    world.organiser()
    for _ in range(accounts.TRIES + 1):
        with pytest.raises((Invalid, TooMany)):
            log_in(world, BY, "guess", network="elsewhere")
    assert log_in(world)


def test_guessing_from_everywhere_is_stopped_too(world: World) -> None:
    """R39"""
    for number in range(10 * accounts.TRIES):
        with pytest.raises(Invalid):
            log_in(world, "nobody@example.org", "guess", network=f"block {number}")
    with pytest.raises(TooMany):
        log_in(world, "nobody@example.org", "guess", network="one more")


def test_a_session_ends_when_idle_and_after_a_week(world: World) -> None:
    """R13"""
    world.organiser()
    token = log_in(world)
    start = world.now
    assert accounts.session(world.store, token, now=start + timedelta(hours=7, minutes=59))
    assert accounts.session(world.store, token, now=start + timedelta(hours=8)) is None
    now = start
    while now < start + timedelta(days=6, hours=16):
        now += timedelta(hours=7)
        found = accounts.session(world.store, token, now=now)
        assert found is not None
        accounts.seen(world.store, found, now=now)
    assert accounts.session(world.store, token, now=start + timedelta(days=7)) is None


def test_logging_out_and_a_new_password_end_sessions(world: World) -> None:
    """R13"""
    organiser = world.organiser()
    first, second = log_in(world), log_in(world)
    found = accounts.session(world.store, first, now=world.now)
    assert found is not None
    accounts.log_out(world.store, found.id, organiser_id=organiser.id)
    assert accounts.session(world.store, first, now=world.now) is None
    accounts.change_password(
        world.store, organiser.id, old=PASSWORD, new="a new long one", now=world.now
    )
    assert accounts.session(world.store, second, now=world.now) is None
    assert log_in(world, password="a new long one")


def test_the_cookie_is_kept_only_by_its_hash(world: World, store: Store) -> None:
    """R14"""
    world.organiser()
    token = log_in(world)
    assert store.value("SELECT hash FROM sessions") == fingerprint(token)


def test_short_passwords_and_second_accounts_are_refused(world: World) -> None:
    world.organiser()
    with pytest.raises(Invalid) as refused:
        world.organiser(BY.upper())
    assert refused.value.code == "taken"
    with pytest.raises(Invalid) as refused:
        accounts.set_password(world.store, BY, "short", actor="cli", now=world.now)
    assert refused.value.code == "password"


def test_guessing_the_old_password_is_stopped(world: World) -> None:
    """Somebody at an open browser learns no password (R39)."""
    me = world.organiser()
    change = functools.partial(accounts.change_password, world.store, me.id, new="x" * 12)
    for _ in range(accounts.TRIES):
        with pytest.raises(Invalid):
            change(old="guess", now=world.now)
    with pytest.raises(TooMany):
        change(old=PASSWORD, now=world.now)
    change(old=PASSWORD, now=world.pass_time(minutes=15))
    with pytest.raises(Invalid):
        log_in(world)


def test_a_password_changed_during_a_login_opens_no_session(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was checked is looked at again where it counts (R13)."""
    me = world.organiser()
    check = accounts.check_password_hash

    def slow(known: str, typed: str) -> bool:
        right = check(known, typed)
        with world.store.changing():
            account_store.set_password(world.store, me.id, "another")
        return right

    monkeypatch.setattr(accounts, "check_password_hash", slow)
    with pytest.raises(Invalid):
        log_in(world)
    assert account_store.sessions_of(world.store, me.id) == []


def test_a_guess_is_expensive_outside_the_tests(world: World) -> None:
    """And costs the same for an address that nobody has (R11)."""
    assert conftest.METHOD == "scrypt:32768:8:1"
    assert world.organiser().password_hash.startswith(f"{accounts.METHOD}$")
    assert accounts._nobody().startswith(f"{accounts.METHOD}$")
