"""The back door: the same house through `flask --app app COMMAND`."""

import getpass
import os
import secrets
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any, Protocol, cast

import click
from flask import current_app
from flask.cli import with_appcontext

from eventkit.actions import accounts, checkup, demo, post, transfer, trial, upkeep
from eventkit.actions import backup as backups
from eventkit.actions.offers import lapse
from eventkit.actions.post import PostOffice
from eventkit.actions.worker import Worker, write_due
from eventkit.config import Settings, printable
from eventkit.documents.press import Press
from eventkit.errors import NotFound, Refused, SchemaTooNew, Unavailable
from eventkit.identity import Identity
from eventkit.links import Links
from eventkit.model.account import Access
from eventkit.store import accounts as account_store
from eventkit.store import events, outbox, schema
from eventkit.store.rows import Store

_FILE = click.Path(dir_okay=False, path_type=Path)

# What a refusal means, for people at a terminal. {} is the field it belongs to.
_WORDS = {
    "address": "That is not a mail address.",
    "taken": "There is already an account with that address.",
    "password": "A password needs 10 to 200 characters.",
    "backup_unsound": "The database is damaged: {}",
    "backup_file_missing": "The file {} is recorded but not on the shelf; restore it first.",
    "backup_file_changed": "The file {} is not what was stored under that name.",
    "restore_not_empty": "{} already holds data; --force sets it aside and goes on.",
    "restore_in_use": "{} is in use: stop eventkit first (web and worker).",
    "restore_no_backup": "That is not a backup of eventkit ({}).",
    "restore_strange": "The archive holds something no backup has: {}",
    "restore_incomplete": "The backup is incomplete: {} is missing.",
    "restore_changed": "The backup is damaged: {} is not what its manifest says.",
    "restore_counts": "The backup is damaged: its rows are not those its manifest counts.",
    "restore_unsound": "The backup's database is damaged: {}",
    "restore_too_new": "The backup has schema {}, newer than this eventkit: update eventkit.",
    "import_no_bundle": "That is not an exported meeting ({}).",
    "import_strange": "The archive holds something no export has: {}",
    "import_field": "event.json can't be accepted: {}",
    "import_file": "The file {} is missing or can't be accepted.",
}


class House(Protocol):
    """What the app keeps for all doors."""

    settings: Settings
    store: Store
    links: Links
    identity: Identity
    press: Press


def _house() -> House:
    return cast(House, current_app.extensions["eventkit"])


def _now() -> datetime:
    return _house().settings.now or datetime.now(UTC).replace(microsecond=0)


def _store() -> Store:
    """The store, its database brought up to date first."""
    schema.migrate(_house().store)
    return _house().store


def _office() -> PostOffice:
    house = _house()
    return PostOffice(
        house.settings.mail, house.links, house.identity, reply=bool(house.settings.reply_url)
    )


@contextmanager
def _plainly() -> Iterator[None]:
    """Every refusal becomes one sentence and an exit status."""
    try:
        yield
    except Unavailable as error:
        raise _Sentence(f"The data folder can't be used just now: {error}.") from error
    except SchemaTooNew as error:
        raise _Sentence(str(error)) from error
    except NotFound as error:
        raise _Sentence("There is no such thing here.") from error
    except Refused as error:
        words = _WORDS.get(error.code, f"Refused: {error.code} {{}}")
        raise _Sentence(words.format(error.field or "").strip()) from error


class _Sentence(click.ClickException):
    """One sentence on stderr, exit status 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=True)


def _command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """A command inside the app that answers plainly."""

    def make(function: Callable[..., None]) -> click.Command:
        inside: Callable[..., None] = with_appcontext(_plainly()(function))
        made: click.Command = click.command(name)(inside)
        return made

    return make


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar (none where nobody looks) as a function of done and total."""
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


@_command("migrate")
def migrate() -> None:
    """Make the database, or update it."""
    ran = schema.migrate(_house().store)
    found = schema.version(_house().store)
    click.echo(f"The database has schema {found}" + (f" ({len(ran)} new)." if ran else "."))
    if not (_house().settings.demo or account_store.every(_house().store)):
        click.echo("Nobody can log in yet: flask --app app organiser add EMAIL")


@_command("demo")
def demo_command() -> None:
    """Load the demo content and say where it is. What is there already is kept."""
    house, store = _house(), _store()
    with _bar("Loading the demo") as progress:
        loaded = demo.load(store, _office(), now=_now(), progress=progress)
    _tell_demo(house, store, kept=not loaded)


