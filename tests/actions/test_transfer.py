"""One meeting as one file: nothing is lost on the way, nothing hostile gets in."""

import hashlib
import io
import json
import shutil
import stat
import zipfile
from datetime import timedelta

import pytest
from PIL import Image

from eventkit.actions import (
    admission,
    archive,
    bundling,
    demo,
    mailings,
    prices,
    registration,
    speakers,
    transfer,
    wordings,
)
from eventkit.errors import Invalid, NotFound
from eventkit.identity import Identity
from eventkit.model.archive import Quote
from eventkit.model.event import Admission
from eventkit.model.fees import Price
from eventkit.model.mailing import MailingKind
from eventkit.model.material import Release
from eventkit.model.registration import CancelledBy
from eventkit.model.text import Text
from eventkit.model.wording import Wording
from eventkit.rules import portable
from eventkit.store import agenda, events, fees, files, outbox, quotas, registrations
from eventkit.store import mailings as mailing_store
from eventkit.store import wordings as wording_store
from eventkit.store.rows import Store
from tests.actions.test_places import group, limits, named, quota
from tests.conftest import NOW
from tests.fresh import fresh_store
from tests.world import BY, World

PDF = (demo.FOLDER / "matching.pdf").read_bytes()


def silent(done, total):
    """Nobody looks."""


def whole(world):
    """A meeting with all that one can have."""
    event = world.event()
    world.programme(event)
    items = agenda.draft(world.store, event.id)
    world.item(event, "Nachgetragen", starts_at=items[-1].ends_at, ends_at=event.ends_at)
    world.publish(event)
    by = {"actor": BY, "now": world.now, "identity": world.identity}
    speakers.add_material(
        world.store,
        event.id,
        file=io.BytesIO(PDF),
        size=len(PDF),
        filename="Folien.pdf",
        title=Text(de="Folien", en="Slides"),
        item_id=items[1].id,
        release=Release.NOW,
        **by,
    )
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(picture, "PNG")
    words = {"caption": Text(de="Saal"), "alt": Text(de="Ein Saal")}
    archive.add_photo(world.store, event.id, picture.getvalue(), **words, **by)
    archive.save_recap(
        world.store,
        event.id,
        title=Text(de="Rückblick"),
        lead=Text(de="Kurz"),
        body=Text(de="Erster Absatz.\n\nZweiter Absatz."),
        quotes=[Quote(Text(de="Ein Satz."), "Meral Thoms", Text(de="Soziologin"), "meral-thoms")],
        publish=True,
        actor=BY,
        now=world.now,
    )
    limits(world, event, companions=2, per_organisation=9, offer_hours=24)
    admission.set_admission(world.store, event.id, Admission.OPEN, 4, actor=BY, now=world.now)
    members = group(world, event, "Mitglieder")
    quota(world, event, 2, members)
    free = Price(0, Text(de="Mitglied"), 0, members)
    prices.save_price(world.store, event.id, free, actor=BY, now=world.now)
    one, two = world.workshops(event)
    world.register(
        event, "Łukasz O’Neill", "l@example.org", sessions=(one,), second=(two,), group=members
    )
    world.register(event, "Anna Groß", "a@example.org", group=members, companions=("Kim Lee",))
    found = registrations.live_by_address(world.store, event.id, "a@example.org")
    registration.cancel(world.store, found.id, CancelledBy.GUEST, **by)
    return world.again(event)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The folder of a site with such a meeting, made once: each test gets a copy of it."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    store = fresh_store(folder)
    event = whole(World(store, Identity(b"a key only tests use", "example.org"), NOW))
    store.checkpoint()
    store.close()
    return folder, event


@pytest.fixture
def store(tmp_path, kept):
    made = Store(shutil.copytree(kept[0], tmp_path / "data"))
    yield made
    made.close()


@pytest.fixture
def meeting(kept):
    return kept[1]


@pytest.fixture
def elsewhere(tmp_path):
    made = fresh_store(tmp_path / "elsewhere")
    yield made
    made.close()


