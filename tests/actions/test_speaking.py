"""What people of a programme say and give, and how they are asked and reminded."""

import dataclasses
import io
from datetime import timedelta

import pytest
from PIL import Image

from eventkit.actions import asking, speaking, standings, upkeep
from eventkit.config import MailSettings
from eventkit.errors import Invalid, NotFound
from eventkit.model.agenda import Kind, Part, Role
from eventkit.model.appearance import Answer
from eventkit.model.event import Event
from eventkit.model.letter import LetterKind
from eventkit.model.person import Crop, Person
from eventkit.model.text import Text
from eventkit.rules.appearances import Missing
from eventkit.rules.changes import programme_changes
from eventkit.store import agenda as agenda_store
from eventkit.store import appearances, history, people, shelf
from tests.journeys.files import jpeg
from tests.world import BY, World

HOUR = timedelta(hours=1)
KINDS = (LetterKind.SPEAKER_REQUEST, LetterKind.SPEAKER_REMINDER)


def speaker(world: World, event: Event, name: str = "Meral Thoms", **fields) -> Person:
    """Somebody with an address and a talk on the draft."""
    found = world.person(name, email=f"{name.split()[0].lower()}@example.org", **fields)
    world.item(event, f"Vortrag {name}", people=(Part(found, Role.SPEAKER),))
    return found


def ask(world: World, event: Event, *ids: int) -> int:
    return asking.ask(
        world.store, event.id, ids or None, actor=BY, now=world.now, identity=world.identity
    )


def remind(world: World, event: Event) -> int:
    return asking.remind(world.store, event.id, actor=BY, now=world.now, identity=world.identity)


def answer(world: World, event: Event, person: Person, state: Answer, remark: str = "") -> None:
    speaking.answer(world.store, event.id, person.id, state, remark, actor="speaker", now=world.now)


def standing(world: World, event: Event, person: Person):
    found = standings.of_event(world.store, world.again(event))
    return next(each for each in found if each.person.id == person.id)


def sent(world: World, event: Event) -> list[str]:
    return [f"{x.kind.value} {x.name}" for x in world.letters(event) if x.kind in KINDS]


def test_all_not_yet_asked_are_asked_once_and_whoever_has_no_address_is_not(world: World) -> None:
    event = world.event()
    thoms, lukasz = speaker(world, event), speaker(world, event, "Łukasz O’Neill")
    silent = world.person("Ayşe Yılmaz")
    world.item(event, people=(Part(silent, Role.MODERATOR),))
    gone = speaker(world, event, "Bo Rahn")
    answer(world, event, gone, Answer.DECLINED)
    answer(world, event, speaker(world, event, "Ute Klar"), Answer.CONFIRMED)
    assert ask(world, event) == 2
    assert ask(world, event) == 0
    assert sent(world, event) == ["speaker_request Meral Thoms", "speaker_request Łukasz O’Neill"]
    assert ask(world, event, lukasz.id) == 1, "one may be asked again"
    assert ask(world, event, silent.id) == 0
    assert standing(world, event, thoms).said.asked_at == world.now


def test_the_draft_is_seen_only_by_those_who_were_asked(world: World) -> None:
    event = world.event(announced=False)
    thoms, other = speaker(world, event), speaker(world, event, "Łukasz O’Neill")

    def seen(person: Person) -> list[tuple[str, bool]]:
        found = standings.of_person(world.store, person, since=world.now)
        return [(own.item.title.de, own.planned) for each in found for own in each.own]

    ask(world, event, thoms.id)
    assert seen(thoms) == [("Vortrag Meral Thoms", True)]
    assert seen(other) == []
    announced = world.event()
    late = speaker(world, announced, "Bo Rahn")
    world.publish(announced)
    world.item(announced, "Noch geheim", people=(Part(late, Role.MODERATOR),))
    assert seen(late) == [("Vortrag Bo Rahn", False)]
    ask(world, announced, late.id)
    assert seen(late) == [("Vortrag Bo Rahn", False), ("Noch geheim", True)]


