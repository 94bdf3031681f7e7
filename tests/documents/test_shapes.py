"""The programme as one sheet and as a folded booklet."""

import re
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader

from eventkit.documents import imposition, pdf
from eventkit.documents.pdf import Shape
from eventkit.links import Links
from eventkit.model.agenda import Kind, Programme, Room
from eventkit.model.text import Text
from tests.documents.meeting import (
    AT,
    CALENDAR,
    ITEMS,
    LUKASZ,
    ORGANISATION,
    PHOTO,
    event,
    item,
    portrait,
    speaker,
    tags,
    words,
)

pytestmark = pytest.mark.xdist_group("papers")
SHEET_FIRST = [pytest.param(Shape.A4, marks=pytest.mark.slow), Shape.SHEET]
SHEET_FIRST.append(pytest.param(Shape.BOOKLET, marks=pytest.mark.slow))
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle"


@pytest.fixture
def printed(shared_press):
    """Prints a programme in a shape; what a test doesn't say is the meeting of 2016."""

    def programme(shape, *, items=ITEMS, language="de", of=None, **changes):
        content = pdf.programme(
            of or event(), Programme(2, AT, tuple(items)), organisation=ORGANISATION,
            language=language, links=Links("https://treffen.example"),
            portraits={PHOTO: portrait()}, accent="#7a2048", calendar=CALENDAR,
            press=shared_press, shape=shape, **changes,
        )  # fmt: skip
        return PdfReader(BytesIO(content))

    return programme


def many(days=3, rooms=6, slots=6):
    """A meeting of some days with as many rooms, an item in each at each time."""
    places = [Room(n, Text(f"Raum {n}")) for n in range(rooms)]
    return [
        item(
            day * 100 + slot * 10 + room, Kind.TALK, Text(f"Vortrag {day}-{slot}-{room}"),
            day * 24 * 60 + slot * 60, 60, speaker(LUKASZ), room=places[room],
        )
        for day in range(days) for slot in range(slots) for room in range(rooms)
    ]  # fmt: skip


def test_the_pages_of_a_booklet_lie_as_folding_needs_them():
    assert imposition.order(4) == [(3, 0), (1, 2)]
    assert imposition.order(8) == [(7, 0), (1, 6), (5, 2), (3, 4)]
    with pytest.raises(ValueError, match="multiple of four"):
        imposition.order(6)


@pytest.mark.parametrize("pages", range(4, 45, 4))
def test_a_folded_stack_reads_from_front_to_back(pages):
    sides = imposition.order(pages)
    sheets = list(zip(sides[::2], sides[1::2], strict=True))
    leaves = [(front[1], back[0]) for front, back in sheets]  # the right half of each sheet
    leaves += [(back[1], front[0]) for front, back in reversed(sheets)]  # and the left ones
    assert [page for leaf in leaves for page in leaf] == list(range(pages))


def test_a_booklet_is_a4_sheets_with_cover_and_back_outside(printed):
    """R63"""
    reader = printed(Shape.BOOKLET)
    assert len(reader.pages) == 2
    assert [round(float(n)) for n in reader.pages[0].mediabox[2:]] == [842, 595] or [
        round(float(n)) for n in reader.pages[0].mediabox[2:]
    ] == [839, 595]
    middle = float(reader.pages[0].mediabox.width) / 2
    with pypdfium2.PdfDocument(reader.stream.getvalue()) as document:
        outside = document[0].get_textpage()
        halves = [outside.get_text_bounded(left=left, right=left + middle) for left in (0, middle)]
        inside = document[1].get_textpage().get_text_bounded(right=middle)
    assert "treffen@dgm.example" in halves[0]
    assert "Netzwerktreffen" in halves[1]
    assert "Freitag, 18. November 2016" in halves[1]
    assert "Grußwort" in inside
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/Duplex"] == "/DuplexFlipShortEdge"


