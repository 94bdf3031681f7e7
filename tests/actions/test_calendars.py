"""The flight recorder: who holds what, and sending again only to those who need it."""

from datetime import timedelta
from pathlib import Path

import pytest

from eventkit.actions import calendars, events, post, registration
from eventkit.actions.post import PostOffice
from eventkit.config import MailSettings
from eventkit.errors import NotFound
from eventkit.links import Links, fingerprint
from eventkit.model.agenda import Kind, Part, Role
from eventkit.model.answers import DeclineRule, Held
from eventkit.model.registration import CancelledBy
from eventkit.model.text import Text
from eventkit.rules import correspondence
from eventkit.store import answers, personal_feeds
from eventkit.store import registrations as registration_store
from tests.calendar_client import calendars as programs
from tests.world import BY, World

LINKS = Links("https://example.org")


def office(world: World, folder: Path) -> PostOffice:
    mail = MailSettings("folder", "events@example.org", folder / "mail")
    return PostOffice(mail, LINKS, world.identity, reply=True)


def send(world: World, folder: Path) -> None:
    while post.send_due(world.store, office(world, folder), clock=lambda: world.now).sent:
        pass


def lose(world: World) -> None:
    """The mail server is down for days: whatever waits is given up."""
    mail = MailSettings("smtp", "events@example.org", host="127.0.0.1", port=1)
    down = PostOffice(mail, LINKS, world.identity)
    for _ in range(correspondence.TRIES):
        post.send_due(world.store, down, clock=lambda: world.now)
        world.pass_time(hours=6)


def held(world: World, event) -> dict[str, Held]:
    lines = calendars.recorder(world.store, world.again(event))
    return {line.record.name: line.held for line in lines}


def again(world: World, event) -> int:
    return calendars.send_again(
        world.store, event.id, actor=BY, now=world.now, identity=world.identity
    )


def test_who_has_the_old_time_is_known_and_only_they_are_written_to(
    world: World, tmp_path: Path
) -> None:
    event = world.event(capacity=2)
    for name in ("Ada", "Bo", "Cy"):
        world.register(event, name, f"{name.lower()}@example.com")
    send(world, tmp_path)
    assert set(held(world, event).values()) == {Held.CURRENT}
    event = world.change(event, starts_at=event.starts_at + timedelta(hours=1))
    assert set(held(world, event).values()) == {Held.ON_THE_WAY}
    with world.store.changing():  # Ada's letter gets out, the others' do not
        world.store.run("UPDATE letters SET next_attempt_at = '2030-01-01T00:00:00Z' WHERE id > 4")
    send(world, tmp_path)
    with world.store.changing():
        world.store.run("UPDATE letters SET next_attempt_at = created_at WHERE id > 4")
    lose(world)
    assert held(world, event) == {"Ada": Held.CURRENT, "Bo": Held.OLD, "Cy": Held.OLD}
    before = len(world.letters(event))
    assert again(world, event) == 2
    send(world, tmp_path)
    assert set(held(world, event).values()) == {Held.CURRENT}
    assert len(world.letters(event)) == before
    assert again(world, event) == 0
    starts = {e.starts_at for c in programs(tmp_path / "mail").values() for e in c.shown()}
    assert starts == {event.starts_at}


