"""Ticket and certificate on paper: one tagged page, whatever people are called (R63)."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from eventkit.documents import tickets
from eventkit.documents.tickets import Bearer
from eventkit.model.event import Place
from eventkit.model.text import Text
from tests.documents.meeting import AT, ITEMS, ORGANISATION, TEN, event, tags

pytestmark = pytest.mark.xdist_group("papers")
CODE = "K7QF2MZA" * 3 + "AB"
LONG = "Begegnung der Vertreter*innen aus Verbänden, Kommunen und Hochschulen " * 3
PLACE = Place(name="Europahalle", town="Castrop-Rauxel", directions=Text("Bus **480**."))
HOSTILE = "<img src=https://evil.example/x> " + "Łucja-Đặng von und zu " * 8


@pytest.fixture
def printed(shared_press):
    """Prints a ticket, or with `make` a certificate; gives the reader and its words."""

    def made(bearer, *, make=tickets.ticket, language="de", of=None, **more):
        octets = make(
            of or event(place=PLACE), bearer, code=CODE, organisation=ORGANISATION,
            language=language, accent="#7a2048", press=shared_press, **more,
        )  # fmt: skip
        reader = PdfReader(BytesIO(octets))
        text = " ".join(page.extract_text() for page in reader.pages)
        return reader, re.sub(r"\s+", " ", text)

    return made


def test_a_ticket_says_who_where_and_what(printed):
    """R63"""
    bearer = Bearer("Łukasz O’Neill", "Mentoring Ruhr", Text("Mitglied"), ("Ada", "Bo"), ITEMS[3:4])
    reader, said = printed(bearer, printed_at=AT)
    assert len(reader.pages) == 1
    for word in ("Łukasz O’Neill", "Mitglied", "Einlass für 3 Personen", "Ada, Bo", "K7QF 2MZA",
                 "Bitte hier falten", "Europahalle", "Bus 480."):  # fmt: skip
        assert word in said, word
    assert reader.trailer["/Root"]["/Lang"] == "de"
    assert "/H1" in {tag for tag, *_ in tags(reader)}


def test_no_name_breaks_a_paper(printed):
    """R30: what somebody typed is text, and everything finds its room."""
    bearer = Bearer(HOSTILE, LONG, companions=tuple(f"Person {n} {LONG[:20]}" for n in range(9)))
    whole = event(place=PLACE, title=Text(LONG, LONG), ends_at=TEN + timedelta(days=2))
    for make, more in (
        (tickets.ticket, {"printed_at": AT}),
        (tickets.certificate, {"address": f"https://treffen.example/verify/{CODE}"}),
    ):
        reader, said = printed(bearer, make=make, of=whole, **more)
        assert len(reader.pages) == 1
        assert "<img src=https://evil.example/x>" in said


def test_hours_are_said_where_a_meeting_has_one_day():
    assert tickets.hours(event()) == "6"
    assert tickets.hours(event(ends_at=TEN + timedelta(hours=6, minutes=25))) == "6.5"
    assert tickets.hours(event(ends_at=TEN + timedelta(days=2))) == ""
    assert tickets.hours(event(all_day=True)) == ""