def test_reminders_go_to_those_with_something_missing_and_stop_by_themselves(
    world: World,
) -> None:
    event = world.event()
    thoms = speaker(world, event, biography=Text(de="Über mich"))
    done = world.person("Bo Rahn", email="bo@example.org", biography=Text(de="Über mich"))
    world.item(event, kind=Kind.PANEL, people=(Part(done, Role.PANELLIST),))
    speaking.set_photo(
        world.store, done.id, jpeg(), crop=Crop(), alt=Text(), credit="", actor="x", now=world.now
    )
    assert remind(world, event) == 0, "nobody was asked"
    ask(world, event)
    answer(world, event, done, Answer.CONFIRMED)
    assert remind(world, event) == 0, "asked just now"
    for _ in range(5):
        world.pass_time(days=3)
        remind(world, event)
        remind(world, event)
    letters = [x for x in world.letters(event) if x.kind is LetterKind.SPEAKER_REMINDER]
    assert [x.name for x in letters] == ["Meral Thoms"] * 3
    assert letters[0].facts.missing == ("answer", "photo", "slides")
    assert standing(world, event, thoms).owed == (Missing.ANSWER, Missing.PHOTO, Missing.SLIDES)


def test_no_reminder_after_the_meeting_or_once_all_is_there(world: World) -> None:
    event = world.event()
    thoms = speaker(world, event, biography=Text(de="Über mich"))
    ask(world, event)
    start = world.pass_time(days=4)
    answer(world, event, thoms, Answer.DECLINED)
    assert standing(world, event, thoms).owed == ()
    assert remind(world, event) == 0
    answer(world, event, thoms, Answer.CONFIRMED)
    world.now = event.ends_at
    assert remind(world, event) == 0
    assert ask(world, event, thoms.id) == 0
    world.now = start
    assert remind(world, event) == 1


def test_the_last_word_counts_and_nothing_is_said_after_the_meeting(world: World) -> None:
    event, other = world.event(), world.event()
    thoms = speaker(world, event)
    answer(world, event, thoms, Answer.CONFIRMED, "Gern!\x00\u202e")
    answer(world, event, thoms, Answer.DECLINED, "Doch nicht")
    said = appearances.get(world.store, event.id, thoms.id)
    assert (said.state, said.remark, said.answered_at) == (
        Answer.DECLINED,
        "Doch nicht",
        world.now,
    )
    with pytest.raises(NotFound):
        answer(world, other, thoms, Answer.CONFIRMED)
    with pytest.raises(Invalid, match="too_long"):
        answer(world, event, thoms, Answer.CONFIRMED, "x" * 2001)
    world.now = event.ends_at
    with pytest.raises(Invalid, match="over"):
        answer(world, event, thoms, Answer.CONFIRMED)


def test_windows_are_kept_in_order_and_merged(world: World) -> None:
    event = world.event()
    thoms = speaker(world, event)
    start = event.starts_at

    def say(*windows):
        speaking.say_when(world.store, event.id, thoms.id, windows, actor="speaker", now=world.now)

    say(
        (start + 3 * HOUR, start + 4 * HOUR),
        (start, start + HOUR),
        (start + HOUR, start + 2 * HOUR),
    )
    assert standing(world, event, thoms).windows == (
        (start, start + 2 * HOUR),
        (start + 3 * HOUR, start + 4 * HOUR),
    )
    with pytest.raises(Invalid, match="end_before_start"):
        say((start, start))
    say()
    assert standing(world, event, thoms).windows == ()


def test_a_new_function_follows_into_drafts_and_leaves_what_is_published(world: World) -> None:
    event = world.event()
    thoms = speaker(world, event, function=Text(de="Soziologin"), organisation=Text(de="Uni"))
    special = world.item(
        event,
        "Podium",
        people=(Part(thoms, Role.MODERATOR, function=Text(de="Moderatorin")),),
    )
    world.publish(event)
    wanted = dataclasses.replace(
        thoms, function=Text(de="Professorin"), email="other@example.org", photo="0" * 64
    )
    after = speaking.save_profile(world.store, wanted, actor="speaker", now=world.now + HOUR)
    assert (after.function.de, after.email, after.photo) == ("Professorin", thoms.email, "")
    public = agenda_store.published(world.store, event.id)
    assert public is not None
    assert {p.function.de for i in public.items for p in i.people} == {"Soziologin", "Moderatorin"}
    drafts = {i.id: i.people[0].function.de for i in agenda_store.draft(world.store, event.id)}
    assert drafts.pop(special.id) == "Moderatorin"
    assert set(drafts.values()) == {"Professorin"}
    draft = agenda_store.draft(world.store, event.id)
    assert [x.fields for x in programme_changes(public.items, draft)] == [("people",)]
    line = history.of_person(world.store, thoms.id)[0]
    assert (line.verb, line.actor, line.details) == (
        "speaker_profile",
        "speaker",
        f'{{"person": {thoms.id}, "fields": ["function"]}}',
    )