def test_an_entry_that_never_arrived_or_should_be_gone_is_known_too(
    world: World, tmp_path: Path
) -> None:
    event = world.event()
    world.register(event, "Ada", "ada@example.com")
    send(world, tmp_path)
    world.register(event, "Bo", "bo@example.com")
    ada, _ = world.registrations(event)
    registration.cancel(
        world.store,
        ada.id,
        CancelledBy.ORGANISER,
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    lose(world)
    assert held(world, event) == {"Ada": Held.LEFT_OVER, "Bo": Held.MISSING}
    assert again(world, event) == 2
    send(world, tmp_path)
    assert held(world, event) == {"Ada": Held.NOTHING, "Bo": Held.CURRENT}
    seen = programs(tmp_path / "mail")
    assert [len(seen[f"{name}@example.com"].shown()) for name in ("ada", "bo")] == [0, 1]


def test_where_the_letter_is_forgotten_a_new_one_is_written(world: World, tmp_path: Path) -> None:
    event = world.event()
    world.register(event, "Ada", "ada@example.com")
    lose(world)
    with world.store.changing():
        world.store.run("DELETE FROM letters")
    assert held(world, event) == {"Ada": Held.MISSING}
    assert again(world, event) == 1
    send(world, tmp_path)
    assert held(world, event) == {"Ada": Held.CURRENT}
    (entry,) = programs(tmp_path / "mail")["ada@example.com"].shown()
    assert (entry.sequence, entry.starts_at) == (0, event.starts_at)


def test_a_letter_that_a_newer_one_replaced_is_not_sent_again(world: World) -> None:
    event = world.event()
    world.register(event, "Ada", "ada@example.com")
    lose(world)
    world.change(event, starts_at=event.starts_at + timedelta(hours=1))
    old, new = world.letters(event)
    assert not post.send_again(world.store, event.id, old.id, actor=BY, now=world.now)
    assert post.send_again(world.store, event.id, new.id, actor=BY, now=world.now)


def test_after_the_meeting_nobody_is_written_to(world: World) -> None:
    event = world.event()
    world.register(event, "Ada", "ada@example.com")
    lose(world)
    world.now = event.ends_at
    assert again(world, event) == 0


def test_calling_off_leaves_nobody_with_an_entry(world: World, tmp_path: Path) -> None:
    event = world.event(capacity=1)
    for name in ("Ada", "Bo"):
        world.register(event, name, f"{name.lower()}@example.com")
    send(world, tmp_path)
    events.call_off(
        world.store, event.id, Text("Sturm"), actor=BY, now=world.now, identity=world.identity
    )
    send(world, tmp_path)
    assert set(held(world, event).values()) == {Held.NOTHING}
    assert all(not c.shown() for c in programs(tmp_path / "mail").values())


def test_the_number_of_queries_does_not_grow_with_the_people(world: World) -> None:
    def queries(people: int) -> int:
        event = world.event()
        for _ in range(people):
            world.register(event)
        told: list[str] = []
        connection = world.store.database.conn
        connection.set_trace_callback(told.append)
        calendars.recorder(world.store, event)
        connection.set_trace_callback(None)
        return len(told)

    assert queries(1) == queries(12) == 2


def test_the_rule_for_a_no_is_chosen_per_meeting(world: World) -> None:
    one, other = world.event(), world.event()
    calendars.set_decline_rule(world.store, one.id, DeclineRule.AT_ONCE, actor=BY, now=world.now)
    found = [answers.decline_rule(world.store, each.id) for each in (one, other)]
    assert found == [DeclineRule.AT_ONCE, DeclineRule.CONFIRM]
    with pytest.raises(NotFound):
        calendars.set_decline_rule(world.store, 99, DeclineRule.NOTE, actor=BY, now=world.now)


def test_a_guests_feed_is_renewed_with_one_click(world: World) -> None:
    """R35"""
    event = world.event()
    token = world.register(event).token
    (guest,) = world.registrations(event)
    first = calendars.guest_feed(world.store, guest, world.identity)
    made = calendars.renew_guest_feed(world.store, token, now=world.now, identity=world.identity)
    assert made == calendars.guest_feed(world.store, guest, world.identity) != first
    with pytest.raises(NotFound):
        registration.find(world.store, first, now=world.now, purpose="feed")
    ended = registration_store.token_ended(world.store, fingerprint(first), now=world.now)
    assert ended == world.now
    found = registration.find(world.store, made, now=world.now, purpose="feed")
    assert found.id == guest.id
    assert registration.find(world.store, token, now=world.now).id == guest.id


def test_a_speakers_feed_opens_closes_and_opens_anew(world: World) -> None:
    person = world.person()
    store, identity = world.store, world.identity

    def make() -> str:
        return calendars.renew_speaker_feed(
            store, person.id, actor=BY, now=world.now, identity=identity
        )

    first, second = make(), make()
    assert calendars.speaker_feeds(store, [person.id], identity) == {person.id: second}
    assert personal_feeds.speaker(store, fingerprint(first)) == (person, world.now)
    assert personal_feeds.speaker(store, fingerprint(second)) == (person, None)
    calendars.end_speaker_feed(store, person.id, actor=BY, now=world.now)
    assert calendars.speaker_feeds(store, [person.id], identity) == {}
    with pytest.raises(NotFound):
        calendars.end_speaker_feed(store, person.id, actor=BY, now=world.now)
    assert personal_feeds.speaker(store, fingerprint("never")) is None


def test_a_speakers_talks_are_their_own_cancelled_ones_too(world: World) -> None:
    event = world.event()
    ada, bo = world.person("Ada"), world.person("Bo")
    mine = world.item(event, "Mein Vortrag", people=(Part(ada, Role.SPEAKER),))
    gone = world.item(event, "Fällt aus", people=(Part(ada, Role.MODERATOR),))
    world.item(event, "Anderes", people=(Part(bo, Role.SPEAKER),))
    world.item(event, "Pause", kind=Kind.BREAK)
    since = world.now - timedelta(days=365)
    assert personal_feeds.talks(world.store, ada.id, since) == []
    world.publish(event)
    with world.store.changing():
        world.store.run("UPDATE agenda_items SET removed_at = created_at WHERE id = :i", i=gone.id)
    world.publish(event)
    found = personal_feeds.talks(world.store, ada.id, since)
    assert [(item.title.de, item.cancelled) for _, item, _ in found] == [
        (mine.title.de, False),
        (gone.title.de, True),
    ]
    assert personal_feeds.talks(world.store, ada.id, event.ends_at) == []