def travel(world, meeting, target, store, *, with_people=True):
    transfer.export(world.store, meeting.slug, target, with_people=with_people, progress=silent)
    return transfer.rebuild(store, target, now=world.now, identity=world.identity, progress=silent)


def without_numbers(value):
    """A dumped bundle without the numbers and hashes that are local to each side."""
    if isinstance(value, dict):
        local = ("id", "room", "item", "file", "group", "groups")
        return {k: without_numbers(v) for k, v in value.items() if k not in local}
    return [without_numbers(each) for each in value] if isinstance(value, list) else value


def test_nothing_is_lost_on_the_way(world, meeting, elsewhere, tmp_path):
    made = travel(world, meeting, tmp_path / "m.zip", elsewhere)
    there = events.by_slug(elsewhere, made.slug)
    one = portable.dump(bundling.gather(world.store, meeting, with_people=True))
    two = portable.dump(bundling.gather(elsewhere, there, with_people=True))
    assert without_numbers(two) == without_numbers(one)
    assert (made.registrations, made.files, made.slug) == (2, 2, meeting.slug)
    assert there.uid == meeting.uid
    assert [len(p.items) for p in (agenda.published(elsewhere, there.id),)] == [6]
    assert files.of_event(elsewhere, there.id)[0].item_id is not None
    assert outbox.next_due(elsewhere) is None, "nobody is written to"


def test_guests_stay_at_home_unless_asked_for(world, meeting, elsewhere, tmp_path):
    travel(world, meeting, tmp_path / "m.zip", elsewhere, with_people=False)
    with zipfile.ZipFile(tmp_path / "m.zip") as file:
        octets = b"".join(file.read(name) for name in file.namelist())
    assert b"l@example.org" not in octets
    assert elsewhere.value("SELECT count(*) FROM registrations") == 0
    assert stat.S_IMODE((tmp_path / "m.zip").stat().st_mode) == 0o600


def test_beside_itself_it_gets_another_address_and_identity(world, meeting, tmp_path):
    first = travel(world, meeting, tmp_path / "m.zip", world.store)
    second = travel(world, meeting, tmp_path / "m.zip", world.store)
    assert [first.slug, second.slug] == [f"{meeting.slug}-2", f"{meeting.slug}-3"]
    assert events.by_slug(world.store, first.slug).uid != meeting.uid
    assert world.store.value("SELECT count(*) FROM people") == 2, "people are not doubled"


def test_a_meeting_that_is_not_there_can_not_be_exported(world, tmp_path):
    with pytest.raises(NotFound):
        transfer.export(world.store, "none", tmp_path / "m", with_people=False, progress=silent)


def changed(source, target, *, facts=None, members=None):
    """The file with its event.json changed in place by `facts`, and members added."""
    with zipfile.ZipFile(source) as old:
        found = {name: old.read(name) for name in old.namelist()}
    values = json.loads(found[transfer.FACTS])
    if facts:
        facts(values)
    found[transfer.FACTS] = json.dumps(values).encode()
    with zipfile.ZipFile(target, "w") as new:
        for name, octets in (found | (members or {})).items():
            new.writestr(name, octets)
    return target


