"""Messages to some of a meeting's people: written, looked at, sent, held, counted."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import mailings as actions
from eventkit.actions import seating
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.model.mailing import Audience, Mailing, MailingKind, MailingState, Progress
from eventkit.rules import mailings as rule
from eventkit.rules import placeholders, text
from eventkit.store import mailings, questions, quotas, registrations
from eventkit.web import access
from eventkit.web.forms.base import complain, instant
from eventkit.web.forms.letters import MessageForm, SendForm, message_fields, state_names
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext, plain
from eventkit.web.organiser import previews
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.organiser.letters import ROOM
from eventkit.web.organiser.ready_texts import READY, both
from eventkit.web.organiser.wordings import framed, meanings, refuse
from eventkit.web.site import now, store

ON_A_PAGE = 50
ONE = "/events/<slug>/letters/messages/<int(max=9223372036854775807):mailing_id>"


@blueprint.get("/events/<slug>/letters/messages")
@access.organisers
def messages(slug: str) -> ResponseReturnValue:
    """The messages of a meeting, the newest first."""
    event = meeting(slug)
    found = mailings.of_event(store(), event.id, MailingKind.MESSAGE)
    return page(
        "letters/messages.html",
        nav=ROOM,
        event=event,
        messages=found,
        counted=mailings.progress(store(), [each.id for each in found]),
        progress=Progress(),
        ready=READY,
    )


@blueprint.route("/events/<slug>/letters/new", methods=["GET", "POST"])
@access.organisers
def message_new(slug: str) -> ResponseReturnValue:
    """Write a message; `?ready=` starts from a text, `?person=` is to this person (or these)."""
    event = meeting(slug)
    return _write(event, None, MessageForm(data=_start(event)))


def _start(event: Event) -> dict[str, object]:
    ready = READY.get(request.args.get("ready", ""))
    states = ready.states if ready else (actions.states_of(event)[0],)
    some = [one for one in request.args.getlist("person", type=int) if 0 < one < 2**63]
    known = registrations.some(store(), some)
    allowed = set(actions.states_of(event))
    shown: dict[str, object] = {
        "states": [state.value for state in states if state in allowed],
        "people": "\n".join(each.email for each in known if each.event_id == event.id),
    }
    if ready:
        subject, body = both(ready.subject), both(ready.body)
        shown |= {"subject_de": subject.de, "subject_en": subject.en}
        shown |= {"body_de": body.de, "body_en": body.en}
        shown["without_workshop"] = ready.without_workshop
    return shown


@blueprint.route(f"{ONE}/change", methods=["GET", "POST"])
@access.organisers
def message_change(slug: str, mailing_id: int) -> ResponseReturnValue:
    """Change a message that has not been sent."""
    event = meeting(slug)
    found = _message(event, mailing_id)
    if found.state is not MailingState.DRAFT:
        return back("message", slug=slug, mailing_id=found.id)
    known = registrations.some(store(), found.audience.people)
    form = MessageForm(data=message_fields(found, [each.email for each in known]))
    return _write(event, found, form)


def _write(event: Event, before: Mailing | None, form: MessageForm) -> ResponseReturnValue:
    form.offer(
        actions.states_of(event),
        quotas.groups(store(), event.id),
        seating.workshops(store(), event),
        questions.form(store(), event.id).questions,
    )
    if form.is_submitted() and form.validate():
        people = _people(event, form)
        if not form.errors:
            audience = form.audience(people)
            if request.form.get("then") == "count":
                return _form_page(event, before, form, _counted(event, audience))
            kept = _keep(event, before, form, audience)
            if kept is not None:
                return back("message", _("Kept as a draft."), slug=event.slug, mailing_id=kept)
    return _form_page(event, before, form, "")


def _keep(
    event: Event, before: Mailing | None, form: MessageForm, audience: Audience
) -> int | None:
    try:
        return actions.save_message(
            store(),
            event.id,
            before.id if before else None,
            subject=form.text("subject"),
            body=form.text("body"),
            audience=audience,
            actor=access.actor(),
            now=now(),
        )
    except Invalid as error:
        refuse(form, error)
        return None


def _people(event: Event, form: MessageForm) -> list[int]:
    """The registrations of the addresses typed; an unknown one is said at the field."""
    found, unknown = [], []
    for typed in (form.people.data or "").split():
        key = text.address_key(typed.strip(",;<>"))
        known = registrations.live_by_address(store(), event.id, key)
        if known is None:
            unknown.append(typed)
        else:
            found.append(known.id)
    if unknown:
        words = _("Not registered for this meeting: %(addresses)s")
        complain(form, "people", words % {"addresses": ", ".join(unknown[:5])})
    return found


def _counted(event: Event, audience: Audience) -> str:
    n = sum(mailings.count(store(), event.id, audience).values())
    words = ngettext("%(num)s person would get this now.", "%(num)s people would get this now.", n)
    return words % {"num": n}


def _form_page(
    event: Event, before: Mailing | None, form: MessageForm, said: str
) -> ResponseReturnValue:
    return page(
        "letters/message_form.html",
        422 if form.errors else 200,
        nav=ROOM,
        event=event,
        form=form,
        message=before,
        said=said,
        ready=READY,
        known=placeholders.KNOWN,
        meanings=meanings(),
    )


@blueprint.get(ONE)
@access.organisers
def message(slug: str, mailing_id: int) -> ResponseReturnValue:
    """A message: whom it reaches and how it looks before it is sent, then how far it is."""
    event = meeting(slug)
    return _message_page(event, _message(event, mailing_id), SendForm(formdata=None))


def _message_page(
    event: Event, found: Mailing, form: SendForm, said: str = ""
) -> ResponseReturnValue:
    languages = mailings.count(store(), event.id, found.audience)
    total = sum(languages.values())
    pages = max(1, -(-total // ON_A_PAGE))
    at = min(max(1, request.args.get("page", 1, type=int)), pages)
    draft = found.state is MailingState.DRAFT
    counted = mailings.progress(store(), [found.id]).get(found.id, Progress())
    receivers = (
        mailings.audience(
            store(), event.id, found.audience, limit=ON_A_PAGE, offset=(at - 1) * ON_A_PAGE
        )
        if draft or found.state is MailingState.SCHEDULED
        else []
    )
    return framed(
        page(
            "letters/message.html",
            422 if form.errors else 200,
            nav=ROOM,
            event=event,
            message=found,
            form=form,
            look=previews.look(event),
            said=said,
            total=total,
            foreign=_foreign(found, languages),
            receivers=receivers,
            counted=counted,
            names=state_names(),
            who=_who(event, found.audience),
            at=at,
            pages=pages,
            waiting=counted.queued + counted.sending,
            begun=found.due_at is not None and found.due_at <= now(),
        )
    )


def _foreign(found: Mailing, languages: dict[str, int]) -> int:
    """How many get the message in the language they did not choose."""
    return sum(
        n
        for language, n in languages.items()
        if rule.spoken(found.subject, found.body, language) != language
    )


def _who(event: Event, wanted: Audience) -> list[str]:
    """Whom a message goes to, in words."""
    if wanted.people:
        n = len(wanted.people)
        one, many = "%(num)s person chosen by hand", "%(num)s people chosen by hand"
        return [ngettext(one, many, n) % {"num": n}]
    names = state_names()
    said = [names[state] for state in wanted.states]
    groups = {group.id: group for group in quotas.groups(store(), event.id, retired=True)}
    said += [plain(groups[number].name) for number in wanted.groups if number in groups]
    items = {item.id: item for item in seating.workshops(store(), event)}
    said += [plain(items[number].title) for number in wanted.workshops if number in items]
    if wanted.without_workshop:
        said.append(_("Only who has chosen no workshop"))
    if wanted.silent:
        said.append(_("Only who has not answered the invitation in their calendar"))
    if wanted.question:
        said.append(f"{wanted.question}: {wanted.answer}")
    return said


@blueprint.post(f"{ONE}/send")
@access.organisers
def message_send(slug: str, mailing_id: int) -> ResponseReturnValue:
    """Let it go out now, or at a time in the meeting's own zone."""
    event = meeting(slug)
    found = _message(event, mailing_id)
    if found.state is not MailingState.DRAFT:
        return back("message", slug=slug, mailing_id=found.id)
    form = SendForm()
    form.validate()
    later = request.form.get("when") == "later"
    at = instant(form, "at", form.on.data, form.at.data, event.zone) if later else None
    if later and at is None and not form.errors:
        complain(form, "on", _("Please give a day and a time."))
    if not form.errors:
        try:
            actions.send(store(), event.id, found.id, at=at, actor=access.actor(), now=now())
        except Invalid as error:
            said = {"past": _("This time is over."), "nobody": _("Nobody would get this.")}
            complain(form, "on" if error.code == "past" else "", said.get(error.code, ""))
        else:
            said_now = _("It goes out at its time.") if later else _("The message goes out now.")
            return back("message", said_now, slug=slug, mailing_id=found.id)
    return _message_page(event, found, form)


