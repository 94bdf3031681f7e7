"""Lists of guests as people type, paste or export them: who is meant by each line."""

import re
from collections.abc import Collection, Sequence

from eventkit.errors import Invalid
from eventkit.model.ways import Entry, Mark
from eventkit.rules import text

MOST = 2000
_ANGLED = re.compile(r"^(?P<name>[^<>]*)<\s*(?P<email>[^<>\s]+@[^<>\s]+)\s*>\s*[,;]?$")
_HEADINGS = {
    "email": (
        "email",
        "e-mail",
        "mail",
        "mailadresse",
        "e-mail-adresse",
        "emailadresse",
        "address",
    ),
    "name": ("name", "full name", "vollständiger name", "person", "gast", "guest"),
    "first": ("vorname", "first name", "firstname", "given name"),
    "last": ("nachname", "familienname", "last name", "lastname", "surname", "family name"),
    "organisation": ("organisation", "organization", "firma", "company", "einrichtung", "verein"),
    "language": ("sprache", "language", "lang"),
}
Row = Sequence[str]


def columns(heading: Row) -> dict[str, int]:
    """Which column holds what, by its heading; empty when the row is no heading."""
    if any("@" in cell for cell in heading):
        return {}
    found: dict[str, int] = {}
    for number, cell in enumerate(heading):
        word = " ".join(cell.casefold().split())
        for meaning, names in _HEADINGS.items():
            if word in names:
                found.setdefault(meaning, number)
    return found


def cells(line: str) -> list[str]:
    """What a typed line holds, separated by semicolon, tab or comma."""
    if _ANGLED.match(line):
        return [line]
    separator = next((each for each in (";", "\t", ",") if each in line), None)
    if separator is None and " " in line:
        *name, last = line.split()  # "Anna Kim anna@example.org"
        return [" ".join(name), last] if "@" in last else [line]
    return [cell.strip("\"' ") for cell in line.split(separator)] if separator else [line]


def entries(rows: Sequence[tuple[int, Row]], heading: Row = ()) -> list[Entry]:
    """The lines of a list as entries, addresses and names judged; doubles are not marked yet.

    With a known `heading` its columns count; else the cell with an @ is the address, the first
    other one the name and the next the organisation. "Anna Kim <anna@example.org>" is understood.
    """
    known = columns(heading)
    return [_entry(line, row, known) for line, row in rows]


def _entry(line: int, row: Row, known: dict[str, int]) -> Entry:
    cells = [cell.strip() for cell in row]

    def at(meaning: str) -> str:
        number = known.get(meaning)
        return cells[number] if number is not None and number < len(cells) else ""

    if "email" in known:
        name = at("name") or " ".join(part for part in (at("first"), at("last")) if part)
        email, organisation = at("email"), at("organisation")
    else:
        name, email, organisation = _guessed(cells)
    angled = _ANGLED.match(email)
    if angled:
        email, name = angled["email"], name or angled["name"]
    return _judged(line, name.strip("\"' "), email, organisation, _language(at("language")))


def _guessed(cells: Sequence[str]) -> tuple[str, str, str]:
    """Name, address and organisation of a line without headings."""
    address = next((number for number, cell in enumerate(cells) if "@" in cell), None)
    if address is None:
        return (cells[0] if cells else "", "", "")
    others = [cell for number, cell in enumerate(cells) if number != address and cell]
    return (others[0] if others else "", cells[address], others[1] if len(others) > 1 else "")


def _language(typed: str) -> str:
    word = typed.casefold()
    if word.startswith(("de", "ge")):
        return "de"
    return "en" if word.startswith("en") else ""


def _judged(line: int, name: str, email: str, organisation: str, language: str) -> Entry:
    """The entry cleaned, with what is wrong about it."""
    name, organisation = text.clean(name), text.clean(organisation)
    mark = Mark.NEW
    try:
        if email:
            email = text.address(email)
        else:
            mark = Mark.NO_ADDRESS
    except Invalid:
        mark, email = Mark.ADDRESS, text.clean(email)[:254]
    try:
        if name:
            name = text.person_name(name)
    except Invalid:
        mark = mark if mark is not Mark.NEW else Mark.NAME
    if len(organisation) > 200 or len(name) > 200:
        mark, organisation, name = Mark.TOO_LONG, organisation[:200], name[:200]
    return Entry(line, name, email, organisation, language, mark)


def marked(
    found: Sequence[Entry], *, invited: Collection[str], registered: Collection[str]
) -> list[Entry]:
    """The entries with doubles and known addresses marked; the first of doubles counts."""
    seen: set[str] = set()
    told = []
    for entry in found:
        mark, key = entry.mark, text.address_key(entry.email)
        if mark is Mark.NEW:
            if key in seen:
                mark = Mark.TWICE
            elif key in registered:
                mark = Mark.REGISTERED
            elif key in invited:
                mark = Mark.INVITED
            seen.add(key)
        told.append(
            Entry(entry.line, entry.name, entry.email, entry.organisation, entry.language, mark)
        )
    return told
