"""Answers from calendars: who may move a seat, what happens to all the others, nothing lost."""

from dataclasses import replace
from pathlib import Path

import pytest

from eventkit.actions import answers as answering
from eventkit.actions import approval, calendars, events, offers, post, registration
from eventkit.actions.post import PostOffice
from eventkit.config import MailSettings
from eventkit.links import Links
from eventkit.model.answers import DeclineRule, ReplyState
from eventkit.model.letter import LetterKind, LetterState
from eventkit.model.registration import CancelledBy, State
from eventkit.model.text import Text
from eventkit.store import answers
from tests.actions.test_places import leave, limits
from tests.calendar_client import calendars as programs
from tests.calendar_client import reply_mail
from tests.world import BY, World


class Desk:
    """A meeting with letters that go into a folder and a mailbox that is a folder."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.mail, self.box = world, folder / "mail", folder / "replies"
        self.box.mkdir(parents=True)
        sender = MailSettings("folder", "events@example.org", self.mail)
        links = Links("https://example.org")
        self.office = PostOffice(sender, links, world.identity, reply=True)
        self.number = 0

    def send(self) -> None:
        while post.send_due(self.world.store, self.office, clock=lambda: self.world.now).sent:
            pass

    def put(self, octets: bytes, name: str = "") -> str:
        self.number += 1
        name = name or f"{self.number:03}.eml"
        (self.box / name).write_bytes(octets)
        return name

    def poll(self, **more):
        return answering.poll(
            self.world.store,
            f"folder:{self.box}",
            clock=lambda: self.world.now,
            identity=self.world.identity,
            **{"at_once": True, **more},
        )

    def answer(self, email: str, answer: str, **changes):
        """Somebody presses a button in their calendar; the worker reads it."""
        self.world.pass_time(seconds=1)
        self.put(programs(self.mail)[email].reply(answer, now=self.world.now, **changes))
        return self.poll()

    def states(self, event) -> list[str]:
        return [r.state.value for r in self.world.registrations(event)]

    def reasons(self) -> list[str]:
        return [row["reason"] for row in self.world.store.all("SELECT * FROM replies ORDER BY id")]

    def answers(self, event) -> list[str]:
        records = answers.recorder(self.world.store, event.id)
        return [r.answered.answer if r.answered else "" for r in records]


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(world, tmp_path)


def full_meeting(desk: Desk, rule: DeclineRule, **fields):
    """Ada and Bo have a seat, Cy waits; everybody got the letters."""
    event = desk.world.event(capacity=2, **fields)
    for name in ("ada", "bo", "cy"):
        desk.world.register(event, name.title(), f"{name}@example.com")
    calendars.set_decline_rule(desk.world.store, event.id, rule, actor=BY, now=desk.world.now)
    desk.send()
    return event


@pytest.mark.parametrize("answer", ["ACCEPTED", "TENTATIVE"])
def test_an_answer_is_kept_with_its_version(desk: Desk, answer) -> None:
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    assert desk.answer("ada@example.com", answer).matched == 1
    assert desk.answers(event) == [answer, "", ""]
    assert desk.states(event) == ["confirmed", "confirmed", "waiting"]
    assert answers.count_open(desk.world.store) == 0


def test_a_no_at_once_frees_the_seat_and_the_next_moves_up(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    desk.answer("ada@example.com", "DECLINED")
    assert desk.states(event) == ["cancelled", "confirmed", "confirmed"]
    told = [(x.name, x.kind) for x in desk.world.letters(event)[3:]]
    assert told == [("Ada", LetterKind.CANCELLED), ("Cy", LetterKind.MOVED_UP)]
    desk.send()
    seen = {email: [e.status for e in c.shown()] for email, c in programs(desk.mail).items()}
    assert seen == {
        "ada@example.com": [],
        "bo@example.com": ["CONFIRMED"],
        "cy@example.com": ["CONFIRMED"],
    }


def test_a_no_that_asks_keeps_the_seat_and_writes_once(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.CONFIRM)
    desk.answer("ada@example.com", "DECLINED")
    desk.answer("ada@example.com", "DECLINED")
    desk.answer("ada@example.com", "ACCEPTED")
    desk.answer("ada@example.com", "DECLINED")
    assert desk.states(event) == ["confirmed", "confirmed", "waiting"]
    letters = desk.world.letters(event)[3:]
    assert [(x.name, x.kind, x.method) for x in letters] == [("Ada", LetterKind.DECLINED, None)]
    assert desk.answers(event) == ["DECLINED", "", ""]


def test_a_no_may_just_be_noted(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.NOTE)
    desk.answer("ada@example.com", "DECLINED")
    assert desk.states(event) == ["confirmed", "confirmed", "waiting"]
    assert desk.answers(event) == ["DECLINED", "", ""]
    assert len(desk.world.letters(event)) == 3


def test_the_rule_is_asking_unless_somebody_chose(desk: Desk) -> None:
    event = desk.world.event()
    assert answers.decline_rule(desk.world.store, event.id) is DeclineRule.CONFIRM


def test_a_no_to_the_old_time_asks_instead_of_freeing(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    old = programs(desk.mail)["ada@example.com"]
    desk.world.pass_time(hours=1)
    desk.world.change(event, starts_at=event.starts_at.replace(hour=8))
    desk.send()
    desk.put(old.reply("DECLINED", now=desk.world.pass_time(minutes=1)))
    desk.poll()
    assert desk.states(event) == ["confirmed", "confirmed", "waiting"]
    assert desk.world.letters(event)[-1].kind is LetterKind.DECLINED


FORGED = {
    "another address": {"sender": "eve@example.net", "attendee": "eve@example.net"},
    "an alias in the entry": {"attendee": "ada.lovelace@example.com"},
    "another sender": {"sender": "eve@example.net"},
    "no sender": {"sender": ""},
    "an unknown entry": {"uid": "00000000-0000-4000-8000-000000000000"},
    "a version to come": {"sequence": "7"},
    "a proposal": {"method": "COUNTER"},
}


@pytest.mark.parametrize("rule", list(DeclineRule))
@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_what_is_forged_or_strange_never_moves_a_seat(desk: Desk, forged, rule) -> None:
    event = full_meeting(desk, rule)
    before = desk.world.registrations(event)
    polled = desk.answer("ada@example.com", "DECLINED", **forged)
    assert (polled.unmatched, polled.matched) == (1, 0)
    assert desk.world.registrations(event) == before
    assert len(desk.world.letters(event)) == 3
    assert desk.answers(event) == ["", "", ""]
    (listed,) = answers.open_replies(desk.world.store)
    assert listed.state is ReplyState.UNMATCHED
    assert [p.name for p in (desk.box / "unread").iterdir()] == ["001.eml"]


def test_somebody_elses_invited_address_does_not_help(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    bo = programs(desk.mail)["bo@example.com"]
    uid = next(iter(bo.invites))
    desk.answer("ada@example.com", "DECLINED", uid=uid)
    assert desk.states(event) == ["confirmed", "confirmed", "waiting"]
    assert desk.reasons() == ["stranger"]


def test_the_same_mail_counts_once_however_often_it_comes(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    program = programs(desk.mail)["cy@example.com"]
    octets = program.reply("ACCEPTED", now=desk.world.pass_time(seconds=1))
    desk.put(octets)
    desk.put(b"Received: again\r\n" + octets)
    desk.put(octets)
    assert desk.poll().matched == 1
    desk.put(octets)
    assert desk.poll().matched == 0
    assert desk.reasons() == ["stored"]
    assert len(list((desk.box / "done").iterdir())) == 4
    assert desk.answers(event) == ["", "", "ACCEPTED"]


def test_out_of_order_the_latest_answer_stands(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    program = programs(desk.mail)["ada@example.com"]
    first = program.reply("DECLINED", now=desk.world.pass_time(minutes=1))
    second = program.reply("ACCEPTED", now=desk.world.pass_time(minutes=1))
    desk.put(second)
    desk.put(first)
    desk.poll()
    assert desk.states(event)[0] == "confirmed"
    assert desk.answers(event)[0] == "ACCEPTED"
    assert desk.reasons() == ["stored", "outdated"]


def test_a_date_of_tomorrow_does_not_block_the_next_answer(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.NOTE)
    program = programs(desk.mail)["ada@example.com"]
    desk.put(program.reply("ACCEPTED", now=desk.world.now.replace(year=2036)))
    desk.poll()
    desk.answer("ada@example.com", "DECLINED")
    assert desk.answers(event)[0] == "DECLINED"


def test_who_was_freed_and_says_yes_again_is_shown_to_a_person(desk: Desk) -> None:
    full_meeting(desk, DeclineRule.AT_ONCE)
    desk.answer("ada@example.com", "DECLINED")
    desk.answer("ada@example.com", "ACCEPTED")
    (listed,) = answers.open_replies(desk.world.store)
    assert (listed.reason, listed.answer) == ("ended", "ACCEPTED")


def test_a_no_after_the_end_changes_nothing(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    desk.world.now = event.ends_at
    desk.answer("ada@example.com", "DECLINED")
    assert desk.states(event)[0] == "confirmed"


def test_an_ordinary_mail_is_left_to_a_person(desk: Desk) -> None:
    desk.put(
        b"From: ada@example.com\r\nSubject: =?utf-8?q?F=C3=BCr_Sie?=\r\n\r\nDarf mein Hund mit?"
    )
    assert desk.poll().unreadable == 1
    (listed,) = answers.open_replies(desk.world.store)
    assert (listed.reason, listed.sender, listed.excerpt) == ("mail", "ada@example.com", "Für Sie")
    assert (desk.box / "unread" / "001.eml").exists()


def test_a_machine_that_is_away_bothers_nobody(desk: Desk) -> None:
    desk.put(b"From: ada@example.com\r\nAuto-Submitted: auto-replied\r\n\r\nIch bin nicht da.")
    desk.poll()
    assert answers.count_open(desk.world.store) == 0
    assert (desk.box / "unread" / "001.eml").exists()


BOUNCE = (
    b"From: MAILER-DAEMON@mx.example.net\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n--r\r\n'
    b"Content-Type: text/plain\r\n\r\nsorry\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\n"
    b"Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; ada@example.com\r\n"
    b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n--r\r\n"
    b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: %s\r\nSubject: x\r\n\r\n--r--\r\n"
)


def test_a_letter_given_back_is_a_failed_letter(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    letter = desk.world.letters(event)[0]
    desk.put(BOUNCE % letter.message_id.encode())
    desk.put(BOUNCE % b"<unknown@example.org>")
    polled = desk.poll()
    assert (polled.matched, polled.unreadable) == (1, 1)
    again = desk.world.letters(event)[0]
    assert (again.state, again.error) == (LetterState.FAILED, "smtp; 550 no such user")
    wrong = calendars.wrong(calendars.recorder(desk.world.store, desk.world.again(event)))
    assert [line.record.name for line in wrong] == ["Ada"]


def test_a_mailbox_that_is_down_is_seen_and_asked_again_later(desk: Desk) -> None:
    desk.box.rmdir()
    desk.box.write_text("no folder")
    assert desk.poll(at_once=False).problem == "folder"
    assert desk.poll(at_once=False) is None
    desk.world.pass_time(minutes=2)
    assert desk.poll(at_once=False).problem == "folder"
    desk.world.pass_time(minutes=2)
    assert desk.poll(at_once=False) is None
    desk.box.unlink()
    desk.world.pass_time(minutes=2)
    assert desk.poll(at_once=False).problem == ""
    state = answers.mailbox(desk.world.store, answering.mailbox.named(f"folder:{desk.box}"))
    assert (state.failures, state.problem, state.good_at) == (0, "", desk.world.now)


def test_a_round_is_bounded_and_the_next_one_goes_on(desk: Desk) -> None:
    for number in range(answering.MOST + 3):
        desk.put(b"From: a@example.com\r\nMessage-ID: <%d@x>\r\n\r\nHallo" % number)
    assert desk.poll(at_once=False).unreadable == answering.MOST
    assert desk.poll(at_once=False).unreadable == 3
    assert desk.poll(at_once=False) is None


def test_a_mail_that_trips_the_reader_is_kept_and_stops_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    octets = programs(desk.mail)["ada@example.com"].reply("ACCEPTED", now=desk.world.now)
    desk.put(b"Message-ID: <trips@example.com>\r\n\r\nx")
    desk.put(octets)
    honest = answering.read_reply

    def trips(octets: bytes):
        if b"trips@" in octets:
            raise RuntimeError("a fault of ours")
        return honest(octets)

    monkeypatch.setattr(answering, "read_reply", trips)
    assert desk.poll().unreadable == 1
    assert sorted(desk.reasons()) == ["fault", "stored"]
    assert desk.answers(event)[0] == "ACCEPTED"


def test_a_cancellation_goes_only_to_whoever_holds_an_entry(desk: Desk) -> None:
    event = desk.world.event(approval=True)
    for name in ("ada", "bo"):
        desk.world.register(event, name.title(), f"{name}@example.com")
    ada, bo = desk.world.registrations(event)
    world = desk.world
    approval.approve(
        world.store, event.id, [bo.id], actor=BY, now=world.now, identity=world.identity
    )
    registration.cancel(
        world.store,
        ada.id,
        CancelledBy.GUEST,
        actor="guest",
        now=world.now,
        identity=world.identity,
    )
    events.call_off(
        world.store, event.id, Text("Sturm"), actor=BY, now=world.now, identity=world.identity
    )
    told = [(x.name, x.kind.value, x.method) for x in world.letters(event)]
    assert [each for each in told if each[0] == "Ada"] == [
        ("Ada", "requested", None),
        ("Ada", "cancelled", None),
    ]
    assert told[-1] == ("Bo", "called_off", "CANCEL")


def test_an_update_waits_for_the_letter_before_it(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.NOTE)
    world = desk.world
    broken = replace(
        desk.office, mail=MailSettings("smtp", "e@example.org", host="127.0.0.1", port=1)
    )
    world.change(event, starts_at=event.starts_at.replace(hour=8))
    assert post.send_due(world.store, broken, clock=lambda: world.now).postponed == 3
    world.pass_time(seconds=5)
    world.change(world.again(event), starts_at=event.starts_at.replace(hour=7))
    assert post.send_due(world.store, broken, clock=lambda: world.now).postponed == 3
    world.pass_time(minutes=2)
    desk.send()
    letters = [x for x in world.letters(event) if x.name == "Ada"]
    assert [(x.sequence, x.state.value) for x in letters] == [(0, "sent"), (1, "sent"), (2, "sent")]
    assert [x.sent_at for x in letters] == sorted(x.sent_at for x in letters)


def test_fixture_mails_are_matched_by_name_and_address(desk: Desk) -> None:
    event = full_meeting(desk, DeclineRule.NOTE)
    uid = world_uid(desk, event)
    desk.put(
        reply_mail(
            "ACCEPTED",
            now=desk.world.now,
            uid=uid,
            sequence="0",
            attendee="ADA@Example.com",
            sender="Ada@EXAMPLE.com",
            comment="Ich bringe Kuchen\\, gern",
        )
    )
    desk.poll()
    row = desk.world.store.one("SELECT * FROM replies")
    assert row is not None
    assert (row["reason"], row["excerpt"]) == ("stored", "Ich bringe Kuchen, gern")


def world_uid(desk: Desk, event) -> str:
    return next(r.uid for r in desk.world.registrations(event) if r.state is State.CONFIRMED)


def test_a_yes_from_the_calendar_takes_the_place_that_is_kept(desk: Desk) -> None:
    """R25"""
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    world = desk.world
    limits(world, event, offer_hours=24)
    leave(world, event, "Ada")
    desk.send()
    assert desk.states(event) == ["cancelled", "confirmed", "offered"]
    assert [e.status for e in programs(desk.mail)["cy@example.com"].shown()] == ["TENTATIVE"]
    desk.answer("cy@example.com", "ACCEPTED")
    assert desk.states(event) == ["cancelled", "confirmed", "confirmed"]
    desk.send()
    assert [e.status for e in programs(desk.mail)["cy@example.com"].shown()] == ["CONFIRMED"]


def test_an_offer_that_ran_out_leaves_the_calendar(desk: Desk) -> None:
    """R25"""
    event = full_meeting(desk, DeclineRule.AT_ONCE)
    world = desk.world
    limits(world, event, offer_hours=1)
    leave(world, event, "Ada")
    desk.send()
    world.pass_time(hours=2)
    offers.lapse(world.store, now=world.now, identity=world.identity)
    desk.send()
    assert desk.states(event) == ["cancelled", "confirmed", "cancelled"]
    assert programs(desk.mail)["cy@example.com"].shown() == []
