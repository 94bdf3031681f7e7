"""Tables that people hand in: CSV and XLSX read as rows of plain text (R22).

Encoding and separator are found from the content; a name or a declared type is not asked.
Nothing is calculated: of a formula only the value that its program stored is read.
"""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from eventkit.documents.sheets import neutral
from eventkit.errors import Invalid
from eventkit.rules import text

LIMIT = 10 * 1024 * 1024
ROWS = 20_000
LINES = 5 * ROWS  # empty ones included
COLUMNS = 200
CELL = 10_000
_UNPACKED = 100 * 1024 * 1024
_SEPARATORS = (";", ",", "\t")
_SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a sheet as cleaned text; each row is as long as the header.

    `lines` names the line (or spreadsheet row) each row begins at, from 1, for messages.
    `encoding` and `separator` say how a CSV was read; both are "" for a workbook.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    encoding: str = ""
    separator: str = ""


def read_table(data: bytes) -> Table:
    """Read a CSV or XLSX file whose first filled row is the header.

    Raises Invalid (field "file"): `empty`, `too_big` (10 MB, or what it unpacks to), `broken`,
    `active` for macros, `kind` for what is no table, `too_many_rows` over 20,000.
    """
    if not data.strip():
        raise Invalid("empty", field="file")
    if len(data) > LIMIT:
        raise Invalid("too_big", field="file")
    if data.startswith(b"PK\x03\x04"):
        return _table(_workbook(data))
    if data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"<")):
        raise Invalid("kind", field="file")  # 0xd0cf11e0 is the old binary Excel
    words, encoding = _decoded(data)
    words, separator = _separator(words)
    return _table(_csv(words, separator), encoding, separator)


def read_lines(data: bytes) -> list[tuple[int, str]]:
    """The filled lines of a typed or pasted list, each with its number, cleaned.

    Raises Invalid (field "file"): `broken` for no readable text.
    """
    words, _encoding = _decoded(data)
    found = ((number, text.clean(line)) for number, line in enumerate(words.splitlines(), 1))
    return [(number, line) for number, line in found if line]


def is_workbook(data: bytes) -> bool:
    """Whether this is no text but (by its first octets) a workbook."""
    return data.startswith(b"PK\x03\x04")


def _table(
    found: Iterable[tuple[int, list[str]]], encoding: str = "", separator: str = ""
) -> Table:
    filled = ((line, cells) for line, cells in found if any(cells))
    first = next(filled, None)
    if first is None:
        raise Invalid("empty", field="file")
    header = first[1]
    while header and not header[-1]:
        header.pop()
    width = len(header)
    lines: list[int] = []
    rows: list[tuple[str, ...]] = []
    for line, cells in filled:
        if len(rows) == ROWS:
            raise Invalid("too_many_rows", field="file")
        if any(cells[:width]):
            lines.append(line)
            rows.append((*cells[:width], *[""] * (width - len(cells))))
    return Table(tuple(header), tuple(rows), tuple(lines), encoding, separator)


def _cell(value: str) -> str:
    """The text of a cell, without the apostrophe our own files put before what calculates."""
    words = text.clean(value, lines=True)[:CELL]
    return words[1:] if words.startswith("'") and neutral(words[1:]) == words else words


# --- CSV --------------------------------------------------------------------------------------


_FEW = 20  # with fewer zero bytes than one in so many, they are stray: no UTF-16


def _decoded(data: bytes) -> tuple[str, str]:
    """The text and its encoding: by its mark, by its zero bytes, as UTF-8, else Windows-1252."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _strict(data, encoding), encoding
    head = data[:2000]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if max(odd, even) > len(head) // _FEW:
        return _strict(data, "utf-16-le" if odd >= even else "utf-16-be"), "utf-16"
    data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "cp1252"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Invalid("broken", field="file") from None


def _separator(words: str) -> tuple[str, str]:
    """The text and what separates its cells; Excel's own first line "sep=;" is obeyed."""
    first, _, rest = words.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return rest, first.strip()[-1]
    return words, max(_SEPARATORS, key=lambda separator: _fit(words, separator))


def _fit(words: str, separator: str) -> tuple[int, int]:
    """How well a separator explains the first rows: those as wide as the header, its width."""
    try:
        rows = [row for row in islice(_reader(words, separator), _SAMPLE) if row]
    except csv.Error:
        return (0, 0)
    width = len(rows[0]) if rows else 0
    return (sum(len(row) == width for row in rows), width) if width > 1 else (0, width)


def _reader(words: str, separator: str) -> Any:
    return csv.reader(StringIO(words, newline=""), delimiter=separator)


def _csv(words: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = _reader(words, separator)
    line = 1
    try:
        for row in reader:
            if line > LINES:
                raise Invalid("too_many_rows", field="file")
            yield line, [_cell(value) for value in row[:COLUMNS]]
            line = reader.line_num + 1
    except csv.Error:
        raise Invalid("broken", field="file") from None


# --- XLSX -------------------------------------------------------------------------------------


def _workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first visible sheet."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _fence(archive.infolist())
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [s for s in book.worksheets if s.sheet_state == "visible"] or book.worksheets
        if not sheets:
            raise Invalid("empty", field="file")
        sheet: Any = sheets[0]
        if hasattr(sheet, "reset_dimensions"):
            sheet.reset_dimensions()  # what a file says of its size may be wrong
        rows = sheet.iter_rows(values_only=True, max_col=COLUMNS, max_row=2 * ROWS)
        for number, row in enumerate(rows, start=1):
            yield number, [_cell(_plain(value)) for value in row]
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        DefusedXmlException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Invalid("broken", field="file") from None


def _fence(members: Sequence[zipfile.ZipInfo]) -> None:
    names = {info.filename.lower() for info in members}
    if "xl/workbook.xml" not in names:
        raise Invalid("kind", field="file")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Invalid("active", field="file")
    if sum(info.file_size for info in members) > _UNPACKED:
        raise Invalid("too_big", field="file")


def _plain(value: object) -> str:
    """A value as people write it, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
