"""Lists of people to take along: CSV, Excel, PDF."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from flask import Response

from eventkit.documents import pdf, sheets
from eventkit.documents.pdf import Guest
from eventkit.documents.sheets import Cell
from eventkit.errors import PressBusy
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.registration import HOLDS_SEAT, Registration, State
from eventkit.store import questions as question_store
from eventkit.store import quotas, registrations
from eventkit.store.rows import fold
from eventkit.web import access
from eventkit.web.errors import page as error_page
from eventkit.web.language import current, plain
from eventkit.web.language import gettext as _
from eventkit.web.organiser import answered
from eventkit.web.organiser.attendees import asked, asked_group, workshops
from eventkit.web.organiser.desk import XLSX, blueprint, download, meeting
from eventkit.web.site import now, organisation, site, store


def state_word(state: State) -> str:
    """The state of a registration as a word."""
    return {
        State.REQUESTED: _("Asked for"),
        State.OFFERED: _("Place offered"),
        State.CONFIRMED: _("Confirmed"),
        State.WAITING: _("Waiting list"),
        State.CANCELLED: _("Cancelled"),
        State.ATTENDED: _("Attended"),
    }[state]


def _rows(event: Event) -> Iterator[Sequence[Cell]]:
    """The table of attendees, as the address of the list asks for it, header first.

    What is nobody's business but those who prepare it has a list of its own (`needs`, R50).
    """
    wanted, _state, states = asked()
    chosen = workshops(event)
    asked_here = answered.columns(event)
    zone = ZoneInfo(event.zone)
    yield [
        _("Name"),
        _("E-mail"),
        _("Organisation"),
        _("Function"),
        _("State"),
        _("Registered"),
        _("Language"),
        _("Workshops"),
        _("Waits for"),
        _("Group"),
        _("Persons"),
        _("Comes with"),
        *(answered.heading(question) for question in asked_here),
    ]
    answer = answered.chosen(answered.wanted(event))
    group = asked_group(event)
    found = registrations.attendees(
        store(),
        event.id,
        words=wanted,
        states=states,
        answer=answer,
        group=group.id if group else None,
    )
    names = {each.id: plain(each.name) for each in quotas.groups(store(), event.id, retired=True)}
    given = question_store.of_event(store(), event.id, (each.id for each in found))
    for each in found:
        own = given.get(each.id, {})
        yield [
            each.name,
            each.email,
            each.organisation,
            each.role,
            state_word(each.state),
            each.created_at.astimezone(zone).replace(tzinfo=None),
            each.language,
            "; ".join(plain(item.title) for item in _joined(each, chosen)),
            "; ".join(plain(item.title) for item in _hoped(each, chosen)),
            names.get(each.group_id or 0, ""),
            each.places,
            "; ".join(each.companions),
            *(answered.cell(question, own.get(question.id)) for question in asked_here),
        ]


def _joined(registration: Registration, items: dict[int, Item]) -> list[Item]:
    return [items[c.item_id] for c in registration.choices if c.confirmed and c.item_id in items]


def _hoped(registration: Registration, items: dict[int, Item]) -> list[Item]:
    """The workshops somebody waits for, the first wishes first."""
    waiting = (choice for choice in registration.choices if not choice.confirmed)
    return [items[choice.item_id] for choice in waiting if choice.item_id in items]


@blueprint.get("/events/<slug>/attendees.csv")
@access.organisers
def attendees_csv(slug: str) -> Response:
    """The list for any spreadsheet, as filtered on the page."""
    event = meeting(slug)
    rows = list(_rows(event))
    body = sheets.csv(rows, language=current())
    return download(body, "text/csv; charset=utf-8", f"{event.slug}-{_('attendees')}.csv")


@blueprint.get("/events/<slug>/attendees.xlsx")
@access.organisers
def attendees_xlsx(slug: str) -> Response:
    """The list for Excel, as filtered on the page."""
    event = meeting(slug)
    body = sheets.xlsx(_rows(event), title=_("Attendees"), language=current(), at=now())
    return download(body, XLSX, f"{event.slug}-{_('attendees')}.xlsx")


@blueprint.get("/events/<slug>/attendees.pdf")
@access.organisers
def attendees_pdf(slug: str) -> Response:
    """The list on paper, by name; without a filter those who have a place."""
    event = meeting(slug)
    wanted, _state, states = asked()
    try:
        body = pdf.attendee_list(
            event,
            guests(event, wanted, states),
            organisation=organisation(),
            language=current(),
            accent=organisation().accent,
            printed_at=now(),
            press=site().press,
        )
    except PressBusy:
        return error_page(503)
    return download(body, "application/pdf", f"{event.slug}-{_('attendees')}.pdf")


@blueprint.get("/events/<slug>/signin-sheet.pdf")
@access.organisers
def signin_sheet(slug: str) -> Response:
    """The sheet to sign at the door."""
    event = meeting(slug)
    try:
        body = pdf.signin_sheet(
            event,
            guests(event),
            organisation=organisation(),
            language=current(),
            accent=organisation().accent,
            printed_at=now(),
            press=site().press,
        )
    except PressBusy:
        return error_page(503)
    return download(body, "application/pdf", f"{event.slug}-{_('sign-in')}.pdf")


def guests(event: Event, wanted: str = "", states: Sequence[State] = ()) -> list[Guest]:
    """People for a paper, in the order of their names."""
    items = workshops(event)
    found = registrations.attendees(
        store(), event.id, words=wanted, states=states or sorted(HOLDS_SEAT)
    )
    return [
        Guest(
            each.name,
            each.organisation,
            each.role,
            tuple(item.title for item in _joined(each, items)),
        )
        for each in sorted(found, key=lambda each: (fold(each.name), each.id))
    ]