def _tell_demo(house: House, store: Store, *, kept: bool) -> None:
    coming = events.coming(store, _now(), limit=1)
    rows = [("the site", house.links.home())]
    rows += [("the next meeting", house.links.event(event.slug)) for event in coming]
    rows += [("the organiser's desk", f"{house.links.base}/organise/")]
    rows += [("log in with", "   ".join(login)) for login in demo.logins(store)]
    if house.settings.mail.folder:
        rows += [("letters are laid into", str(house.settings.mail.folder))]
    if house.settings.reply_url.startswith("folder:"):
        rows += [("answers are read from", house.settings.reply_url.removeprefix("folder:"))]
    click.echo("The demo was there already and is kept." if kept else "The demo is loaded.")
    for label, value in rows:
        click.echo(f"  {label:<22} {value}")


@click.group("organiser")
def organiser() -> None:
    """Accounts of those who organise."""


def _password(*, generate: bool, from_stdin: bool) -> str:
    if generate:
        made = secrets.token_urlsafe(12)
        click.echo(f"The password, shown this once: {made}")
        return made
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password (10 characters or more): ")
    if first != getpass.getpass("The same again: "):
        raise _Sentence("The two were not the same; nothing was changed.")
    return first


def _with_password(function: Callable[..., None]) -> Callable[..., None]:
    generate = click.option("--generate", is_flag=True, help="make a password and print it once")
    stdin = click.option("--password-stdin", is_flag=True, help="read it from the standard input")
    return generate(stdin(function))


@organiser.command("add")
@click.argument("email")
@click.option("--name", default="", help="as colleagues see it; else taken from the address")
@click.option("--access", type=click.Choice([each.value for each in Access]), default="admin")
@click.option("--language", type=click.Choice(["de", "en"]), default="de")
@_with_password
@with_appcontext
@_plainly()
def organiser_add(
    email: str, name: str, access: str, language: str, *, generate: bool, password_stdin: bool
) -> None:
    """Make an account for EMAIL; the password is asked for unless an option says otherwise."""
    made = accounts.add_organiser(
        _store(),
        email=email,
        name=name,
        password=_password(generate=generate, from_stdin=password_stdin),
        access=Access(access),
        language=language,
        actor="command line",
        now=_now(),
    )
    click.echo(f"{made.email} may log in at {_house().links.base}/organise/login")


@organiser.command("password")
@click.argument("email")
@_with_password
@with_appcontext
@_plainly()
def organiser_password(email: str, *, generate: bool, password_stdin: bool) -> None:
    """Give the account of EMAIL a new password and end its sessions."""
    store = _store()
    password = _password(generate=generate, from_stdin=password_stdin)
    accounts.set_password(store, email, password, actor="command line", now=_now())
    click.echo(f"{email} has a new password; every session of that account has ended.")


@organiser.command("list")
@with_appcontext
@_plainly()
def organiser_list() -> None:
    """List all accounts."""
    for each in account_store.every(_store()):
        closed = " (closed)" if each.disabled_at else ""
        click.echo(f"{each.email:<40} {each.access.value:<10} {each.name}{closed}")


@_command("worker")
def worker() -> None:
    """Send letters when due, until SIGTERM. Reads answers, does the upkeep hourly."""
    told: list[int] = []
    heard, bell = os.pipe()
    os.set_blocking(bell, False)
    signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda found, _: told.append(found))

    def wait(seconds: float) -> None:
        if not told:
            select.select([heard], [], [], seconds)

    house = _house()
    while not told:
        try:
            schema.migrate(house.store)
            break
        except Unavailable as error:
            click.echo(f"The data folder can't be used just now: {error}.", err=True)
            wait(2.0)
    Worker(house.store, _office(), _now, lambda: bool(told), wait, house.settings.reply_url).run()


@_command("post")
def post_command() -> None:
    """Send the letters that are due, once."""
    store, office = _store(), _office()
    lapse(store, now=_now(), identity=office.identity)
    while write_due(store, now=_now(), identity=office.identity):
        pass
    total, sent, postponed, failed = outbox.count_due(store, _now()), 0, 0, 0
    with _bar("Sending") as progress:
        while True:
            tally = post.send_due(store, office, clock=_now)
            if not tally.sent + tally.postponed + tally.failed + tally.dropped:
                break
            sent, postponed = sent + tally.sent, postponed + tally.postponed
            failed += tally.failed
            progress(min(sent + postponed + failed, total), total)
    click.echo(f"{sent} sent, {postponed} to be tried again, {failed} given up.")
    sys.exit(1 if postponed or failed else 0)


