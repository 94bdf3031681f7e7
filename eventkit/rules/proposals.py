"""What other programs call things: kinds, times, lengths, languages. Words in, data out."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from eventkit.errors import Invalid
from eventkit.model.agenda import Kind, Role
from eventkit.model.proposal import Proposal
from eventkit.rules import dates, text

MOST = timedelta(days=14)
LONGEST_TITLE = 300
LONGEST_ABSTRACT = 20_000

_KINDS = (
    (Kind.BREAK, r"pause|break|lunch|coffee|kaffee|mittag|imbiss"),
    (Kind.OPENING, r"er[öo]ff|opening|begr[üu](?:ß|ss)|welcome|gru(?:ß|ss)wort"),
    (Kind.WORKSHOP, r"workshop|hands-?on|tutorial|seminar|werkstatt"),
    (Kind.PANEL, r"panel|podium|discussion|diskussion"),
    (Kind.NETWORKING, r"network|netzwerk|meet-?up|social|party|ausklang|empfang|reception"),
    (Kind.TALK, r"talk|lecture|vortrag|keynote|impuls|presentation|referat|lightning"),
)
_ROLE_OF = {Kind.OPENING: Role.OPENING, Kind.PANEL: Role.PANELLIST}


def kind_of(word: str) -> Kind | None:
    """The kind another program's word means, in German or English; None for an unknown word."""
    folded = word.casefold()
    return next((kind for kind, words in _KINDS if re.search(words, folded)), None)


def role_on(kind: Kind | None) -> Role:
    """What somebody does on an item if the file says only that they are there."""
    return _ROLE_OF.get(kind or Kind.TALK, Role.SPEAKER)


def length(word: str) -> timedelta | None:
    """A length of time: "0:30", "00:30:00", "90", "90 min", "1,5 h", "PT45M"; None if unclear."""
    word = word.strip()
    if clock := re.fullmatch(r"(\d{1,3}):([0-5]\d)(?::[0-5]\d)?", word):
        return timedelta(hours=int(clock[1]), minutes=int(clock[2]))
    if iso := re.fullmatch(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?", word):
        days, hours, minutes = (int(part or 0) for part in iso.groups())
        return timedelta(days=days, hours=hours, minutes=minutes) or None
    if plain := re.fullmatch(r"(\d{1,4})\s*(?:min\.?|minuten|minutes|m|['’′])?", word, re.I):
        return timedelta(minutes=int(plain[1])) or None
    if hours_only := re.fullmatch(
        r"(\d{1,2})(?:[.,](\d))?\s*(?:h|std\.?|stunden?|hours?)", word, re.I
    ):
        return timedelta(hours=int(hours_only[1]), minutes=6 * int(hours_only[2] or 0)) or None
    return None


def clock_of(word: str) -> time | None:
    """A time of day: "9", "9:30", "09.30 Uhr", "9:30 pm"; None if unclear."""
    found = re.fullmatch(
        r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*(?:uhr)?\s*(am|pm|a\.m\.|p\.m\.)?",
        word.strip(),
        re.I,
    )
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3].lower().startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def day_of(word: str) -> date | None:
    """A day: ISO, "20.11.2026", "20.11.26", "20/11/2026"; None if unclear."""
    word = re.sub(r"^\D{2,12}[,.]?\s+", "", word.strip())
    if iso := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", word):
        year, month, day = (int(part) for part in iso.groups())
    elif written := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})", word):
        day, month, year = (int(part) for part in written.groups())
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def names_of(words: str) -> tuple[str, ...]:
    """The people a cell names, one after the other by ; or line, else by comma or "und"."""
    parts = (
        re.split(r"[;\n|]", words)
        if re.search(r"[;\n|]", words)
        else re.split(r",| und | and | & ", words)
    )
    return tuple(dict.fromkeys(name for part in parts if (name := text.clean(part))))


class Unclear(Exception):
    """Something a file says can't be understood; `code` says what, `value` is what stands there."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code, self.value = code, value


def in_our_times(day: date) -> bool:
    """Whether a day can be meant: others are slips, and at the edges no clock can be reckoned."""
    return 1970 <= day.year <= 2199


def at(day: date, clock: time, zone: str) -> datetime:
    """The instant of a local time; raises what a row's trouble is made of."""
    if not in_our_times(day):
        raise Unclear("start", day.isoformat())
    try:
        return dates.to_instant(datetime.combine(day, clock), zone)
    except Invalid as error:
        raise Unclear(error.code, f"{day.isoformat()} {clock:%H:%M}") from None


def spoken(word: str) -> str:
    """ "de", "en" or "" for the name or code of a language."""
    found = word.strip().casefold()[:3].rstrip("-_")
    return {"de": "de", "deu": "de", "ger": "de", "en": "en", "eng": "en"}.get(found, "")


def sound(proposal: Proposal) -> Proposal:
    """The proposal with cleaned and bounded words (R23)."""
    return replace(
        proposal,
        title=text.clean(proposal.title)[:LONGEST_TITLE],
        abstract=None
        if proposal.abstract is None
        else text.clean(proposal.abstract, lines=True)[:LONGEST_ABSTRACT],
        room=None if proposal.room is None else text.clean(proposal.room)[:120],
        track=None if proposal.track is None else text.clean(proposal.track)[:80],
    )
