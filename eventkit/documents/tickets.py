"""What a guest takes along: the ticket with its code, and the certificate afterwards.

Data in, bytes out; nothing of it is kept on a shelf, because it names a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventkit.documents import paper
from eventkit.documents.press import Job, Press
from eventkit.model.account import Organisation
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.text import NOTHING, Text
from eventkit.rules import tickets as rules


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose ticket or certificate it is; `companions` come in with the same ticket."""

    name: str
    organisation: str = ""
    group: Text = NOTHING
    companions: tuple[str, ...] = ()
    workshops: tuple[Item, ...] = ()


def ticket(
    event: Event,
    bearer: Bearer,
    *,
    code: str,
    organisation: Organisation,
    language: str,
    accent: str,
    printed_at: datetime,
    press: Press,
) -> bytes:
    """One page A4, folded once: the ticket above, what one needs on the day below.

    `code` is what the QR code holds. Raises PressBusy and PressFailed.
    """
    html = paper.html(
        "ticket.html",
        language,
        **paper.frame(event, organisation, language, accent),
        bearer=bearer,
        code=rules.grouped(code),
        size=_size(bearer.name, _NAMES),
        title_size=_size(event.title.pick(language)[0], _TITLES),
    )
    return press.print(Job(html, "ticket.css", printed_at, {"qr-ticket": paper.qr(code)}))


def certificate(
    event: Event,
    bearer: Bearer,
    *,
    code: str,
    address: str,
    organisation: Organisation,
    language: str,
    accent: str,
    press: Press,
) -> bytes:
    """That somebody took part: one page A4 with room for a signature.

    `address` is where `code` can be checked. The same data give the same bytes. Raises
    PressBusy and PressFailed.
    """
    html = paper.html(
        "certificate.html",
        language,
        **paper.frame(event, organisation, language, accent),
        bearer=bearer,
        code=rules.grouped(code),
        address=address,
        hours=hours(event),
        size=_size(bearer.name, _NAMES),
        title_size=_size(event.title.pick(language)[0], _TITLES),
    )
    codes = {"qr-verify": paper.qr(address)}
    return press.print(Job(html, "certificate.css", event.ends_at, codes))


def hours(event: Event) -> str:
    """How long a meeting of one day lasts, in hours ("6", "6.5"); "" where that says nothing."""
    lasted: timedelta = event.ends_at - event.starts_at
    if event.all_day or paper.several_days(event):
        return ""
    return f"{round(lasted / timedelta(hours=1) * 2) / 2:g}"


_NAMES = ((24, "wide"), (44, "middle"))
_TITLES = ((34, "wide"), (70, "middle"))


def _size(words: str, steps: Sequence[tuple[int, str]]) -> str:
    """How large words can stand in their place."""
    return next((name for most, name in steps if len(words) <= most), "narrow")
