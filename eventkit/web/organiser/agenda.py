"""The editor of the programme: the draft as it will be printed, with everything one can do."""

from collections.abc import Callable
from datetime import date

from flask import Response, request
from flask.typing import ResponseReturnValue

from eventkit.actions import publishing, steps
from eventkit.model.event import Event
from eventkit.rules import agenda as agenda_rule
from eventkit.rules import dates, grid, planning
from eventkit.store import agenda as agenda_store
from eventkit.store import appearances, drafts, people
from eventkit.web import access
from eventkit.web.forms.agenda import KINDS
from eventkit.web.forms.base import Form
from eventkit.web.forms.planning import (
    PUSHES,
    SCOPES,
    CopyForm,
    FrameForm,
    QuickForm,
    following,
)
from eventkit.web.language import plain
from eventkit.web.organiser import board
from eventkit.web.organiser.board import Draft
from eventkit.web.organiser.desk import blueprint, meeting, page
from eventkit.web.site import now, store

ROWS, COLUMNS = 400, 60


@blueprint.get("/events/<slug>/agenda")
@access.organisers
def agenda(slug: str) -> ResponseReturnValue:
    """A day of the draft (`?day=`), its clashes, and what can be done to `?item=`."""
    return shown(meeting(slug))


def draft_of(event: Event) -> Draft:
    """The draft of a meeting with its clashes."""
    items = agenda_store.draft(store(), event.id)
    available = appearances.availabilities(store(), event.id)
    found = agenda_rule.clashes(event, items, available=available)
    return Draft(event, items, tuple(agenda_store.rooms(store(), event.id)), found)


def shown(
    event: Event, status: int = 200, *, form: Form | None = None, wrong: str = "", item: int = 0
) -> tuple[str, int]:
    """The editor; `form` is one that was refused, `wrong` says why a step was not done."""
    draft = draft_of(event)
    chosen = draft.item(item or request.args.get("item", type=int))
    day = _day(draft, form) or (draft.day_of(chosen) if chosen else _first(draft))
    titles = {found.id: plain(found.title) for found in draft.items}
    published = agenda_store.published(store(), event.id)
    me = access.actor()
    of_day = [found for found in draft.items if draft.day_of(found) == day]
    last = chosen or max(of_day, key=lambda i: i.ends_at, default=None)
    morning = planning.at_minute(day, 9 * 60, event.zone)
    begins = last.ends_at if last else max(event.starts_at, morning)
    form_of = _forms(form)
    return page(
        "agenda.html",
        status,
        event=event,
        items=draft.items,
        rooms=draft.rooms,
        days=board.days(draft, day),
        day=day.isoformat(),
        view=board.board(draft, day, chosen.id if chosen else None),
        panel=board.panel(draft, chosen) if chosen else None,
        clashes=board.clash_list(draft),
        undo=board.step(steps.to_undo(store(), event.id, now=now()), me, titles),
        redo=board.step(steps.to_redo(store(), event.id, now=now()), me, titles),
        published=published,
        pending=len(publishing.pending(store(), event.id)),
        quick=form_of(QuickForm, following(event, last, begins), draft),
        frames=form_of(FrameForm, {"on": day}, draft),
        copying=form_of(CopyForm, {}, draft),
        names=[(p.name, plain(p.organisation)) for p in people.every(store())],
        wrong=wrong,
        kinds=KINDS,
        scopes=SCOPES,
        pushes=PUSHES,
        added=form is None and "added" in request.args,
    )


def _forms(refused: Form | None) -> Callable[..., Form]:
    """Gives each form of the page: the refused one as it was typed, the others fresh."""

    def form_of(kind: type[Form], values: dict[str, object], draft: Draft) -> Form:
        if isinstance(refused, kind):
            return refused
        made = kind(formdata=None, data=values)
        if isinstance(made, QuickForm):
            made.offer(draft.rooms)
        if isinstance(made, CopyForm):
            made.offer(drafts.programmes_but(store(), draft.event.id))
        return made

    return form_of


def _day(draft: Draft, form: Form | None) -> date | None:
    """The day asked for, if the meeting has it."""
    typed = form["on"].data if form is not None and "on" in form else None
    asked = typed.isoformat() if typed else request.args.get("day", "")
    return next((d for d in grid.days(draft.event, draft.items) if d.isoformat() == asked), None)


def _first(draft: Draft) -> date:
    """The day of today if it is one of the meeting's, else the first one."""
    known = grid.days(draft.event, draft.items)
    today = dates.to_local(now(), draft.event.zone).date()
    return today if today in known else known[0]


@blueprint.get("/grid.css")
@access.organisers
def grid_css() -> Response:
    """The classes that put items into rows and columns: a page may carry no style of its own."""
    rules = [f".from-{n} {{ grid-row-start: {n}; }}" for n in range(1, ROWS)]
    rules += [f".rows-{n} {{ grid-row-end: span {n}; }}" for n in range(1, ROWS)]
    rules += [f".col-{n} {{ grid-column-start: {n}; }}" for n in range(1, COLUMNS)]
    rules += [f".cols-{n} {{ grid-column-end: span {n}; }}" for n in range(1, COLUMNS)]
    response = Response("@layer page {\n" + "\n".join(rules) + "\n}\n", mimetype="text/css")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