@_command("upkeep")
def upkeep_command() -> None:
    """Forget persons whose time is over; sweep."""
    steps = ("registrations", "letters", "links", "files", "log")
    with _bar("Upkeep") as progress:
        swept = upkeep.run(
            _store(),
            _house().settings.mail,
            now=_now(),
            step=lambda name: progress(steps.index(name) + 1, len(steps)),
        )
    click.echo(
        f"Registrations made anonymous: {swept.registrations}, without diet and access needs: "
        f"{swept.sensitive}; letters without receiver: {swept.letters}. Deleted: unconfirmed "
        f"subscriptions {swept.subscribers}, links {swept.links}, files {swept.files}, "
        f"copies {swept.copies}."
    )


@_command("backup")
@click.argument("file", type=_FILE)
def backup_command(file: Path) -> None:
    """Back everything up into FILE. A ZIP that only you can read; eventkit may go on meanwhile."""
    with _bar("Backing up") as progress:
        summary = backups.save(_store(), file, now=_now(), progress=progress)
    _tell_backup(f"{file} holds", summary)


@_command("restore")
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="set aside what the data folder holds now")
def restore_command(file: Path, *, force: bool) -> None:
    """Put the backup FILE in place. It is proved before anything changes. Stop eventkit first."""
    house = _house()
    with _bar("Restoring") as progress:
        summary = backups.restore(
            house.settings.data, file, force=force, now=_now(), progress=progress
        )
    _tell_backup("Restored:", summary)
    if summary.kept:
        click.echo(f"What was there before is kept in {summary.kept}")


def _tell_backup(start: str, summary: backups.Summary) -> None:
    rows = summary.counts
    click.echo(
        f"{start} {rows.get('events', 0)} meetings, {rows.get('registrations', 0)} registrations, "
        f"{summary.files} files; {summary.size / 1024**2:.1f} MB."
    )


@_command("export")
@click.argument("event")
@click.argument("file", type=_FILE)
@click.option("--with-people", is_flag=True, help="with the registrations (personal data)")
def export_command(event: str, file: Path, *, with_people: bool) -> None:
    """Write one meeting into FILE. EVENT is the last part of its address."""
    with _bar("Exporting") as progress:
        transfer.export(_store(), event, file, with_people=with_people, progress=progress)
    click.echo(f"{file} holds {event}" + (" with its registrations." if with_people else "."))


@_command("import")
@click.argument("file", type=_FILE)
def import_command(file: Path) -> None:
    """Add the meeting in FILE, or nothing at all."""
    with _bar("Importing") as progress:
        made = transfer.rebuild(
            _store(), file, now=_now(), identity=_house().identity, progress=progress
        )
    click.echo(
        f"Made {_house().links.event(made.slug)}: {made.items} programme items, {made.people} "
        f"people, {made.files} files, {made.registrations} registrations."
    )


@_command("doctor")
@click.option("--calendar", metavar="ADDRESS", help="also send a trial entry there and look at it")
def doctor(calendar: str | None) -> None:
    """Look at everything, change nothing. Status 1 if something does not work."""
    house = _house()
    click.echo("Settings")
    for name, value, meaning in printable():
        click.echo(f"  {name:<26} {value:<34} {meaning}")
    click.echo("Looked at")
    patient = checkup.Patient(
        house.store,
        house.settings.mail,
        house.links,
        house.press,
        replies=bool(house.settings.reply_url),
        now=_now(),
    )
    looked: Iterator[checkup.Finding | trial.Check] = checkup.examine(patient)
    if calendar:
        fetch = trial.stranger(current_app.test_client(use_cookies=False), house.links.base)
        url = house.settings.reply_url
        tried = trial.whole(_store(), _office(), calendar, reply_url=url, fetch=fetch, now=_now())
        looked = chain(looked, tried)
    bad = 0
    signs = {True: "ok", None: "note", False: "FAIL"}
    for finding in looked:
        bad += finding.good is False
        click.echo(f"  {signs[finding.good]:<5} {finding.what:<14} {finding.words}")
    house.press.close()
    sys.exit(1 if bad else 0)


commands: list[click.Command] = [
    *(migrate, demo_command, organiser, worker, post_command, upkeep_command),
    *(backup_command, restore_command, export_command, import_command, doctor),
]