@blueprint.post(f"{ONE}/hold/<verb>")
@access.organisers
def message_hold(slug: str, mailing_id: int, verb: str) -> ResponseReturnValue:
    """Hold a message (`pause`), let it go on (`resume`), or end it for good (`stop`)."""
    event = meeting(slug)
    found = _mailing(event, mailing_id)
    doing: dict[str, tuple[Callable[..., Mailing], str]] = {
        "pause": (actions.pause, _("It is held. What was on its way already arrives.")),
        "resume": (actions.resume, _("It goes on.")),
        "stop": (actions.stop, _("Nobody else gets it.")),
    }
    if verb not in doing:
        raise NotFoundPage
    do, said = doing[verb]
    do(store(), event.id, found.id, actor=access.actor(), now=now())
    if found.kind is MailingKind.REMINDER:
        return back("reminders", said, slug=slug)
    return back("message", said, slug=slug, mailing_id=found.id)


@blueprint.post(f"{ONE}/retry")
@access.organisers
def message_retry(slug: str, mailing_id: int) -> ResponseReturnValue:
    """Try the letters again that failed."""
    event = meeting(slug)
    found = _mailing(event, mailing_id)
    n = actions.send_failed(store(), event.id, found.id, actor=access.actor(), now=now())
    words = ngettext("%(num)s goes out again.", "%(num)s go out again.", n) % {"num": n}
    if found.kind is MailingKind.REMINDER:
        return back("reminders", words, slug=slug)
    return back("message", words, slug=slug, mailing_id=found.id)


