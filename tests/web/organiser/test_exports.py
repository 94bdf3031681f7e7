"""Lists to take along hold what the page shows, and nothing a spreadsheet would run."""

import csv
import io
import zipfile

import pypdfium2
import pytest

from eventkit.model.material import Stored
from eventkit.store import files

DE, EN = {"Accept-Language": "de"}, {"Accept-Language": "en"}


@pytest.fixture
def base(client, world):
    """A meeting with one seat: Ayşe has it, the others wait."""
    world.login(client)
    event = world.event(slug="treffen", capacity=1)
    world.programme(event)
    world.register(
        event,
        "Ayşe Yılmaz",
        "ayse@example.com",
        organisation="Haus & Hof",
        diet="vegan",
        sensitive_text="Ja",
        sessions=tuple(world.workshops(event)[:1]),
    )
    world.register(event, "=SUM(A1)", "evil@example.com")
    world.register(event, "Łukasz O’Neill", "lukasz@example.com")
    return "/organise/events/treffen"


def rows(answer, delimiter):
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_a_spreadsheet_in_german_opens_in_excel(client, base):
    answer = client.get(f"{base}/attendees.csv", headers=DE)
    table = rows(answer, ";")
    assert table[0][:5] == ["Name", "E-Mail", "Organisation", "Funktion", "Stand"]
    assert table[1][:5] == ["Ayşe Yılmaz", "ayse@example.com", "Haus & Hof", "", "Bestätigt"]
    assert table[1][7] == "Workshop Matching"
    assert "vegan" not in table[1], "food has a list of its own"
    assert "treffen-" in answer.headers["Content-Disposition"]


def test_no_cell_can_run(client, base):
    """R22"""
    table = rows(client.get(f"{base}/attendees.csv", headers=EN), ",")
    assert table[2][0] == "'=SUM(A1)"


def test_an_export_holds_what_search_and_filter_show(client, base):
    def names(query):
        table = rows(client.get(f"{base}/attendees.csv{query}", headers=EN), ",")
        return [row[0] for row in table[1:]]

    assert names("?state=coming") == ["Ayşe Yılmaz"]
    assert names("?state=waiting&q=lukasz") == ["Łukasz O’Neill"]
    assert names("?state=nonsense") == ["Ayşe Yılmaz", "'=SUM(A1)", "Łukasz O’Neill"]
    page = client.get(f"{base}/attendees?state=waiting&q=lukasz").text
    assert "attendees.csv?q=lukasz&amp;state=waiting" in page


def test_excel_gets_a_workbook(client, base):
    answer = client.get(f"{base}/attendees.xlsx")
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    assert "Ayşe Yılmaz" in book.read("xl/sharedStrings.xml").decode()
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["attendees.pdf", "signin-sheet.pdf"])
def test_paper_names_those_who_have_a_place(client, base, name):
    answer = client.get(f"{base}/{name}", headers=DE)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = pypdfium2.PdfDocument(answer.data)[0].get_textpage().get_text_range()
    assert "Ayşe Yılmaz" in text
    assert "Łukasz" not in text


def test_the_draft_is_printed_and_says_so(client, base, world):
    with world.store.changing():  # a portrait whose file is gone does not keep the paper back
        files.record(world.store, Stored("a" * 64, "image/jpeg", 1), now=world.now)
        world.store.run("UPDATE people SET photo = :photo", photo="a" * 64)
    answer = client.get(f"{base}/documents/draft-de.pdf")
    text = pypdfium2.PdfDocument(answer.data)[0].get_textpage().get_text_range()
    assert "Bildung, Migration und Milieu" in text
    assert "Entwurf" in text
    assert client.get(f"{base}/documents/draft-fr.pdf").status_code == 404
    empty = world.event(slug="leer")
    assert client.get(f"/organise/events/{empty.slug}/documents/draft-de.pdf").status_code == 404


def test_the_code_of_the_page_is_a_picture(client, base):
    answer = client.get(f"{base}/documents/qr.png")
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG")
