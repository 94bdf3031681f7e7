"""Signs for doors and podium, and the poster of all rooms."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader

from eventkit.documents import signs
from eventkit.links import Links
from eventkit.model.agenda import Kind, Programme, Room
from eventkit.model.person import Person
from eventkit.model.text import Text
from tests.documents.meeting import (
    AT,
    DANG,
    ITEMS,
    KRAVANJA,
    ORGANISATION,
    event,
    item,
    portrait,
    speaker,
    tags,
    words,
)

pytestmark = pytest.mark.xdist_group("papers")
LINKS = Links("https://treffen.example")
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle"


@pytest.fixture
def doors(shared_press):
    """Prints door signs, or with `make` the poster."""

    def printed(items=ITEMS, *, make=signs.door_signs, of=None, language="de", **more):
        programme = Programme(2, AT, tuple(items))
        content = make(
            of or event(), programme, organisation=ORGANISATION, language=language, links=LINKS,
            accent="#7a2048", press=shared_press, **more,
        )  # fmt: skip
        return PdfReader(BytesIO(content))

    return printed


@pytest.fixture
def tents(shared_press):
    """Prints name signs of the people on these items."""

    def printed(items=ITEMS, **more):
        cards = signs.on_stage(items, "Europe/Berlin")
        content = signs.name_signs(
            event(), cards, organisation=ORGANISATION, language="de", accent="#7a2048", at=AT,
            press=shared_press, **more,
        )  # fmt: skip
        return PdfReader(BytesIO(content))

    return printed


def test_every_room_has_a_sign_with_what_takes_place_there(doors):
    """R63"""
    reader = doors()
    assert len(reader.pages) == 3
    texts = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
    assert "Großer Saal" in texts[0]
    assert "10:20 –11:10" in texts[0]
    assert "Bildung, Migration und Milieu" in texts[0]
    assert "Matching" not in texts[0]
    assert "Raum Emscher" in texts[1]
    assert "Matching" in texts[1]
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height
    names = [name for name, _ in tags(reader)]
    assert (names.count("/H1"), names.count("/H2"), names.count("/Figure")) == (1, 2, 3)
    assert reader.trailer["/Root"]["/Lang"] == "de"


def test_a_room_has_a_sign_for_each_day(doors):
    tomorrow = [
        replace(
            each,
            id=each.id + 50,
            starts_at=each.starts_at + timedelta(days=1),
            ends_at=each.ends_at + timedelta(days=1),
        )
        for each in ITEMS
    ]
    reader = doors([*ITEMS, *tomorrow], of=event(ends_at=tomorrow[-1].ends_at), draft=True)
    assert len(reader.pages) == 6
    for page, day in zip(reader.pages, ["Freitag, 18."] * 3 + ["Samstag, 19."] * 3, strict=True):
        assert day in page.extract_text()
        assert "Entwurf" in page.extract_text()


def test_a_full_day_and_long_names_are_still_one_page_a_room(doors):
    room = Room(1, Text(LONG), note=Text("Zweiter Stock, links vom Aufzug"))
    items = [
        item(n, Kind.TALK, Text(f"Vortrag {n} {LONG}"), n * 30, 30, speaker(KRAVANJA), room=room)
        for n in range(9)
    ]
    reader = doors(items)
    assert len(reader.pages) == 1
    with pypdfium2.PdfDocument(reader.stream.getvalue()) as document:
        image = document[0].render(scale=1, grayscale=True).to_pil()
    assert image.crop((image.width - 40, 100, image.width, image.height)).getextrema()[0] > 250
    assert "Vortrag 8" in words(reader)


def test_what_is_cancelled_hangs_at_no_door(doors):
    text = words(doors([*ITEMS[:1], replace(ITEMS[1], cancelled=True)]))
    assert "Grußwort" in text
    assert "Milieu" not in text


def test_a_name_can_be_read_from_both_sides_of_a_tent(tents):
    reader = tents()
    assert len(reader.pages) == 4
    with pypdfium2.PdfDocument(reader.stream.getvalue()) as document:
        page = document[1].get_textpage()
        found, heights = page.search("Thoms"), []
        while place := found.get_next():
            heights.append(page.get_charbox(place[0])[1])
    assert len(heights) == 2
    assert max(heights) > 421 > min(heights)
    assert words(reader).count("Heinrich-Heine-Universität Düsseldorf") == 2


@pytest.mark.parametrize(
    "name",
    [LONG, "Dr. Gabriele Hoffmeister-Schönfelder von und zu Waldburg-Zeil", "山田 太郎", "W" * 200],
)
def test_a_long_name_stays_on_its_tent(tents, name):
    person = Person(9, "x", name, function=Text(LONG), organisation=Text("Verein"))
    reader = tents([item(1, Kind.TALK, Text("x"), 0, 20, speaker(person))])
    assert len(reader.pages) == 1
    with pypdfium2.PdfDocument(reader.stream.getvalue()) as document:
        image = document[0].render(scale=1, grayscale=True).to_pil()
    for edge in ((0, 0, 20, 400), (image.width - 20, 0, image.width, 400)):
        assert image.crop(edge).getextrema()[0] > 250


def test_a_short_name_is_larger_than_a_long_one():
    items = [
        item(1, Kind.TALK, Text("x"), 0, 20, speaker(DANG)),
        item(2, Kind.TALK, Text("x"), 30, 20, speaker(Person(8, "y", LONG))),
    ]
    short, long = signs.on_stage(items, "Europe/Berlin")
    assert short.size > 2 * long.size


def test_the_poster_has_every_room_and_the_plan(doors):
    of = event(site_plan="b" * 64, site_plan_alt=Text("Zwei Flure"))
    reader = doors(make=signs.rooms_poster, of=of, plan=portrait())
    assert len(reader.pages) == 2
    text = words(reader)
    assert all(name in text for name in ("Großer Saal", "Raum Emscher", "Raum Lippe", "Lageplan"))
    assert [node["/Alt"] for name, node in tags(reader) if name == "/Figure"][1] == "Zwei Flure"
    assert round(float(reader.pages[0].mediabox.width)) == 1191


def test_signs_of_nothing_say_so(doors, tents):
    assert "Noch hat nichts aus dem Programm einen Raum." in words(doors([]))
    assert "Noch hat nichts" in words(doors([], make=signs.rooms_poster))
    assert "Noch steht niemand im Programm." in words(tents([]))
