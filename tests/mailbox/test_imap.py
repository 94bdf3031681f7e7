"""Answers from an IMAP mailbox over TLS: bounded, once each, marked only after the commit."""

import socket
from pathlib import Path

import pytest

from eventkit import mailbox
from eventkit.actions import answers as answering
from eventkit.actions.answers import MOST
from eventkit.mailbox import LARGEST, MailboxError
from eventkit.store import answers
from tests.documents import samples
from tests.mailbox.imap import Server, certificate
from tests.world import World

FIXTURES = Path(__file__).parents[1] / "fixtures" / "replies"
__all__ = ["certificate"]


@pytest.fixture
def server(certificate):
    with Server(certificate) as made:
        yield made


@pytest.fixture
def meeting(world: World):
    world.now = world.now.replace(year=2027, month=1, day=18, hour=12)
    event = world.event(starts_at=samples.EVENT.starts_at, ends_at=samples.EVENT.ends_at)
    world.register(event, "Łucja Müller", "lucja@example.com")
    with world.store.changing():
        world.store.run("UPDATE registrations SET uid = :uid", uid=samples.UID)
    return event


def poll(world: World, server: Server, **more):
    options = {"context": server.trust(), "at_once": True, "url": server.url(), **more}
    url = options.pop("url")
    return answering.poll(
        world.store, url, clock=lambda: world.now, identity=world.identity, **options
    )


def state(world: World, server: Server, url: str = ""):
    return answers.mailbox(world.store, mailbox.named(url or server.url()))


def fixture(name: str) -> bytes:
    return (FIXTURES / f"{name}.eml").read_bytes()


def test_an_answer_is_read_and_marked_an_ordinary_mail_stays_unseen(
    world: World, server: Server, meeting
) -> None:
    server.mails = {11: fixture("gmail-accepted"), 12: fixture("ordinary")}
    polled = poll(world, server)
    assert (polled.matched, polled.unreadable) == (1, 1)
    assert server.seen == {11}
    assert all("PEEK" in c or "SIZE" in c for c in server.commands if "FETCH" in c)
    found = state(world, server)
    assert (found.validity, found.last_uid, found.problem) == (7, 12, "")


def test_a_mail_is_fetched_once(world: World, server: Server, meeting) -> None:
    server.mails = {11: fixture("gmail-accepted")}
    poll(world, server)
    server.commands.clear()
    assert poll(world, server).matched == 0
    assert not any("BODY" in c for c in server.commands)


def test_when_uids_mean_other_mails_each_answer_still_counts_once(
    world: World, server: Server, meeting
) -> None:
    server.mails = {11: fixture("gmail-accepted")}
    poll(world, server)
    server.validity, server.mails = 8, {1: fixture("gmail-accepted"), 2: fixture("apple-declined")}
    assert poll(world, server).matched == 1
    assert state(world, server).last_uid == 2
    assert world.store.value("SELECT count(*) FROM replies") == 2


def test_a_round_is_bounded_in_number(world: World, server: Server) -> None:
    server.mails = {n: b"Message-ID: <%d@example.com>\r\n\r\nHallo" % n for n in range(1, MOST + 6)}
    assert poll(world, server).unreadable == MOST
    assert poll(world, server).unreadable == 5


def test_of_a_huge_mail_only_the_head_is_fetched(world: World, server: Server, meeting) -> None:
    server.mails = {3: fixture("gmail-declined") + b"x" * LARGEST}
    assert poll(world, server).unreadable == 1
    (listed,) = answers.open_replies(world.store)
    assert (listed.reason, listed.sender) == ("too_large", "lucja@example.com")
    assert any("<0." in c for c in server.commands)
    assert server.seen == set()


def test_nothing_is_marked_before_the_database_knows(
    world: World, server: Server, meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.mails = {11: fixture("gmail-accepted")}

    def power_cut(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(answering, "_follow", power_cut)
        with pytest.raises(KeyboardInterrupt):
            poll(world, server)
    assert server.seen == set()
    assert world.store.value("SELECT count(*) FROM replies") == 0
    assert poll(world, server).matched == 1
    assert server.seen == {11}


def test_a_wrong_password_is_a_sentence_without_it(world: World, server: Server) -> None:
    url = server.url("hunter2hunter2")
    assert poll(world, server, url=url).problem == "login"
    found = state(world, server, url)
    assert (found.problem, found.failures) == ("login", 1)
    everything = str(world.store.all("SELECT * FROM mailboxes"))
    assert "hunter2" not in everything + mailbox.shown(url)
    assert mailbox.shown(url) == "events@example.org · 127.0.0.1/INBOX"
    assert poll(world, server, url=url, at_once=False) is None


def test_a_folder_that_is_not_there_is_said(world: World, server: Server) -> None:
    assert poll(world, server, url=server.url(folder="Antworten")).problem == "folder"


def test_a_certificate_nobody_trusts_is_refused(world: World, server: Server) -> None:
    assert poll(world, server, context=None).problem == "certificate"
    assert not server.commands


def test_a_server_that_is_not_there_is_said(world: World, server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"imaps://a:b@127.0.0.1:{port}/INBOX"
    assert poll(world, server, url=url).problem == "unreachable"


@pytest.mark.parametrize("word", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH"])
def test_a_line_that_breaks_loses_nothing(world: World, server: Server, meeting, word) -> None:
    server.mails, server.breaks_at = {11: fixture("gmail-accepted")}, word
    assert poll(world, server).problem in ("protocol", "unreachable")
    assert state(world, server).last_uid == 0
    server.breaks_at = ""
    assert poll(world, server).matched == 1
    assert (state(world, server).failures, state(world, server).problem) == (0, "")


def test_a_mark_that_fails_is_no_harm(world: World, server: Server, meeting) -> None:
    server.mails, server.breaks_at = {11: fixture("gmail-accepted")}, "UID STORE"
    assert poll(world, server).matched == 1
    assert poll(world, server).matched == 0


def test_a_mailbox_is_named_without_its_password() -> None:
    one, two = (f"imaps://a:{password}@mail.example.org/INBOX" for password in ("x", "y"))
    other = "imaps://b:x@mail.example.org/INBOX"
    assert mailbox.named(one) == mailbox.named(two) != mailbox.named(other)


def test_a_silent_server_is_given_up(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"imaps://a:b@127.0.0.1:{silent.getsockname()[1]}/INBOX"
        with pytest.raises(MailboxError) as caught:
            mailbox.opened(url, context=server.trust(), timeout=0.3)
    assert caught.value.problem == "unreachable"