def photo_of(world: World, person: Person) -> Image.Image:
    found = people.by_id(world.store, person.id)
    assert found is not None
    return Image.open(shelf.path(world.store, found.photo))


def test_a_photo_is_cut_by_the_server_and_can_be_cut_again(world: World) -> None:
    """R20"""
    thoms = world.person()
    picture = Image.new("RGB", (300, 100), "red")
    picture.paste("blue", (200, 0, 300, 100))
    octets = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    picture.save(octets, "JPEG", exif=exif)

    def cut(data: bytes | None, across: int) -> tuple[int, int, int]:
        speaking.set_photo(
            world.store,
            thoms.id,
            data,
            crop=Crop(across, 0, 100),
            alt=Text(de="Porträt"),
            credit="",
            actor="speaker",
            now=world.now,
        )
        shown = photo_of(world, thoms)
        assert shown.size == (100, 100)
        assert not shown.getexif()
        return shown.getpixel((50, 50))

    red = cut(octets.getvalue(), 0)
    blue = cut(None, 100)
    assert red[0] > 200 > 50 > red[2]
    assert blue[2] > 200 > 50 > blue[0]
    source, crop = people.photo_source(world.store, thoms.id)
    assert crop == Crop(100, 0, 100)
    assert b"Camera" not in shelf.path(world.store, source).read_bytes()
    with pytest.raises(Invalid, match="kind"):
        cut(b"GIF89a", 0)
    speaking.remove(world.store, thoms.id, "photo", actor="speaker", now=world.now)
    assert people.photo_source(world.store, thoms.id) == ("", Crop())
    with pytest.raises(Invalid, match="required"):
        cut(None, 0)


def test_text_and_address_are_removed_at_once(world: World) -> None:
    """R55"""
    thoms = world.person(
        email="meral@example.org", biography=Text(de="Ich"), website="https://x.org/"
    )
    for what in ("text", "address"):
        speaking.remove(world.store, thoms.id, what, actor="speaker", now=world.now)
    found = people.by_id(world.store, thoms.id)
    assert found is not None
    assert (found.email, found.biography, found.website) == ("", Text(), "")
    with pytest.raises(NotFound):
        speaking.remove(world.store, thoms.id, "name", actor="speaker", now=world.now)


def test_what_was_said_is_forgotten_with_the_meetings_guests(world: World, tmp_path) -> None:
    """R56"""
    event, later = world.event(retention_days=10), world.event(retention_days=400)
    thoms = speaker(world, event)
    world.item(later, people=(Part(thoms, Role.SPEAKER),))
    window = (event.starts_at, event.ends_at)
    for each in (event, later):
        answer(world, each, thoms, Answer.CONFIRMED, "Ich komme mit Hund")
        speaking.say_when(world.store, each.id, thoms.id, [window], actor="speaker", now=world.now)
    world.now = event.ends_at + timedelta(days=10)
    letters = MailSettings("folder", "events@example.org", tmp_path / "mail")
    upkeep.run(world.store, letters, now=world.now)
    assert appearances.of_event(world.store, event.id) == {}
    assert appearances.availabilities(world.store, event.id) == {}
    assert [x.subject for x in history.of_event(world.store, event.id) if "speaker" in x.verb] == [
        "",
        "",
    ]
    assert appearances.of_event(world.store, later.id)[thoms.id].remark == "Ich komme mit Hund"
    assert people.by_id(world.store, thoms.id) is not None


def test_a_lost_link_goes_to_known_speakers_only_and_not_too_often(world: World) -> None:
    event = world.event()
    thoms, other = speaker(world, event), speaker(world, event, "Łukasz O’Neill")

    def lost(email: str) -> int:
        asking.send_link(world.store, email, now=world.now, identity=world.identity)
        return int(world.store.value("SELECT count(*) FROM letters WHERE kind = 'speaker_link'"))

    assert lost(other.email) == 0, "nobody asked them, nothing is published"
    ask(world, event, thoms.id)
    assert lost(thoms.email.upper()) == 1
    assert lost(thoms.email) == 1
    assert lost("nobody@example.org") == 1
    world.pass_time(hours=2)
    assert lost(thoms.email) == 2
    with pytest.raises(Invalid):
        lost("no address")