def rows(store):
    names = [r["name"] for r in store.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: store.value(f'SELECT count(*) FROM "{name}"') for name in names}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (lambda v: v["event"].pop("title"), "meeting.event.title"),
        (lambda v: v["event"]["title"].update(fr="Titre"), "meeting.event.title.fr"),
        (lambda v: v["event"].update(zone="Mars/Olympus"), "meeting.event.zone"),
        (lambda v: v["event"].update(starts_at="tomorrow"), "meeting.event.starts_at"),
        (lambda v: v["event"].update(starts_at="2026-13-45T00:00:00Z"), "meeting.event.starts_at"),
        (lambda v: v["event"].update(capacity="many"), "meeting.event.capacity"),
        (lambda v: v["event"].update(capacity=True), "meeting.event.capacity"),
        (lambda v: v["event"].update(capacity=-1), "meeting.event.capacity"),
        (lambda v: v["event"].update(stage="secret"), "meeting.event.stage"),
        (lambda v: v["event"].update(is_admin=1), "meeting.event.is_admin"),
        (
            lambda v: v["event"]["place"].update(map_url="javascript:alert(1)"),
            "meeting.event.map_url",
        ),
        (lambda v: v["people"][0].update(slug="../x"), "meeting.people[0].slug"),
        (lambda v: v["people"].append(v["people"][0]), "meeting.people.slug"),
        (lambda v: v["draft"][0].update(room=99), "meeting.draft[0].room"),
        (lambda v: v["draft"][0].update(kind="party"), "meeting.draft[0].kind"),
        (lambda v: v["draft"].append(v["draft"][0]), "meeting.draft.id"),
        (lambda v: v["draft"][0]["people"][0].update(person="nobody"), "meeting.draft[0].people"),
        (lambda v: v["programmes"][0].update(version=0), "meeting.programmes.version"),
        (lambda v: v["materials"][0].update(item=99), "meeting.materials[0]"),
        (lambda v: v["guests"][0].update(email="a@b@c"), "meeting.guests[0].email"),
        (lambda v: v["guests"][0].update(name="http://x.example"), "meeting.guests[0].name"),
        (
            lambda v: v["guests"][1].update(state="waiting", email="L@example.org"),
            "meeting.guests.email",
        ),
        (lambda v: v["guests"][0]["choices"][0].update(item=99), "meeting.guests[0]"),
        (lambda v: v.update(draft="x" * 10), "meeting.draft"),
        (
            lambda v: v.update(links=[{"label": {"de": "x"}, "url": "javascript:x"}]),
            "meeting.event.links",
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(
    world, meeting, elsewhere, tmp_path, facts, field
):
    transfer.export(world.store, meeting.slug, tmp_path / "m", with_people=True, progress=silent)
    hostile = changed(tmp_path / "m", tmp_path / "hostile", facts=facts)
    before = rows(elsewhere)
    with pytest.raises(Invalid, match="import_field") as refusal:
        transfer.rebuild(
            elsewhere, hostile, now=world.now, identity=world.identity, progress=silent
        )
    assert refusal.value.field == field
    assert rows(elsewhere) == before


def with_page_as_picture(values):
    values["recap"]["photos"][0]["file"] = hashlib.sha256(b"<script>").hexdigest()


@pytest.mark.parametrize(
    ("facts", "members", "code"),
    [
        (None, {"../evil": b"x"}, "import_strange"),
        (None, {"/etc/evil": b"x"}, "import_strange"),
        (None, {"files/" + "0" * 63 + "/": b""}, "import_strange"),
        (None, {"event.json": b"[" * 100_000}, "import_no_bundle"),
        (None, {"event.json": b'{"format": 99}'}, "import_no_bundle"),
        (
            with_page_as_picture,
            {"files/" + hashlib.sha256(b"<script>").hexdigest(): b"<script>"},
            "import_file",
        ),
        (lambda v: v["recap"]["photos"][0].update(file="0" * 64), {}, "import_file"),
        (lambda v: v["recap"]["photos"][0].update(file="../../etc/passwd"), {}, "import_file"),
        (
            lambda v: v["materials"][0].update(file="1" * 64),
            {"files/" + "1" * 64: PDF},
            "import_file",
        ),
    ],
)
def test_r20_hostile_archives_are_refused(
    world, meeting, elsewhere, tmp_path, facts, members, code
):
    transfer.export(world.store, meeting.slug, tmp_path / "m", with_people=True, progress=silent)
    hostile = changed(tmp_path / "m", tmp_path / "hostile", facts=facts, members=members)
    before = rows(elsewhere)
    with pytest.raises(Invalid, match=code):
        transfer.rebuild(
            elsewhere, hostile, now=world.now, identity=world.identity, progress=silent
        )
    assert rows(elsewhere) == before


def test_what_is_no_archive_is_said(world, elsewhere, tmp_path):
    (tmp_path / "m").write_bytes(b"PK but not really")
    with pytest.raises(Invalid, match="import_no_bundle"):
        transfer.rebuild(
            elsewhere, tmp_path / "m", now=world.now, identity=world.identity, progress=silent
        )


def test_words_and_coming_reminders_travel(world, meeting, elsewhere, tmp_path):
    event = world.again(meeting)
    wording = Wording("waiting", event.id, Text(de="Warten"), Text(de="Bitte {name}\n\nwarten."))
    wordings.save(world.store, wording, actor="test", now=world.now)
    mailings.remind(world.store, event.id, 60, actor="test", now=world.now)
    mailings.remind(world.store, event.id, 7 * 24 * 60, actor="test", now=world.now)
    world.now = event.starts_at - timedelta(days=1)
    made = travel(world, meeting, tmp_path / "meeting.zip", elsewhere)
    found = events.by_slug(elsewhere, made.slug)
    (kept,) = wording_store.every(elsewhere, found.id)
    assert (kept.kind, kept.subject, kept.body) == ("waiting", wording.subject, wording.body)
    (coming,) = mailing_store.of_event(elsewhere, found.id, MailingKind.REMINDER)
    assert coming.before_minutes == 60, "the one whose time is over would write at once"


def test_places_travel_with_their_people(world, meeting, elsewhere, tmp_path):
    made = travel(world, meeting, tmp_path / "meeting.zip", elsewhere)
    found = events.by_slug(elsewhere, made.slug)
    assert (found.companions, found.per_organisation, found.offer_hours) == (2, 9, 24)
    assert (found.admission, found.party_size) == (Admission.OPEN, 4)
    (members,) = quotas.groups(elsewhere, found.id)
    (limit,) = quotas.quotas(elsewhere, found.id)
    assert (limit.capacity, limit.groups) == (2, frozenset({members.id}))
    (price,) = fees.prices(elsewhere, found.id)
    assert (price.name, price.cents, price.group) == (Text(de="Mitglied"), 0, members.id)
    guests = registrations.attendees(elsewhere, found.id)
    lukasz = next(guest for guest in guests if guest.name.startswith("Łukasz"))
    assert lukasz.group_id == members.id
    assert sorted((c.wish, c.confirmed) for c in lukasz.choices) == sorted(
        (c.wish, c.confirmed) for c in named(world, meeting, "Łukasz O’Neill").choices
    )
    anna = next(guest for guest in guests if guest.name.startswith("Anna"))
    assert (anna.places, anna.companions) == (2, ("Kim Lee",))


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("event.companions", 10),
        ("event.party_size", 21),
        ("event.admission", "locked"),
        ("event.per_organisation", 0),
        ("event.offer_hours", 721),
        ("quotas", [{"name": {"de": "x"}, "capacity": 1, "groups": [77]}]),
        ("quotas", [{"name": {}, "capacity": 1, "groups": []}]),
        ("prices", [{"name": {"de": "x"}, "cents": -1}]),
        ("prices", [{"name": {"de": "x"}, "cents": 1, "group": 77}]),
        ("groups", [{"id": 1, "name": {}}]),
        ("reminders", [0]),
        ("reminders", [60, 60]),
        ("wordings", [{"kind": "link", "body": {"de": "x"}}]),
        ("wordings", [{"kind": "waiting", "body": {"de": "{nobody}"}}]),
    ],
)
def test_places_nobody_could_have_set_are_refused(world, meeting, elsewhere, tmp_path, at, value):
    target = tmp_path / "meeting.zip"
    transfer.export(world.store, meeting.slug, target, with_people=False, progress=silent)
    with zipfile.ZipFile(target) as archived:
        facts = json.loads(archived.read("event.json"))
        others = {n: archived.read(n) for n in archived.namelist() if n != "event.json"}
    inner = facts
    *path, last = at.split(".")
    for name in path:
        inner = inner[name]
    inner[last] = value
    with zipfile.ZipFile(target, "w") as archived:
        archived.writestr("event.json", json.dumps(facts))
        for name, octets in others.items():
            archived.writestr(name, octets)
    with pytest.raises(Invalid) as refused:
        transfer.rebuild(elsewhere, target, now=world.now, identity=world.identity, progress=silent)
    assert refused.value.code == "import_field"
    assert elsewhere.value("SELECT count(*) FROM events") == 0
