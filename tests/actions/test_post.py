"""The worker's round: nothing lost, nothing twice, every failure visible (R6)."""

import dataclasses
import smtplib
import socket
from datetime import datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from eventkit.actions import post
from eventkit.actions.post import PostOffice, Tally
from eventkit.config import MailSettings
from eventkit.links import Links
from eventkit.model.letter import LetterState
from eventkit.rules import correspondence
from eventkit.store import history, outbox
from eventkit.store.rows import Store
from tests.world import BY, World


class Sink:
    """A real mail server that keeps what it gets, or answers as told."""

    def __init__(self) -> None:
        self.kept: list[Envelope] = []
        self.answer = "250 OK"
        self.hang_up = False

    async def handle_RCPT(  # noqa: N802 - the library calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(  # noqa: N802 - the library calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.kept.append(envelope)
        if self.hang_up:
            server.transport.close()
        return "250 OK"


@pytest.fixture
def sink():
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.port = port
    yield handler
    controller.stop()


def smtp_office(world: World, port: int) -> PostOffice:
    mail = MailSettings("smtp", "events@example.org", host="127.0.0.1", port=port)
    return PostOffice(mail, Links("https://events.example.org"), world.identity)


def folder_office(world: World, folder: Path) -> PostOffice:
    mail = MailSettings("folder", "events@example.org", folder)
    return PostOffice(mail, Links("https://events.example.org"), world.identity)


def send(world: World, office: PostOffice, **options) -> Tally:
    return post.send_due(world.store, office, clock=lambda: world.now, **options)


def states(world: World, event) -> list[str]:
    return [letter.state.value for letter in world.letters(event)]


def test_a_letter_reaches_a_real_mail_server_with_its_link_and_invite(world: World, sink) -> None:
    event = world.event()
    token = world.register(event, "Ada", "ada@example.com").token
    assert send(world, smtp_office(world, sink.port)) == Tally(sent=1)
    (envelope,) = sink.kept
    assert (envelope.mail_from, envelope.rcpt_tos) == ("events@example.org", ["ada@example.com"])
    mail = BytesParser(policy=policy.default).parsebytes(envelope.content)
    text = mail.get_body(("plain",)).get_content()
    assert f"https://events.example.org/my/{token}/" in text
    invite = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    assert invite.get_param("method") == "REQUEST"
    assert "METHOD:REQUEST" in invite.get_content()
    assert states(world, event) == ["sent"]


def test_the_link_of_a_letter_opens_the_guests_page_after_a_year(
    world: World, tmp_path: Path
) -> None:
    event = world.event()
    token = world.register(event).token
    letter = world.letters(event)[0]
    office = folder_office(world, tmp_path)
    assert post.personal_link(office, letter) == f"https://events.example.org/my/{token}/"


def test_a_server_that_is_down_delays_the_letter_and_loses_nothing(world: World, sink) -> None:
    event = world.event()
    world.register(event)
    closed = smtp_office(world, 1)
    assert send(world, closed) == Tally(postponed=1)
    (letter,) = world.letters(event)
    assert letter.state is LetterState.QUEUED
    assert letter.next_attempt_at == world.now + timedelta(seconds=30)
    assert letter.error
    assert send(world, closed) == Tally()
    message_id = letter.message_id
    world.pass_time(seconds=30)
    assert send(world, smtp_office(world, sink.port)) == Tally(sent=1)
    mail = BytesParser(policy=policy.default).parsebytes(sink.kept[0].content)
    assert mail["Message-ID"] == message_id


def test_a_refused_receiver_is_given_up_visibly_and_can_be_tried_again(world: World, sink) -> None:
    event = world.event()
    world.register(event)
    sink.answer = "550 no such mailbox"
    office = smtp_office(world, sink.port)
    assert send(world, office) == Tally(failed=1)
    (letter,) = world.letters(event)
    assert letter.state is LetterState.FAILED
    assert "no such mailbox" in letter.error
    assert outbox.failures(world.store) == {event.id: 1}
    sink.answer = "250 OK"
    assert post.send_again(world.store, event.id, letter.id, actor=BY, now=world.now)
    assert send(world, office) == Tally(sent=1)
    assert not post.send_again(world.store, event.id, letter.id, actor=BY, now=world.now)


def test_a_server_that_is_too_busy_is_asked_again(world: World, sink) -> None:
    event = world.event()
    world.register(event)
    sink.answer = "451 later"
    assert send(world, smtp_office(world, sink.port)) == Tally(postponed=1)


def test_a_line_lost_after_the_data_sends_the_same_letter_again(world: World, sink) -> None:
    event = world.event()
    world.register(event)
    sink.hang_up = True
    office = smtp_office(world, sink.port)
    assert send(world, office) == Tally(postponed=1)
    sink.hang_up = False
    world.pass_time(minutes=1)
    assert send(world, office) == Tally(sent=1)
    first, second = (e.content for e in sink.kept)
    assert first == second


def test_after_twelve_tries_a_letter_is_given_up(world: World) -> None:
    event = world.event()
    world.register(event)
    for _ in range(correspondence.TRIES):
        assert states(world, event) == ["queued"]
        send(world, smtp_office(world, 1))
        world.pass_time(hours=6)
    assert states(world, event) == ["failed"]


def test_two_workers_never_send_the_same_letter(world: World, tmp_path: Path) -> None:
    event = world.event()
    for _ in range(6):
        world.register(event)
    store = world.store
    with store.changing():
        first = outbox.lease(store, limit=4, until=world.now + timedelta(minutes=5), now=world.now)
    with store.changing():
        second = outbox.lease(store, limit=4, until=world.now + timedelta(minutes=5), now=world.now)
    assert [len(first), len(second)] == [4, 2]
    assert not {letter.id for letter in first} & {letter.id for letter in second}


def test_the_letters_of_a_killed_worker_are_taken_over(world: World, tmp_path: Path) -> None:
    event = world.event()
    world.register(event)
    with world.store.changing():
        outbox.lease(world.store, limit=9, until=world.now + correspondence.LEASE, now=world.now)
    office = folder_office(world, tmp_path)
    assert send(world, office) == Tally()
    world.pass_time(minutes=5)
    assert send(world, office) == Tally(sent=1)
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_a_stopping_worker_gives_the_rest_back(world: World, tmp_path: Path) -> None:
    event = world.event()
    for _ in range(3):
        world.register(event)
    asked = iter([False, True])
    assert send(world, folder_office(world, tmp_path), stop=lambda: next(asked)) == Tally(sent=1)
    assert states(world, event) == ["sent", "queued", "queued"]
    assert [x.attempts for x in world.letters(event)] == [1, 0, 0]


def test_a_slow_server_holds_no_letter_longer_than_its_lease(world: World, tmp_path: Path) -> None:
    """What is not begun in time is given back, and the sign of life stays fresh (R6, R75)."""
    event = world.event()
    for _ in range(3):
        world.register(event)
    begun = world.now

    def clock() -> datetime:
        return world.pass_time(minutes=1)

    office = folder_office(world, tmp_path)
    tally = post.send_due(world.store, office, clock=clock)
    assert tally.sent in (1, 2)
    rest = 3 - tally.sent
    assert states(world, event) == ["sent"] * tally.sent + ["queued"] * rest
    assert [x.attempts for x in world.letters(event)][tally.sent :] == [0] * rest
    seen = history.marked(world.store, post.WORKER)
    assert seen is not None
    assert seen > begun + timedelta(minutes=1)


def test_one_letter_that_cannot_be_written_does_not_stop_the_others(
    world: World, tmp_path: Path
) -> None:
    event = world.event()
    world.register(event)
    world.register(event)
    with world.store.changing():
        world.store.run("UPDATE letters SET facts = '{\"organisation\":{}}' WHERE id = 1")
    assert send(world, folder_office(world, tmp_path)) == Tally(sent=1, postponed=1)


def test_a_round_leaves_a_sign_of_life(world: World, tmp_path: Path) -> None:
    send(world, folder_office(world, tmp_path))
    assert history.marked(world.store, post.WORKER) == world.now


def test_no_test_reaches_a_mail_server_outside(world: World) -> None:
    office = smtp_office(world, 1)
    assert office.mail.host == "127.0.0.1"
    with pytest.raises(OSError):
        smtplib.SMTP("127.0.0.1", 1, timeout=1)


def test_the_facts_of_a_letter_survive_the_outbox(world: World, store: Store) -> None:
    event = world.event()
    world.programme(event)
    world.register(event, sessions=(world.workshops(event)[0],))
    facts = world.letters(event)[0].facts
    assert outbox.unpack(outbox.pack(facts)) == facts
    assert facts.place == event.place
    assert dataclasses.asdict(facts)["sessions"][0]["confirmed"] is True
