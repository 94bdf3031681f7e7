"""What the editor of the programme posts: steps, new lines, beginnings, undo and redo."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import planning, steps
from eventkit.errors import Invalid, Refused
from eventkit.model.event import Event
from eventkit.store import agenda as agenda_store
from eventkit.store import drafts
from eventkit.web import access
from eventkit.web.forms.planning import CopyForm, FrameForm, QuickForm, StepForm
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext, plain
from eventkit.web.organiser import board, step_words
from eventkit.web.organiser.agenda import shown
from eventkit.web.organiser.desk import blueprint, meeting
from eventkit.web.site import now, site, store

AT_FIELD = {"name": "people", "title": "title", "minutes": "minutes", "people": "people"}


def _hand(event: Event) -> planning.Hand:
    return planning.Hand(store(), event.id, access.actor(), now(), site().identity)


@blueprint.post("/events/<slug>/agenda/items/<int:item_id>/step")
@access.organisers
def item_step(slug: str, item_id: int) -> ResponseReturnValue:
    """Do one step at an item of the draft."""
    event = meeting(slug)
    form = StepForm()
    found = agenda_store.draft_item(store(), event.id, item_id)
    if found is None:
        if drafts.last_of_item(store(), event.id, item_id) is None:
            raise NotFoundPage
        return shown(event, 409, wrong=_meanwhile(event, item_id, "gone_meanwhile"))
    move = form.move(found)
    if move is None:
        said = " ".join(str(m) for messages in form.errors.values() for m in messages)
        return shown(event, 422, wrong=said, item=item_id)
    try:
        touched = planning.change(_hand(event), move, seen=form.marks(item_id))
    except Refused as error:
        if error.code.endswith("meanwhile"):
            return shown(event, 409, wrong=_meanwhile(event, item_id, error.code), item=item_id)
        if error.code == "not_found":
            raise
        return shown(event, 422, wrong=sentence(error.code), item=item_id)
    return _done(event, touched[0])


def _meanwhile(event: Event, item_id: int, code: str) -> str:
    """Who was faster; what they did is on the page."""
    step = drafts.last_of_item(store(), event.id, item_id)
    said = sentence(code)
    if step is None or step.actor == access.actor():
        return said
    return f"{said} {_('That was %(name)s.') % {'name': step.actor}}"


def _done(event: Event, item_id: int, said: str = "", **more: str) -> ResponseReturnValue:
    """To the item, with a word of what was done."""
    draft = agenda_store.draft(store(), event.id)
    found = next((item for item in draft if item.id == item_id), None)
    step = drafts.last_done(store(), event.id)
    titles = {item.id: plain(item.title) for item in draft}
    flash(said or (_first_upper(step_words.step(step, titles)) if step else ""), "success")
    if found is None:
        return redirect(board.address(event, request.form.get("day", "")[:10], anchor="board"), 303)
    made = board.Draft(event, draft, (), ())
    day = made.day_of(found)
    anchor = "quick" if more else f"item-{found.id}"
    return redirect(board.address(event, day, found.id, anchor, **more), 303)


def _first_upper(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


@blueprint.post("/events/<slug>/agenda/undo")
@access.organisers
def agenda_undo(slug: str) -> ResponseReturnValue:
    """Take the last step back, whoever did it; the button said which."""
    return _back_or_forth(meeting(slug), again=False)


@blueprint.post("/events/<slug>/agenda/redo")
@access.organisers
def agenda_redo(slug: str) -> ResponseReturnValue:
    """Do the step again that was taken back."""
    return _back_or_forth(meeting(slug), again=True)


def _back_or_forth(event: Event, *, again: bool) -> ResponseReturnValue:
    do = steps.redo if again else steps.undo
    number = request.form.get("step", 0, type=int)
    try:
        step = do(store(), event.id, number, actor=access.actor(), now=now())
    except Refused as error:
        status = 422 if isinstance(error, Invalid) else 409
        return shown(event, status, wrong=sentence(error.code))
    draft = agenda_store.draft(store(), event.id)
    words = step_words.step(step, {item.id: plain(item.title) for item in draft})
    said = _("Done again: %(step)s.") if again else _("Undone: %(step)s.")
    return _done(event, next(iter(step.before)), said % {"step": words})


@blueprint.post("/events/<slug>/agenda/add")
@access.organisers
def agenda_add(slug: str) -> ResponseReturnValue:
    """Add an item by one line."""
    event = meeting(slug)
    form = QuickForm()
    form.offer(agenda_store.rooms(store(), event.id))
    new = form.new(event)
    if new is None:
        return shown(event, 422, form=form)
    try:
        item_id = planning.add(_hand(event), new)
    except Invalid as error:
        form.refuse(error, AT_FIELD)
        return shown(event, 422, form=form)
    return _done(event, item_id, added="1")


@blueprint.post("/events/<slug>/agenda/frame")
@access.organisers
def agenda_frame(slug: str) -> ResponseReturnValue:
    """Begin a day with a ready frame."""
    event = meeting(slug)
    form = FrameForm()
    if not form.validate():
        return shown(event, 422, form=form)
    touched = planning.frame(_hand(event), form.frame.data, form.on.data)
    return _begun(event, touched)


@blueprint.post("/events/<slug>/agenda/copy")
@access.organisers
def agenda_copy(slug: str) -> ResponseReturnValue:
    """Begin with the programme of an earlier meeting."""
    event = meeting(slug)
    form = CopyForm()
    form.offer(drafts.programmes_but(store(), event.id))
    if not form.validate():
        return shown(event, 422, form=form)
    try:
        touched = planning.begin_from(
            _hand(event), form.source.data, with_people=bool(form.with_people.data)
        )
    except Invalid as error:
        form.refuse(error)
        return shown(event, 422, form=form)
    return _begun(event, touched)


def _begun(event: Event, touched: tuple[int, ...]) -> ResponseReturnValue:
    n = len(touched)
    said = ngettext("%(num)s item is in the draft now.", "%(num)s items are in the draft now.", n)
    return _done(event, touched[0], said % {"num": n})
