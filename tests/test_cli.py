"""The commands as people and scripts meet them: words, exit status, and a worker that is killed."""

import asyncio
import contextlib
import os
import re
import signal
import smtplib
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from eventkit.cli import commands
from eventkit.config import load_settings
from eventkit.store import accounts, history, outbox, schema
from eventkit.store.rows import Store
from eventkit.web import create_app, open_site
from tests.house.source import ROOT
from tests.world import World

COMMAND = [sys.executable, "-m", "flask", "--app", "app"]


@pytest.fixture
def environment(tmp_path):
    """The settings of a site of its own, and nothing of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENTKIT_")}
    return kept | {
        "EVENTKIT_DATA": str(tmp_path / "data"),
        "EVENTKIT_SECRET_KEY": "a key only tests use",
        "FLASK_TESTING": "1",
    }


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """The app with its commands, made once; each command gets a site of its own."""
    made = create_app(load_settings({"EVENTKIT_DATA": str(tmp_path_factory.mktemp("door"))}))
    for command in commands:
        made.cli.add_command(command)
    return made


@pytest.fixture
def flask(environment, door):
    """Runs a command without the second that a process takes to start: flask("migrate")."""

    def run(*arguments, stdin="", **settings):
        with pytest.MonkeyPatch.context() as patch:
            for name in set(os.environ) - set(environment):
                patch.delenv(name)
            for name, value in (environment | settings).items():
                patch.setenv(name, value)
            site = door.extensions["eventkit"] = open_site(load_settings())
            try:
                done = door.test_cli_runner().invoke(args=list(map(str, arguments)), input=stdin)
            finally:
                site.press.close()
                site.store.close()
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    return run


@pytest.fixture
def process(environment):
    """Runs a command as people do: process("migrate") -> status, output, errors."""

    def run(*arguments, **settings):
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=ROOT,
            env=environment | settings,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_every_command_is_told_in_the_manual_with_its_options():
    manual = (ROOT / "docs" / "commands.md").read_text()
    missing = []
    for command in commands:
        inner = getattr(command, "commands", {})
        for each, name in [
            (command, command.name),
            *((c, f"organiser {n}") for n, c in inner.items()),
        ]:
            missing += [name] if f"`{name}" not in manual else []
            options = [p.opts[0] for p in each.params if p.opts[0].startswith("--")]
            missing += [f"{name} {o}" for o in options if o not in manual and o != "--help"]
            assert each.help, f"{name} has no --help text"
    assert missing == []


def test_the_contract_s_commands_are_there():
    named = {command.name for command in commands}
    assert named >= {
        "migrate", "demo", "organiser", "worker", "post", "upkeep", "backup", "restore",
        "export", "import", "doctor",
    }  # fmt: skip


def test_migrate_makes_the_database_and_does_nothing_twice(process, flask, tmp_path):
    status, said, _ = process("migrate")
    assert (status, "Nobody can log in yet: flask --app app organiser add" in said) == (0, True)
    before = (tmp_path / "data" / "eventkit.sqlite3").stat().st_mtime_ns
    status, said, _ = flask("migrate")
    assert status == 0
    assert re.match(r"The database has schema \d+\.\n", said)
    assert (tmp_path / "data" / "eventkit.sqlite3").stat().st_mtime_ns == before


def test_a_wrong_setting_ends_with_one_sentence_and_2(process):
    status, said, error = process("migrate", EVENTKIT_PORT="many")
    assert (status, said) == (2, "")
    assert error.count("\n") == 1
    assert "EVENTKIT_PORT" in error


def test_an_organiser_is_made_listed_and_given_a_new_password(flask, tmp_path):
    status, said, _ = flask("organiser", "add", "anna@example.org", "--generate")
    assert status == 0
    assert len(re.search(r"shown this once: (\S+)", said)[1]) >= 12
    assert "anna@example.org" in flask("organiser", "list")[1]
    store = Store(tmp_path / "data")
    [first] = accounts.every(store)
    status, _, _ = flask(
        "organiser",
        "password",
        "anna@example.org",
        "--password-stdin",
        stdin="correct horse battery\n",
    )
    [second] = accounts.every(store)
    store.close()
    assert status == 0
    assert first.password_hash != second.password_hash
    assert "correct horse" not in second.password_hash


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (("add", "no address", "--generate"), "", "not a mail address"),
        (("add", "a@example.org", "--password-stdin"), "short\n", "10 to 200"),
        (("password", "nobody@example.org", "--generate"), "", "no such"),
    ],
)
def test_what_can_not_be_is_said_in_one_sentence(flask, arguments, stdin, words):
    status, _, error = flask("organiser", *arguments, stdin=stdin)
    assert status == 1
    assert words in error
    assert "Traceback" not in error


def test_demo_backup_restore_export_import_in_a_row(flask, tmp_path):
    status, said, _ = flask("demo", EVENTKIT_DEMO="1")
    assert status == 0
    assert "organisation@example.org" in said
    first = re.findall(r"^  log in with.*$", said, re.MULTILINE)
    assert (
        re.findall(r"^  log in with.*$", flask("demo", EVENTKIT_DEMO="1")[1], re.MULTILINE) == first
    )
    status, said, _ = flask("backup", tmp_path / "b.zip")
    assert (status, "4 meetings, 52 registrations" in said) == (0, True)
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert flask("restore", tmp_path / "b.zip")[0] == 1
    other = {"EVENTKIT_DATA": str(tmp_path / "other")}
    status, said, _ = flask("restore", tmp_path / "b.zip", **other)
    assert (status, "52 registrations" in said) == (0, True)
    slug = "netzwerktreffen-interkulturelles-mentoring-2016"
    assert flask("export", slug, tmp_path / "m.zip")[0] == 0
    status, said, _ = flask("import", tmp_path / "m.zip", **other)
    assert (status, f"{slug}-2/" in said) == (0, True)
    assert flask("export", "nothing", tmp_path / "n.zip")[0] == 1


def test_doctor_looks_at_everything_and_masks_secrets(flask):
    """R9a"""
    flask("migrate")
    status, said, _ = flask("doctor", EVENTKIT_SECRET_KEY="quite a secret value")
    assert status == 0
    assert "quite a secret" not in said
    for what in ("Python", "SQLite", "printing", "data folder", "database", "letters", "worker"):
        assert re.search(rf"^  (ok|note)\s+{what}", said, re.MULTILINE), what


def test_doctor_says_when_the_mail_server_does_not_answer(flask):
    flask("migrate")
    settings = {"EVENTKIT_MAIL_URL": "smtp://127.0.0.1:9", "EVENTKIT_MAIL_FROM": "a@example.org"}
    status, said, _ = flask("doctor", **settings)
    assert status == 1
    assert re.search(r"^  FAIL\s+letters.*refused", said, re.MULTILINE)


# --- The worker -------------------------------------------------------------------------------


@pytest.fixture
def world(environment, identity) -> Iterator[World]:
    """A world in the data folder of the processes, on the real clock."""
    store = Store(Path(environment["EVENTKIT_DATA"]))
    schema.migrate(store)
    yield World(store, identity, datetime.now(UTC).replace(microsecond=0))
    store.close()


def coming(world):
    """A meeting that is open today, whatever today is."""
    start = world.now + timedelta(days=30)
    return world.event(starts_at=start, ends_at=start + timedelta(hours=6))


@contextlib.contextmanager
def worker(environment, **settings):
    process = subprocess.Popen(
        [*COMMAND, "worker"],
        cwd=ROOT,
        env=environment | settings,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(condition):
    """Wait for something that has to come; half a minute is for busy machines."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def states(world):
    rows = world.store.all("SELECT state, count(*) AS n FROM letters GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


def test_the_worker_sends_reads_answers_and_ends_in_order(world, environment, tmp_path):
    event = coming(world)
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "1.eml").write_bytes(b"From: a@example.org\r\n\r\nI come.\r\n")
    with worker(environment, EVENTKIT_REPLY_URL=f"folder:{tmp_path / 'answers'}") as process:
        assert until(lambda: history.marked(world.store, "worker") is not None)
        world.register(event)
        assert until(lambda: states(world) == {"sent": 1})
        assert until(lambda: world.store.value("SELECT count(*) FROM replies") == 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert len(list((tmp_path / "data" / "mail").glob("*.eml"))) == 1


class Slow:
    """A mail server that waits until it may go on and keeps the Message-IDs it took."""

    def __init__(self) -> None:
        self.go_on, self.began, self.taken = threading.Event(), 0, []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.began += 1
        while not self.go_on.is_set():
            await asyncio.sleep(0.01)
        self.taken.append(re.search(rb"(?im)^message-id: *(\S+)", envelope.content)[1])
        return "250 taken"


@pytest.fixture
def slow():
    handler = Slow()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield (
        handler,
        {
            "EVENTKIT_MAIL_URL": f"smtp://127.0.0.1:{port}",
            "EVENTKIT_MAIL_FROM": "events@example.org",
        },
    )
    handler.go_on.set()
    controller.stop()


def test_r75_sigterm_finishes_the_letter_and_gives_the_rest_back(world, environment, slow):
    handler, settings = slow
    event = coming(world)
    for _ in range(5):
        world.register(event)
    with worker(environment, **settings) as process:
        assert until(lambda: handler.began == 1)
        process.send_signal(signal.SIGTERM)
        handler.go_on.set()
        assert process.wait(30) == 0
    assert len(handler.taken) == 1
    assert states(world) == {"sent": 1, "queued": 4}
    soon = world.now + timedelta(minutes=1)
    assert outbox.count_due(world.store, soon) == 4, "due at once for the next worker"


def test_r5_r6_a_killed_worker_s_letter_is_leased_and_later_sent_once(
    world, environment, slow, flask
):
    handler, settings = slow
    world.register(coming(world))
    with worker(environment, **settings) as process:
        assert until(lambda: handler.began == 1)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert states(world) == {"sending": 1}
    assert outbox.count_due(world.store, world.now) == 0, "nobody else takes it yet"
    with world.store.changing():
        world.store.run("UPDATE letters SET leased_until = '2020-01-01T00:00:00Z'")
    handler.go_on.set()
    status, said, _ = flask("post", **settings)
    assert (status, said) == (0, "1 sent, 0 to be tried again, 0 given up.\n")
    assert states(world) == {"sent": 1}
    assert len(set(handler.taken)) == 1, "whatever was sent twice is recognisable"


def test_r7_the_worker_outlives_a_folder_it_can_not_use(world, environment, tmp_path):
    event = coming(world)
    world.register(event)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    with worker(environment, EVENTKIT_MAIL_URL=f"folder:{blocked}") as process:
        assert until(lambda: bool(world.store.value("SELECT error FROM letters")))
        assert process.poll() is None
    assert states(world) == {"queued": 1}


def test_post_sends_once_and_says_how_it_went(flask, world):
    world.register(coming(world))
    status, said, _ = flask("post")
    assert (status, said) == (0, "1 sent, 0 to be tried again, 0 given up.\n")
    world.register(coming(world))
    status, said, _ = flask(
        "post", EVENTKIT_MAIL_URL="smtp://127.0.0.1:9", EVENTKIT_MAIL_FROM="a@example.org"
    )
    assert (status, said) == (1, "0 sent, 1 to be tried again, 0 given up.\n")


def test_the_slow_server_of_these_tests_works(slow):
    handler, settings = slow
    handler.go_on.set()
    port = int(settings["EVENTKIT_MAIL_URL"].rpartition(":")[2])
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("a@example.org", ["b@example.org"], "Message-ID: <x>\r\n\r\nhello")
    assert handler.taken == [b"<x>"]