def test_a_booklet_is_still_tagged_in_the_order_of_reading(printed):
    """R63"""
    reader = printed(Shape.BOOKLET)
    found = tags(reader)
    names = [name for name, _ in found]
    assert names.index("/H1") < names.index("/H2") < names.index("/H3")
    assert reader.trailer["/Root"]["/Lang"] == "de"
    assert re.search(rb"pdfuaid:part\W+1", reader.xmp_metadata.stream.get_data())
    pages = {page.indirect_reference.idnum for page in reader.pages}
    words_of = [
        kid for _, node in found for kid in node.get("/K", []) if isinstance(kid, dict)
        and kid.get("/Type") == "/MCR"
    ]  # fmt: skip
    assert len(words_of) > 50
    for kid in words_of:
        assert kid.raw_get("/Pg").idnum in pages
        form = kid["/Stm"]
        assert form["/Subtype"] == "/Form"
        assert f"/MCID {kid['/MCID']}>>".encode() in form.get_data()
    parents = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    assert {kid["/Stm"]["/StructParents"] for kid in words_of} <= set(parents[::2])


def test_notes_fill_the_sheets_of_a_booklet(printed):
    short = printed(Shape.BOOKLET, items=[])  # cover, programme, back: one page is missing
    assert words(short).count("Notizen") == 1
    for number in (1, 9):
        long = printed(Shape.BOOKLET, items=many(1, 1, number))
        assert words(long).count("Notizen") < 4
        assert len(long.pages) % 2 == 0


def test_a_sheet_is_one_page_if_that_can_be_read(printed):
    reader = printed(Shape.SHEET)
    assert len(reader.pages) == 1
    text = words(reader)
    for expected in ["Grußwort", "Meral Thoms (geb. Cerci)", "Raum Emscher", "13:00"]:
        assert expected in text


def test_a_sheet_of_many_rooms_has_a_table_for_each_day(printed):
    items = many(2, 4, 3)
    of = event(ends_at=items[-1].ends_at)
    reader = printed(Shape.SHEET, items=items, of=of)
    assert len(reader.pages) == 2
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height
    names = [name for name, _ in tags(reader)]
    assert names.count("/Table") == 2
    text = words(reader)
    assert all(each.title.de in text for each in items)


@pytest.mark.parametrize("shape", SHEET_FIRST)
def test_forty_things_at_once_with_endless_words_are_all_there(printed, shape):
    items = [
        item(n, Kind.WORKSHOP, Text(f"W{n:02} {LONG}"), 0, 60, room=Room(n, Text(f"Raum {n}")))
        for n in range(1, 41)
    ]
    reader = printed(shape, items=items)
    text = re.sub(r"\s|\xad|-", "", words(reader))
    for n in range(1, 41):
        assert f"W{n:02}{LONG}"[:14] in text
    assert text.count("auszahlungsstelle") == 40


@pytest.mark.parametrize("shape", [Shape.SHEET, Shape.BOOKLET])
def test_every_form_of_a_draft_says_so_on_every_page(printed, shape):
    reader = printed(shape, draft=True)
    for page in reader.pages:
        assert page.extract_text().count("Entwurf") >= (2 if shape is Shape.BOOKLET else 1)


@pytest.mark.parametrize("shape", SHEET_FIRST)
def test_the_plan_of_the_house_has_words(printed, shape):
    of = event(site_plan="b" * 64, site_plan_alt=Text("Zwei Flure", "Two corridors"))
    reader = printed(shape, of=of, plan=portrait(), language="en")
    said = [node["/Alt"] for name, node in tags(reader) if name == "/Figure"]
    assert ("Two corridors" in said) is (shape is not Shape.SHEET)


@pytest.mark.parametrize("shape", [Shape.A4, pytest.param(Shape.BOOKLET, marks=pytest.mark.slow)])
def test_a_text_longer_than_a_page_is_whole(printed, shape):
    endless = Text(" ".join(f"x{n}x" for n in range(700)))
    items = [replace(each, abstract=endless) for each in ITEMS[3:5]]
    text = re.sub(r"\s", "", words(printed(shape, items=items)))
    for n in range(700):
        assert text.count(f"x{n}x") == 2, n
