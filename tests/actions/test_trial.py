"""The calendar's self-test: three letters for one entry, and what the settings are worth."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from eventkit.actions import answers as answering
from eventkit.actions import trial
from eventkit.actions.post import PostOffice
from eventkit.config import MailSettings
from eventkit.errors import Invalid
from eventkit.links import Links
from eventkit.model.letter import Method
from eventkit.store import answers
from tests.calendar_client import Calendar, mails
from tests.world import World


def office(world: World, folder: Path, **mail) -> PostOffice:
    sender = MailSettings("folder", "events@example.org", folder / "mail")
    links = Links("https://events.example.org")
    return PostOffice(replace(sender, **mail), links, world.identity, reply=True)


def nothing(path, headers):
    """A site that answers strangely."""
    return 500, {"Set-Cookie": "x"}, b"oops"


def test_three_letters_for_one_entry_that_comes_moves_and_goes(
    world: World, tmp_path: Path
) -> None:
    said = list(trial.carry(world.store, office(world, tmp_path), "me@example.org", now=world.now))
    assert [words.split(":")[0] for words in said] == ["Invite", "Update", "Cancellation"]
    program, seen = Calendar("me@example.org"), []
    for mail in mails(tmp_path / "mail"):
        program.take(mail)
        seen.append([(e.starts_at.hour, e.sequence) for e in program.shown()])
        assert "please ignore" in mail["Subject"]
    assert seen == [[(8, 0)], [(12, 1)], []]


def test_the_answer_to_a_trial_is_recognised(world: World, tmp_path: Path) -> None:
    list(trial.carry(world.store, office(world, tmp_path), "me@example.org", now=world.now))
    program = Calendar("me@example.org")
    program.take(mails(tmp_path / "mail")[0])
    box = tmp_path / "box"
    box.mkdir()
    (box / "1.eml").write_bytes(program.reply("TENTATIVE", now=world.now))
    polled = answering.poll(
        world.store, f"folder:{box}", clock=lambda: world.now, identity=world.identity
    )
    assert polled is not None
    assert (polled.matched, answers.last_trial(world.store)) == (
        1,
        (world.now, "TENTATIVE", world.now),
    )


def test_from_the_desk_the_letters_go_one_after_the_other(world: World) -> None:
    made = trial.letters(
        world.store,
        "me@example.org",
        language="de",
        now=world.now,
        identity=world.identity,
        gap=trial.GAP,
    )
    assert [x.created_at - world.now for x in made] == [trial.GAP * n for n in range(3)]
    assert [(x.sequence, x.method) for x in made] == [
        (0, Method.REQUEST),
        (1, Method.REQUEST),
        (2, Method.CANCEL),
    ]
    assert len({x.facts.uid for x in made}) == 1
    assert len({x.message_id for x in made}) == 3


def test_no_address_is_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        list(trial.carry(world.store, office(world, tmp_path), "nobody", now=world.now))
    assert not (tmp_path / "mail").exists()


@pytest.mark.parametrize(
    ("sender", "base", "good"),
    [
        ("events@example.org", "https://events.example.org", True),
        ("events@example.org", "https://other.example.net", None),
        ("events@localhost.localdomain", "https://example.org", False),
    ],
)
def test_the_sender_is_looked_at(world: World, tmp_path: Path, sender, base, good) -> None:
    mail = office(world, tmp_path, sender=sender).mail
    checks = trial.examine(
        world.store, mail, Links(base), reply_url="", fetch=nothing, language="en"
    )
    assert checks[0].good is good


def test_a_site_that_fails_strangers_is_told(world: World, tmp_path: Path) -> None:
    desk = office(world, tmp_path)
    found = trial.examine(
        world.store, desk.mail, desk.links, reply_url="", fetch=nothing, language="de"
    )
    assert [check.good for check in found][-3:] == [False, False, False]


def test_doctor_tests_the_calendar(app: Flask, world: World, settings) -> None:
    from eventkit import cli  # noqa: PLC0415 - commands need the app

    app.cli.add_command(cli.doctor, "doctor-here")
    result = app.test_cli_runner().invoke(args=["doctor-here", "--calendar", "me@example.org"])
    for words in (
        "A stranger gets the calendar",
        "“nothing new” (304)",
        "It sets no cookie.",
        "No mailbox is set for answers",
        "Invite: a meeting in three days",
        "Cancellation: the entry disappears",
    ):
        assert words in result.output
    assert len(mails(settings.mail.folder)) == 3
    assert len({m["Message-ID"] for m in mails(settings.mail.folder)}) == 3
