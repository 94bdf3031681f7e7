"""Spreadsheets open our tables as they are meant and calculate nothing."""

import csv
import re
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkit.documents import sheets

AT = datetime(2016, 11, 18, 8, tzinfo=UTC)
ROWS = [["Name", "Ort"], ["Łukasz Groß", "Köln; Süd"], ["Đặng", None]]


def text(rows, language="de"):
    return b"".join(sheets.csv(rows, language=language)).decode()


def unzipped(content, name):
    with ZipFile(BytesIO(content)) as book:
        return book.read(name).decode()


def test_german_csv_has_a_mark_and_semicolons():
    assert text(ROWS) == '\ufeffName;Ort\r\nŁukasz Groß;"Köln; Süd"\r\nĐặng;\r\n'


def test_english_csv_has_a_mark_and_commas():
    assert text(ROWS, "en") == "\ufeffName,Ort\r\nŁukasz Groß,Köln; Süd\r\nĐặng,\r\n"


def test_no_rows_are_an_empty_table():
    assert text([]) == "\ufeff"


def test_a_long_table_comes_in_pieces_with_one_mark():
    pieces = list(sheets.csv(([number] for number in range(1000)), language="de"))
    assert len(pieces) > 4
    assert b"".join(pieces).decode() == "\ufeff" + "".join(f"{n}\r\n" for n in range(1000))


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("https://evil.example","x")',
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "|calc",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
        "\u2060\u200d =1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20SUM",
        "\uff5ccalc",
        "\u22121",
        "\u200b\u3000\uff1d1",
    ],
)
def test_a_formula_becomes_text(cell):
    """R22"""
    assert sheets.neutral(cell) == "'" + cell
    rows = list(csv.reader(StringIO(text([[cell]])[1:], newline=""), delimiter=";"))
    assert rows == [["'" + cell]]


@pytest.mark.parametrize("cell", ["", "Łukasz", "a=b", "3-4", "»=«", "'=1", "O’Brien", "*innen"])
def test_other_text_stays(cell):
    assert sheets.neutral(cell) == cell


def test_a_phone_number_stays_readable():
    """R22"""
    assert text([["+49 231 5044-0"]]) == "\ufeff'+49 231 5044-0\r\n"


def test_numbers_and_dates_are_written_as_the_reader_writes_them():
    row = [-5, 1.5, date(2016, 11, 18), datetime(2016, 11, 18, 9, 30), True]  # noqa: DTZ001 - local
    assert text([row]) == "\ufeff-5;1,5;18.11.2016;18.11.2016 09:30;ja\r\n"
    assert text([row], "en") == "\ufeff-5,1.5,2016-11-18,2016-11-18 09:30,yes\r\n"


@given(st.lists(st.lists(st.text(alphabet=st.characters(codec="utf-8")), min_size=2), min_size=1))
def test_every_text_survives_csv(rows):
    wanted = [[sheets.neutral(cell) for cell in row] for row in rows]
    read = csv.reader(StringIO(text(rows)[1:], newline=""), delimiter=";")
    assert list(read) == wanted


def test_xlsx_has_words_and_no_formula():
    content = sheets.xlsx(
        [["Name", "Zahl"], ["=1+1", 7], ["https://evil.example", -2]],
        title="Teilnehmende",
        language="de",
        at=AT,
    )
    sheet, strings = unzipped(content, "xl/worksheets/sheet1.xml"), "xl/sharedStrings.xml"
    words = re.findall(r"<t[^>]*>([^<]*)</t>", unzipped(content, strings))
    assert words == ["Name", "Zahl", "'=1+1", "https://evil.example"]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "<v>7</v>" in sheet
    assert "<v>-2</v>" in sheet


def test_xlsx_is_the_same_for_the_same_rows():
    first, second = (sheets.xlsx(ROWS, title="a", language="de", at=AT) for _ in range(2))
    assert first == second
    assert "2016-11-18T08:00:00Z" in unzipped(first, "docProps/core.xml")


@pytest.mark.parametrize("title", ["Was? Wie: [so]/\\*", "'", "x" * 60, "Prüfung & <b>"])
def test_xlsx_takes_any_title(title):
    assert sheets.xlsx(ROWS, title=title, language="de", at=AT).startswith(b"PK")


def test_xlsx_takes_no_rows_and_long_cells():
    assert sheets.xlsx([], title="leer", language="de", at=AT).startswith(b"PK")
    content = sheets.xlsx([["x" * 40_000]], title="lang", language="de", at=AT)
    assert "x" * 32_767 in unzipped(content, "xl/sharedStrings.xml")
