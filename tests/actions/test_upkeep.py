"""R50, R55, R56: persons are forgotten in time and everywhere; leftovers go, the log shrinks."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from eventkit.actions import approval, post, upkeep
from eventkit.actions.post import PostOffice
from eventkit.config import MailSettings
from eventkit.errors import NotFound
from eventkit.links import Links
from eventkit.model.material import Stored
from eventkit.store import events, files, history, outbox, registrations, shelf
from eventkit.store import seats as seat_store
from tests.world import BY

NAME, ADDRESS = "Zoë Unverwechselbar", "zoe.unverwechselbar@example.net"
PRIVATE = ("unverwechselbar", "geheimnisvolle kost", "ganz eigener bedarf")


@pytest.fixture
def office(store, identity):
    mail = MailSettings("folder", "events@example.org", store.folder / "mail")
    return PostOffice(mail, Links("http://127.0.0.1:5000"), identity)


@pytest.fixture
def guest(world, office):
    """Somebody with every private field, whose letters went out."""
    event = world.event()
    world.programme(event)
    wish = {
        "access_needs": "Ganz eigener Bedarf",
        "diet": "Geheimnisvolle Kost",
        "sensitive_text": "Ich willige ein.",
        "organisation": "Unverwechselbar und Töchter",
        "sessions": (world.workshops(event)[0],),
    }
    world.register(event, NAME, ADDRESS, **wish)
    post.send_due(world.store, office, clock=lambda: world.now)
    return world.registrations(event)[0]


def traces(folder: Path) -> list[str]:
    """Every file of the data folder that still knows the guest."""
    found = []
    for path in folder.rglob("*"):
        content = path.read_bytes().lower() if path.is_file() else b""
        found += [f"{path.name}: {word}" for word in PRIVATE if word.encode() in content]
    return found


def test_r56_after_the_retention_no_file_knows_the_person(world, office, guest):
    event = world.event()
    world.register(event, "Bleibt Da", "bleibt@example.org")
    assert traces(world.store.folder), "the guest was never written down"
    before = seat_store.seats(world.store, event_of(world, guest))
    world.now = event_of(world, guest).ends_at + timedelta(days=90)
    done = upkeep.run(world.store, office.mail, now=world.now)
    assert done.registrations == 2
    assert traces(world.store.folder) == []
    after = registrations.by_id(world.store, guest.id)
    assert (after.name, after.email, after.state) == ("", "", guest.state)
    assert [choice.item_id for choice in after.choices] == [guest.choices[0].item_id]
    assert seat_store.seats(world.store, event_of(world, guest)) == before
    assert after.nonce == bytes(16), "no link can be made again"
    assert len(after.consents) == 2, "what was agreed to stays, without the person"


def test_r56_the_last_second_before_is_not_yet_the_time(world, office, guest):
    ends = event_of(world, guest).ends_at
    upkeep.run(world.store, office.mail, now=ends + timedelta(days=90, seconds=-1))
    assert registrations.by_id(world.store, guest.id).name == NAME


def test_r56_a_record_without_names_stays_and_twice_changes_nothing(world, office, guest):
    later = event_of(world, guest).ends_at + timedelta(days=91)
    upkeep.run(world.store, office.mail, now=later)
    lines = history.of_event(world.store, guest.event_id)
    [record] = [line for line in lines if line.verb == "anonymised"]
    assert '"registrations": 1' in record.details
    again = upkeep.run(world.store, office.mail, now=later + timedelta(hours=1))
    assert again.registrations == again.letters == 0
    assert len(history.of_event(world.store, guest.event_id)) == len(lines)


def test_r50_diet_and_access_needs_go_after_fourteen_days(world, office, guest):
    ends = event_of(world, guest).ends_at
    upkeep.run(world.store, office.mail, now=ends + timedelta(days=13, hours=23))
    assert registrations.by_id(world.store, guest.id).diet == "Geheimnisvolle Kost"
    upkeep.run(world.store, office.mail, now=ends + timedelta(days=14, minutes=1))
    after = registrations.by_id(world.store, guest.id)
    assert (after.diet, after.access_needs, after.name) == ("", "", NAME)


def test_r55_a_person_deleted_at_their_wish_is_gone_at_once(world, office, guest):
    letters = len(list(office.mail.folder.glob("*.eml")))
    upkeep.forget(world.store, guest.id, office.mail, actor=BY, now=world.now)
    assert letters == 1
    assert traces(world.store.folder) == []
    assert outbox.next_due(world.store) is None, "nobody is written to"


def test_r55_words_of_a_refusal_go_with_whom_they_were_written_to(world, office):
    event = world.event(approval=True)
    world.register(event, "Andere Person", ADDRESS)
    found = world.registrations(event)[0]
    approval.refuse(
        world.store,
        event.id,
        [found.id],
        words="Liebe Frau Unverwechselbar, leider nicht.",
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    post.send_due(world.store, office, clock=lambda: world.now)
    assert traces(world.store.folder)
    upkeep.forget(world.store, found.id, office.mail, actor=BY, now=world.now)
    assert traces(world.store.folder) == []


def test_r55_whoever_is_not_there_can_not_be_deleted(world, office):
    with pytest.raises(NotFound):
        upkeep.forget(world.store, 4711, office.mail, actor=BY, now=world.now)


def test_r12_a_forgotten_person_s_link_opens_nothing(world, office):
    event = world.event()
    token = world.register(event, NAME, ADDRESS).token
    found = world.registrations(event)[0]
    upkeep.forget(world.store, found.id, office.mail, actor=BY, now=world.now)
    count = world.store.value(
        """SELECT count(*) FROM tokens WHERE subject_id = :id AND purpose <> 'newsletter'
           AND revoked_at IS NULL""",
        id=found.id,
    )
    assert token
    assert count == 0


def test_a_letter_that_waits_for_a_forgotten_person_is_not_sent(world, office):
    event = world.event()
    world.register(event, NAME, ADDRESS)
    found = world.registrations(event)[0]
    upkeep.forget(world.store, found.id, office.mail, actor=BY, now=world.now)
    tally = post.send_due(world.store, office, clock=lambda: world.now)
    assert (tally.sent, tally.failed, tally.postponed) == (0, 0, 0)
    assert not list(office.mail.folder.glob("*.eml")) if office.mail.folder.exists() else True


def test_letters_of_a_living_registration_keep_their_receiver(world, office, guest):
    upkeep.run(world.store, office.mail, now=world.now + timedelta(days=40))
    [letter] = world.letters(event_of(world, guest))
    assert letter.email == ADDRESS


def test_r21_files_nobody_refers_to_are_swept_after_a_day(world, office):
    kept, _ = shelf.put(world.store, b"referred to")
    loose, _ = shelf.put(world.store, b"left over")
    young, _ = shelf.put(world.store, b"just coming")
    with world.store.changing():
        files.record(world.store, stored(kept), now=world.now)
        world.store.run("UPDATE organisation SET logo = :hash", hash=kept)
        files.record(world.store, stored(loose), now=world.now - timedelta(days=2))
    old = (world.now - timedelta(days=3)).timestamp()
    for sha256 in (kept, loose):
        os.utime(shelf.path(world.store, sha256), (old, old))
    os.utime(shelf.path(world.store, young), (world.now.timestamp(), world.now.timestamp()))
    assert upkeep.run(world.store, office.mail, now=world.now).files == 1
    assert shelf.path(world.store, kept).exists()
    assert shelf.path(world.store, young).exists()
    assert not shelf.path(world.store, loose).exists()


def test_old_copies_of_the_database_are_deleted(world, office):
    old = world.store.folder / "before-schema-2.sqlite3"
    fresh = world.store.folder / "before-restore-20260831T000000Z"
    old.write_bytes(b"old")
    fresh.mkdir()
    past = (world.now - timedelta(days=31)).timestamp()
    os.utime(old, (past, past))
    os.utime(fresh, (world.now.timestamp(), world.now.timestamp()))
    assert upkeep.run(world.store, office.mail, now=world.now).copies == 1
    assert not old.exists()
    assert fresh.exists()


def test_upkeep_folds_the_log(world, office):
    world.register(world.event())
    log = Path(f"{world.store.path}-wal")
    assert log.stat().st_size > 0
    upkeep.run(world.store, office.mail, now=world.now)
    assert log.stat().st_size == 0


def stored(sha256):
    return Stored(sha256, "image/png", 11)


def event_of(world, guest):
    return events.by_id(world.store, guest.event_id)
