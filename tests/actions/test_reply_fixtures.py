"""Mails in the shapes of the four big programs, and strange ones: what becomes of each."""

from datetime import timedelta
from pathlib import Path

import pytest

from eventkit.actions import answers as answering
from eventkit.actions import calendars
from eventkit.mailbox import LARGEST
from eventkit.model.answers import DeclineRule
from eventkit.store import answers
from tests.documents import samples
from tests.world import BY, World

FIXTURES = Path(__file__).parents[1] / "fixtures" / "replies"
# file -> (what was done, the answer that stands, who still has a seat: Lucja and the one waiting)
HAVE, GIVEN = ["confirmed", "waiting"], ["cancelled", "confirmed"]
EXPECTED = {
    "gmail-accepted": ("stored", "ACCEPTED", HAVE),
    "gmail-declined": ("freed", "DECLINED", GIVEN),
    "outlook-tentative": ("stored", "TENTATIVE", HAVE),
    "outlook-accepted-quoted-printable": ("stored", "ACCEPTED", HAVE),
    "outlook-declined": ("freed", "DECLINED", GIVEN),
    "outlook-counter": ("counter", "", HAVE),
    "outlook-delegated": ("delegated", "", HAVE),
    "apple-declined": ("freed", "DECLINED", GIVEN),
    "thunderbird-accepted": ("stored", "ACCEPTED", HAVE),
    "thunderbird-declined-earlier": ("freed", "DECLINED", GIVEN),
    "wrong-charset": ("stored", "ACCEPTED", HAVE),
    "alias": ("stranger", "", HAVE),
    "forged-from": ("stranger", "", HAVE),
    "forged-attendee": ("stranger", "", HAVE),
    "forwarded": ("stranger", "", HAVE),
    "unknown-entry": ("unknown_uid", "", HAVE),
    "ordinary": ("mail", "", HAVE),
    "out-of-office": ("automatic", "", HAVE),
    "broken": ("broken", "", HAVE),
}


@pytest.fixture
def meeting(world: World):
    """A meeting with one seat: Lucja has it, her entry is that of the fixtures; Bo waits."""
    world.now = world.now.replace(year=2027, month=1, day=18, hour=12)
    event = world.event(
        capacity=1, starts_at=samples.EVENT.starts_at, ends_at=samples.EVENT.ends_at
    )
    world.register(event, "Łucja Müller", "lucja@example.com")
    world.register(event, "Bo", "bo@example.com")
    with world.store.changing():
        world.store.run("UPDATE registrations SET uid = :uid WHERE id = 1", uid=samples.UID)
    rule = DeclineRule.AT_ONCE
    calendars.set_decline_rule(world.store, event.id, rule, actor=BY, now=world.now)
    return event


def read(world: World, folder: Path) -> None:
    answering.poll(
        world.store,
        f"folder:{folder}",
        clock=lambda: world.now,
        identity=world.identity,
        at_once=True,
    )


def reasons(world: World) -> list[str]:
    return [row["reason"] for row in world.store.all("SELECT reason FROM replies ORDER BY id")]


def answer(world: World, event) -> str:
    said = answers.recorder(world.store, event.id)[0].answered
    return said.answer if said else ""


def test_every_fixture_is_expected() -> None:
    assert {path.stem for path in FIXTURES.glob("*.eml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_becomes_of_a_mail(world: World, meeting, tmp_path: Path, name) -> None:
    (tmp_path / "1.eml").write_bytes((FIXTURES / f"{name}.eml").read_bytes())
    read(world, tmp_path)
    done, said, states = EXPECTED[name]
    assert reasons(world) == [done]
    assert answer(world, meeting) == said
    assert [r.state.value for r in world.registrations(meeting)] == states
    quiet = done in ("stored", "freed", "automatic")
    assert answers.count_open(world.store) == (0 if quiet else 1)


def test_a_comment_is_kept_for_the_organiser(world: World, meeting, tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes((FIXTURES / "outlook-tentative.eml").read_bytes())
    read(world, tmp_path)
    assert world.store.value("SELECT excerpt FROM replies") == "Ich muss vielleicht früher weg"


def test_the_time_of_a_proposal_is_kept(world: World, meeting, tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes((FIXTURES / "outlook-counter.eml").read_bytes())
    read(world, tmp_path)
    (listed,) = answers.open_replies(world.store)
    assert listed.reason == "counter"
    assert listed.wanted_starts_at == samples.EVENT.starts_at + timedelta(hours=1)


@pytest.mark.parametrize("turned", [False, True])
def test_in_either_order_the_later_answer_stands(
    world: World, meeting, tmp_path: Path, turned
) -> None:
    names = ["thunderbird-declined-earlier", "thunderbird-accepted"]
    rule = DeclineRule.NOTE
    calendars.set_decline_rule(world.store, meeting.id, rule, actor=BY, now=world.now)
    for number, name in enumerate(reversed(names) if turned else names):
        (tmp_path / f"{number}.eml").write_bytes((FIXTURES / f"{name}.eml").read_bytes())
    read(world, tmp_path)
    assert answer(world, meeting) == "ACCEPTED"
    assert reasons(world) == (["stored", "outdated"] if turned else ["noted", "stored"])


def test_a_huge_mail_is_not_parsed_and_not_lost(world: World, meeting, tmp_path: Path) -> None:
    octets = (FIXTURES / "gmail-declined.eml").read_bytes()
    (tmp_path / "1.eml").write_bytes(octets + b"x" * LARGEST)
    read(world, tmp_path)
    (listed,) = answers.open_replies(world.store)
    assert (listed.reason, listed.sender) == ("too_large", "lucja@example.com")
    assert (tmp_path / "unread" / "1.eml").stat().st_size > LARGEST
    assert [r.state.value for r in world.registrations(meeting)] == HAVE


def test_all_of_them_at_once_end_in_the_right_place(world: World, meeting, tmp_path: Path) -> None:
    for path in FIXTURES.glob("*.eml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    read(world, tmp_path)
    assert len(reasons(world)) == len(EXPECTED)
    left = {path.name for path in tmp_path.iterdir() if path.is_file()}
    moved = len(list((tmp_path / "done").iterdir())) + len(list((tmp_path / "unread").iterdir()))
    assert (left, moved) == (set(), len(EXPECTED))