@blueprint.post(f"{ONE}/remove")
@access.organisers
def message_remove(slug: str, mailing_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    event = meeting(slug)
    found = _message(event, mailing_id)
    if actions.remove(store(), event.id, found.id, actor=access.actor(), now=now()):
        return back("messages", _("The draft is thrown away."), slug=slug)
    return back("message", _("It is under way already."), "info", slug=slug, mailing_id=found.id)


@blueprint.get(f"{ONE}/preview")
@access.organisers
def message_preview(slug: str, mailing_id: int) -> ResponseReturnValue:
    """The message as somebody would get it, whole in one language."""
    event = meeting(slug)
    language, words = _words(_message(event, mailing_id))
    return previews.shown(event, MailingKind.MESSAGE.value, words, language=language)


@blueprint.post(f"{ONE}/test")
@access.organisers
def message_test(slug: str, mailing_id: int) -> ResponseReturnValue:
    """Send the message to oneself, marked as a test."""
    event = meeting(slug)
    found = _message(event, mailing_id)
    language, words = _words(found)
    try:
        said = previews.send_test(event, MailingKind.MESSAGE.value, words, language=language)
    except Invalid as error:
        return back("message", sentence(error.code), "danger", slug=slug, mailing_id=found.id)
    return back("message", said, slug=slug, mailing_id=found.id)


def _words(found: Mailing) -> tuple[str, tuple[str, str]]:
    """The language a reader would get, and the words in it."""
    _name, asked, _plain = previews.asked()
    language = rule.spoken(found.subject, found.body, asked)
    return language, (found.subject.pick(language)[0], found.body.pick(language)[0])


def _message(event: Event, mailing_id: int) -> Mailing:
    found = _mailing(event, mailing_id)
    if found.kind is not MailingKind.MESSAGE:
        raise NotFoundPage
    return found


def _mailing(event: Event, mailing_id: int) -> Mailing:
    found = mailings.by_id(store(), mailing_id)
    if found is None or found.event_id != event.id:
        raise NotFoundPage
    return found
