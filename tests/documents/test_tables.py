"""Tables as people hand them in, from any program and with any trap (R22)."""

import zipfile
from datetime import UTC, date, datetime, time
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from eventkit.documents import sheets, tables
from eventkit.errors import Invalid

WORDS = "Name;E-Mail\nÄnne Łuć;a@example.org\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encoding_and_separator_are_found(encoding: str, separator: str) -> None:
    table = tables.read_table(WORDS.replace(";", separator).encode(encoding))
    assert table.header == ("Name", "E-Mail")
    assert table.rows == (("Änne Łuć", "a@example.org"),)
    assert table.separator == separator
    assert table.encoding == encoding.removesuffix("-le").removesuffix("-be")


def test_a_stray_zero_byte_does_not_make_another_encoding() -> None:
    table = tables.read_table(b"Name;E-Mail\nA\x00nna;a@example.org\n")
    assert (table.rows, table.encoding) == ((("Anna", "a@example.org"),), "utf-8")
    assert tables.read_lines(b"A\x00nna; a@example.org") == [(1, "Anna; a@example.org")]


def test_old_german_excel_is_read() -> None:
    table = tables.read_table("sep=;\r\nName;Größe\r\nJürgen – „J“;1,5\r\n".encode("cp1252"))
    assert (table.header, table.rows) == (("Name", "Größe"), (("Jürgen – „J“", "1,5"),))
    assert table.encoding == "cp1252"


def test_a_comma_in_words_is_no_separator() -> None:
    table = tables.read_table(b"Name;Titel\nMaier, Eva;Eins, zwei, drei\nKurz, Ina;Vier, fuenf\n")
    assert table.rows[0] == ("Maier, Eva", "Eins, zwei, drei")


def test_one_column_is_a_table_too() -> None:
    assert tables.read_table(b"E-Mail\na@example.org\n").rows == (("a@example.org",),)


def test_lines_name_where_a_row_began() -> None:
    table = tables.read_table(b'\nA,B\n"x\ny",1\n\n,\nz\n')
    assert table.rows == (("x\ny", "1"), ("z", ""))
    assert table.lines == (3, 7)


def test_cells_beyond_the_header_and_empty_columns_at_its_end_go() -> None:
    table = tables.read_table(b"A,B,,\n1,2,3,4\n")
    assert (table.header, table.rows) == (("A", "B"), (("1", "2"),))


def workbook(*rows, **other) -> bytes:
    book = Workbook()
    hidden = book.active
    hidden.sheet_state = "hidden"
    hidden.append(["hidden"])
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_gives_its_first_visible_sheet_as_text() -> None:
    noon = datetime(2026, 11, 20, 10, 30)  # noqa: DTZ001 # spreadsheets know no zones
    found = tables.read_table(
        workbook(
            ["Name", "Tag", "Zeit", "Wann", "Zahl", "Ja", "Formel"],
            ["Łucja", date(2026, 11, 20), time(9, 5), noon, 12.0, True, "=1+1"],
        )
    )
    assert found.rows == (("Łucja", "2026-11-20", "09:05", "2026-11-20 10:30", "12", "1", ""),)
    assert found.lines == (2,)


def test_our_own_files_come_back_as_they_were() -> None:
    rows = [["Name", "Telefon"], ["=Eva", "+49 231 50"], ["'Ömer", "-"], ["a;b", 'c"d']]
    written = b"".join(sheets.csv(rows, language="de"))
    book = sheets.xlsx(rows, title="T", language="de", at=datetime(2026, 1, 1, tzinfo=UTC))
    for data in (written, book):
        found = tables.read_table(data)
        assert [list(found.header), *map(list, found.rows)] == rows


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b";;\n;;\n", "empty"),
        (b"%PDF-1.7 a;b", "kind"),
        (b"<html>a;b</html>", "kind"),
        (b"\xd0\xcf\x11\xe0old", "kind"),
        (b"PK\x03\x04broken", "broken"),
        (b"\xff\xfea", "broken"),
        (b'A,B\n"' + b"x" * 200_000, "broken"),
        (b"A\n" + b"1\n" * 20_001, "too_many_rows"),
        (b"a" * (10 * 1024 * 1024 + 1), "too_big"),
    ],
)
def test_what_is_no_table_is_said(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        tables.read_table(data)
    assert (refused.value.code, refused.value.field) == (code, "file")


def archive(**members: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<workbook><x>&b;</x></workbook>"""


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"word__document_xml": b"<x/>"}, "kind"),
        ({"xl__workbook_xml": b"<x/>", "xl__vbaProject.bin": b"x"}, "active"),
        ({"xl__workbook_xml": b"<x/>", "xl__big_xml": b"\0" * 101 * 1024 * 1024}, "too_big"),
        ({"xl__workbook_xml": LAUGHS, "[Content_Types]_xml": LAUGHS}, "broken"),
        ({"xl__workbook_xml": b"<x/>"}, "broken"),
    ],
)
def test_a_workbook_with_a_trap_is_refused(members: dict[str, bytes], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        tables.read_table(archive(**members))
    assert refused.value.code == code


@given(st.binary(max_size=300))
@example(b"PK\x03\x04" + b"\0" * 60)
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    try:
        table = tables.read_table(data)
    except Invalid:
        return
    assert all(len(row) == len(table.header) for row in table.rows)
    assert len(table.rows) == len(table.lines)
