"""Words, dates and numbers in the reader's language.

The catalogues are the .po files in `translations/<language>/`, several per language
(one a room), read once per process; message ids are English.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_currency

from eventkit.model.text import LANGUAGES

DEFAULT = "de"
_CATALOGUES = Path(__file__).parent / "translations"


class Catalogue(NullTranslations):
    """The sentences of one language; an unknown sentence stays English."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self._one: dict[tuple[str | None, str], str] = {}
        self._many: dict[str, tuple[str, ...]] = {}
        for path in sorted((_CATALOGUES / language).glob("*.po")):
            with path.open("rb") as file:
                for message in read_po(file, locale=language):
                    if not message.id or message.fuzzy:
                        continue
                    if isinstance(message.id, (list, tuple)):
                        self._many[message.id[0]] = tuple(message.string or ())
                    elif isinstance(message.string, str) and message.string:
                        self._one[message.context, message.id] = message.string

    def gettext(self, message: str) -> str:
        return self._one.get((None, message), message)

    def pgettext(self, context: str, message: str) -> str:
        return self._one.get((context, message), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = self._many.get(msgid1)
        if not forms:
            return msgid1 if n == 1 else msgid2
        return forms[0] if n == 1 else forms[1]


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language ("de" or "en")."""
    return Catalogue(language)


def choose(accepted: Iterable[str]) -> str:
    """The best of our languages for a reader's wishes, best first, e.g. from Accept-Language."""
    for wish in accepted:
        if wish[:2].lower() in LANGUAGES:
            return wish[:2].lower()
    return DEFAULT


def day(instant: datetime | date, zone: str, language: str, *, weekday: bool = True) -> str:
    """A day in words: "Freitag, 18. November 2016" or "Friday 18 November 2016"."""
    local = _local(instant, zone)
    if language == "de":
        pattern = "EEEE, d. MMMM y" if weekday else "d. MMMM y"
    else:
        pattern = "EEEE d MMMM y" if weekday else "d MMMM y"
    return format_date(local, pattern, locale=_locale(language))


def short_day(instant: datetime | date, zone: str, language: str) -> str:
    """A day where there is little room: "Fr., 18.11." or "Fri 18 Nov"."""
    pattern = "EEEEEE, d.M." if language == "de" else "EEE d MMM"
    return format_date(_local(instant, zone), pattern, locale=_locale(language))


def clock(instant: datetime, zone: str, language: str) -> str:
    """A time of day in words: "10 Uhr", "10:30 Uhr", "10 am", "10:30 am"."""
    return _join_clock(_time(instant, zone, language), language)


def rail(instant: datetime, zone: str) -> str:
    """A time for the time rail, in tabular figures: "09:30"."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def span(start: datetime, end: datetime, zone: str, language: str, *, all_day: bool = False) -> str:
    """A meeting's whole date: "Freitag, 18. November 2016, 10–16 Uhr".

    `end` is exclusive for all-day meetings. Two days name both days.
    """
    last = end - timedelta(seconds=1) if all_day else end
    same_day = _local(start, zone) == _local(last, zone)
    if all_day:
        first = day(start, zone, language)
        return first if same_day else f"{first} – {day(last, zone, language)}"
    if same_day:
        return f"{day(start, zone, language)}, {hours(start, end, zone, language)}"
    return (
        f"{day(start, zone, language)}, {clock(start, zone, language)} – "
        f"{day(end, zone, language)}, {clock(end, zone, language)}"
    )


def hours(start: datetime, end: datetime, zone: str, language: str) -> str:
    """From when to when on one day: "10–16 Uhr", "9:30–16 Uhr", "10 am – 4 pm"."""
    first, last = _time(start, zone, language), _time(end, zone, language)
    if language == "de":
        return f"{first}–{last} Uhr"
    return f"{first} – {last}"


def moment(instant: datetime, zone: str, language: str) -> str:
    """A day and a time: "18. November 2016, 10:30 Uhr"."""
    return f"{day(instant, zone, language, weekday=False)}, {clock(instant, zone, language)}"


def month(instant: datetime, zone: str, language: str, *, short: bool = False) -> str:
    """The month's name, for the date block."""
    pattern = "LLL" if short else "LLLL"
    return format_date(_local(instant, zone), pattern, locale=_locale(language)).rstrip(".")


def money(cents: int, language: str) -> str:
    """An amount of cents in euro: "1.250,00 €" or "€1,250.00"."""
    return format_currency(Decimal(cents) / 100, "EUR", locale=_locale(language))


def size(octets: int, language: str) -> str:
    """A file size people understand: "340 kB", "1,2 MB"."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} kB"
    words = f"{octets / 1_000_000:.1f} MB"
    return words.replace(".", ",") if language == "de" else words


def _locale(language: str) -> str:
    return "de_DE" if language == "de" else "en_GB"


def _local(instant: datetime | date, zone: str) -> date:
    if isinstance(instant, datetime):
        return instant.astimezone(ZoneInfo(zone)).date()
    return instant


def _time(instant: datetime, zone: str, language: str) -> str:
    local = instant.astimezone(ZoneInfo(zone))
    if language == "de":
        return f"{local.hour}:{local.minute:02}" if local.minute else f"{local.hour}"
    hour, half = local.hour % 12 or 12, "am" if local.hour < 12 else "pm"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{hour}{minutes} {half}"


def _join_clock(words: str, language: str) -> str:
    return f"{words} Uhr" if language == "de" else words
