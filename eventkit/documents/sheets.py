"""Tables for spreadsheets: CSV and XLSX whose cells can't run as formulas (R22)."""

import csv as writer
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from eventkit.language import catalogue

Cell = str | int | float | date | None
"""What a cell may hold. A `datetime` is local and naive: a spreadsheet knows no zones."""

_FORMULA = frozenset("=+-@|\N{MINUS SIGN}")
_START = ("\t", "\r", "\n")
_BATCH = 200  # rows written at once
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def csv(rows: Iterable[Sequence[Cell]], *, language: str) -> Iterator[bytes]:
    """The rows as CSV in pieces, the first row being the header.

    UTF-8 with a byte order mark, and `;` between the cells for German readers, as their
    Excel expects; `,` for the others. Lines end with CR LF (RFC 4180).
    """
    buffer = StringIO(newline="")
    table = writer.writer(buffer, delimiter=";" if language == "de" else ",")
    buffer.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    for number, row in enumerate(rows, start=1):
        table.writerow([_plain(cell, language) for cell in row])
        if number % _BATCH == 0:
            yield _drained(buffer)
    yield _drained(buffer)


def xlsx(rows: Iterable[Sequence[Cell]], *, title: str, language: str, at: datetime) -> bytes:
    """The rows as an Excel workbook of one sheet, the first row being the header.

    `title` names sheet and document, `at` dates it, so that the same rows give the same
    bytes. The header stays in sight, columns are as wide as their words.
    """
    file = BytesIO()
    with Workbook(file, _OPTIONS) as book:
        # The file holds a time without a zone; XlsxWriter takes the words of an aware one.
        book.set_properties({"title": title, "created": at.replace(tzinfo=None)})
        sheet = book.add_worksheet(_sheet_name(title))
        heading = book.add_format({"bold": True, "bottom": 1})
        dates = book.add_format({"num_format": "dd.mm.yyyy" if language == "de" else "yyyy-mm-dd"})
        times = book.add_format({"num_format": f"{dates.num_format} hh:mm"})
        widths: dict[int, int] = {}
        last = 0
        for last, row in enumerate(rows):
            for column, cell in enumerate(row):
                widths[column] = max(widths.get(column, 0), len(str(cell or "")))
                if isinstance(cell, datetime):
                    sheet.write_datetime(last, column, cell.replace(tzinfo=None), times)
                elif isinstance(cell, date):
                    sheet.write_datetime(last, column, cell, dates)
                elif isinstance(cell, int | float) and not isinstance(cell, bool):
                    sheet.write_number(last, column, cell)
                elif cell is not None and cell != "":
                    words = neutral(_word(cell, language))[:32767]
                    sheet.write_string(last, column, words, None if last else heading)
        for column, width in widths.items():
            sheet.set_column(column, column, min(60, max(8, width + 2)))
        sheet.freeze_panes(1, 0)
        if widths:
            sheet.autofilter(0, 0, last, max(widths))
    return file.getvalue()


def neutral(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would calculate it.

    That is where the first sign that shows is one of = + - @ |, in any width, or where the
    text starts with a tab or a line break. A phone number stays readable: '+49 231 50.
    """
    if text.startswith(_START):
        return f"'{text}"
    for sign in text:
        if sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc", "Mn"):
            continue
        return f"'{text}" if unicodedata.normalize("NFKC", sign)[:1] in _FORMULA else text
    return text


def _plain(cell: Cell, language: str) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%d.%m.%Y %H:%M" if language == "de" else "%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y" if language == "de" else "%Y-%m-%d")
    if isinstance(cell, float) and language == "de":
        return str(cell).replace(".", ",")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return str(cell)
    return neutral(_word(cell, language))


def _word(cell: Cell, language: str) -> str:
    if isinstance(cell, bool):
        _ = catalogue(language).gettext
        return _("yes") if cell else _("no")
    return "" if cell is None else str(cell)


def _drained(buffer: StringIO) -> bytes:
    content = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return content.encode()


def _sheet_name(title: str) -> str:
    """A name Excel accepts: at most 31 letters, none of []:*?/\\, no apostrophe at an end."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in title)[:31].strip(" '") or "-"
