"""A guest's own answers: read, changed until registration closes, their files fetched (R55)."""

from flask import Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import questions as answer_actions
from eventkit.actions import registration as registrations
from eventkit.errors import Invalid, NotFound, RegistrationClosed
from eventkit.model.event import Event
from eventkit.model.registration import Registration, State
from eventkit.rules import questions as rules
from eventkit.store import events
from eventkit.store import questions as question_store
from eventkit.web import access, asking, headers, listing, meeting
from eventkit.web.forms.answers import AnswersForm, ask, collected, said_wrong
from eventkit.web.forms.base import complain
from eventkit.web.guest import blueprint
from eventkit.web.site import now, organisation, store


@blueprint.route("/<token>/answers", methods=["GET", "POST"])
@access.personal
@headers.takes_answers
def answers(token: str) -> AnyResponse:
    """The meeting's questions with what one answered; read only once registration closed."""
    found, event = _open(token)
    asked = question_store.form(store(), event.id)
    form = AnswersForm()
    ask(form, asked, before=answer_actions.of(store(), found.id))
    editable = found.state is not State.CANCELLED and rules.may_edit(event, now())
    if not form.is_submitted():
        return _page(token, found, event, form, editable, 200)
    if not editable:
        return _page(token, found, event, form, editable, 409)
    if form.validate():
        try:
            answer_actions.correct(store(), found.id, collected(asked), now=now())
        except Invalid as error:
            question = asked.by_key((error.field or "").removeprefix("q_"))
            complain(form, error.field or "", said_wrong(question, error.code) if question else "")
        except RegistrationClosed:
            return _page(token, found, event, form, False, 409)
        else:
            return redirect(url_for("guest.page", token=token, _anchor="answers"), 303)
    return _page(token, found, event, form, editable, 422)


def _page(
    token: str, found: Registration, event: Event, form: AnswersForm, editable: bool, status: int
) -> AnyResponse:
    body = render_template(
        "guest/answers.html",
        token=token,
        found=found,
        event=event,
        form=form,
        editable=editable,
        block=listing.block(event),
        contact=meeting.contact_address(event, organisation().email),
        given=asking.given(question_store.of_registration(store(), found.id)),
        **asking.shown(form, event, asking.own_files(token, found.id)),
    )
    return make_response(body, status)


@blueprint.get("/<token>/answers/<key>")
@access.personal
def answer_file(token: str, key: str) -> Response:
    """A file one answered with."""
    found, _event = _open(token)
    return asking.hand_out(answer_actions.of(store(), found.id), key)


def _open(token: str) -> tuple[Registration, Event]:
    """The registration a link opens and its meeting. Raises NotFound."""
    found = registrations.find(store(), token, now=now())
    event = events.by_id(store(), found.event_id)
    if event is None:
        raise NotFound
    return found, event
