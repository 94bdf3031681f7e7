"""A speaker's own link: derived, kept as a hash, revoked, renewed, over in time (R12, R14, R15)."""

from datetime import timedelta

import pytest

from eventkit.actions import appearances
from eventkit.actions.seating import Hand
from eventkit.errors import NotFound
from eventkit.links import fingerprint
from eventkit.model.agenda import Part, Role
from eventkit.store import appearances as appearance_store
from eventkit.store import personal_feeds
from tests.world import BY, World


def opened(world: World, person_id: int) -> str:
    return appearances.open_link(
        world.store, person_id, actor=BY, now=world.now, identity=world.identity
    )


def found(world: World, token: str) -> int:
    return appearances.find(world.store, token, now=world.now).id


def test_a_link_opens_its_person_and_only_its_hash_is_kept(world: World) -> None:
    thoms, other = world.person(), world.person("Łukasz O’Neill")
    token = opened(world, thoms.id)
    assert found(world, token) == thoms.id
    assert opened(world, thoms.id) == token, "asked again: the same link"
    assert opened(world, other.id) != token
    hashes = {row["hash"] for row in world.store.all("SELECT hash FROM tokens")}
    assert fingerprint(token) in hashes
    assert token not in str(world.store.all("SELECT * FROM tokens"))


def test_a_letter_makes_the_link_inside_its_own_transaction(world: World) -> None:
    thoms = world.person()
    with world.store.changing():
        nonce = appearances.link_nonce(Hand(world.store, world.now, world.identity), thoms)
    assert found(world, world.identity.token("speaker", nonce)) == thoms.id
    feed = personal_feeds.speaker_nonces(world.store, [thoms.id])[thoms.id]
    assert feed != nonce, "the calendar has an address of its own"


def test_a_revoked_link_opens_nothing_and_a_renewed_one_replaces_it(world: World) -> None:
    thoms = world.person()
    old = opened(world, thoms.id)
    new = appearances.renew_link(
        world.store, thoms.id, actor=BY, now=world.now, identity=world.identity
    )
    assert found(world, new) == thoms.id
    with pytest.raises(NotFound):
        found(world, old)
    appearances.revoke_link(world.store, thoms.id, actor=BY, now=world.now)
    with pytest.raises(NotFound):
        found(world, new)
    assert opened(world, thoms.id) not in (old, new)
    with pytest.raises(NotFound):
        found(world, "x" * 43)


def test_a_link_lasts_until_thirty_days_after_the_last_meeting(world: World) -> None:
    thoms = world.person()
    event = world.event()
    world.item(event, people=(Part(thoms, Role.MODERATOR),))
    token = opened(world, thoms.id)
    start, end = world.now, event.ends_at + timedelta(days=30)
    world.now = end - timedelta(seconds=1)
    assert found(world, token) == thoms.id
    world.now = end
    with pytest.raises(NotFound):
        found(world, token)
    assert opened(world, thoms.id) == token, "asked again it opens again"
    assert found(world, token) == thoms.id
    world.now = start
    later = timedelta(days=60)
    world.change(event, starts_at=event.starts_at + later, ends_at=event.ends_at + later)
    with world.store.changing():
        appearance_store.extend_links(world.store, days=30)
    world.now = end + timedelta(days=59)
    assert found(world, token) == thoms.id, "a meeting that moves takes the link along"


def test_when_people_can_be_there_is_kept_by_person(world: World) -> None:
    event, other = world.event(), world.event()
    thoms, host = world.person(), world.person("Łukasz O’Neill")
    hour = timedelta(hours=1)
    first = (event.starts_at, event.starts_at + hour)
    second = (event.starts_at + 3 * hour, event.ends_at)
    with world.store.changing():
        appearance_store.set_availability(world.store, event.id, thoms.id, [second, first])
        appearance_store.set_availability(world.store, event.id, host.id, [first])
        appearance_store.set_availability(world.store, event.id, host.id, [])
    assert appearance_store.availabilities(world.store, event.id) == {thoms.id: (first, second)}
    assert appearance_store.availabilities(world.store, other.id) == {}
