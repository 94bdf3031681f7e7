"""Codes for groups: what they open, how often, until when, and who used them."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import codes as actions
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.model.ways import Code
from eventkit.rules import dates, ways
from eventkit.store import codes as code_store
from eventkit.store import quotas
from eventkit.web import access
from eventkit.web.forms.ways import CodeForm, groups
from eventkit.web.language import gettext as _
from eventkit.web.organiser.admission import ROOM, group_names, tabs
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.site import now, site, store

ONE = "/events/<slug>/codes/<int(max=9223372036854775807):code_id>"
FIELDS = {"valid_until": "until_day"}


def _code(event: Event, code_id: int) -> Code:
    found = code_store.by_id(store(), event.id, code_id)
    if found is None:
        raise NotFoundPage
    return found


@blueprint.get("/events/<slug>/codes")
@access.organisers
def codes(slug: str) -> ResponseReturnValue:
    """Every code of a meeting, and how often it was used."""
    event = meeting(slug)
    found = code_store.of_event(store(), event.id)
    return page(
        "ways/codes.html",
        nav=ROOM,
        tabs=tabs(event, "codes"),
        event=event,
        codes=[(each, ways.refused(each, now())) for each in found],
        names=group_names(event),
    )


@blueprint.route("/events/<slug>/codes/new", methods=["GET", "POST"])
@access.organisers
def code_new(slug: str) -> ResponseReturnValue:
    """A new code, with a random one to begin with."""
    event = meeting(slug)
    return _code_form(event, CodeForm(data={"code": actions.proposal(site().identity)}), None)


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
@access.organisers
def code_edit(slug: str, code_id: int) -> ResponseReturnValue:
    """Change a code; whoever used it stays."""
    event = meeting(slug)
    found = _code(event, code_id)
    until = dates.to_local(found.valid_until, event.zone) if found.valid_until else None
    values = {
        "code": found.code,
        "group": found.group_id or 0,
        "uses": found.uses,
        "until_day": until.date() if until else None,
        "until_time": until.time() if until else None,
        "note": found.note,
    }
    return _code_form(event, CodeForm(data=values), found)


def _code_form(event: Event, form: CodeForm, before: Code | None) -> ResponseReturnValue:
    used = before.group_id if before else None
    known = quotas.groups(store(), event.id, retired=True)
    form.group.choices = groups([g for g in known if not g.retired or g.id == used])
    if form.validate_on_submit():
        made = form.made(event, before.id if before else 0)
        if not form.errors:
            try:
                code_id = actions.save(store(), event.id, made, actor=access.actor(), now=now())
            except Invalid as error:
                form.refuse(error, FIELDS)
            else:
                return back("code", _("The code is saved."), slug=event.slug, code_id=code_id)
    status = 422 if form.errors else 200
    return page("ways/code_form.html", status, nav=ROOM, event=event, form=form, code=before)


@blueprint.get(ONE)
@access.organisers
def code(slug: str, code_id: int) -> ResponseReturnValue:
    """A code: the link that holds it, and who registered with it."""
    event = meeting(slug)
    found = _code(event, code_id)
    return page(
        "ways/code.html",
        nav=ROOM,
        event=event,
        code=found,
        why=ways.refused(found, now()),
        names=group_names(event),
        users=code_store.users(store(), found.id),
        address=site().links.register(event.slug, code=found.code),
    )


@blueprint.route(f"{ONE}/end", methods=["GET", "POST"])
@access.organisers
def code_end(slug: str, code_id: int) -> ResponseReturnValue:
    """End a code, after asking."""
    event = meeting(slug)
    found = _code(event, code_id)
    if request.method == "POST":
        actions.end(store(), event.id, found.id, actor=access.actor(), now=now())
        return back("codes", _("The code is ended."), slug=slug)
    return ask(
        event,
        title=_("End the code “%(code)s”?") % {"code": found.code},
        text=_("Nobody can register with it any more. Whoever did stays registered."),
        button=_("End the code"),
        leave="codes",
    )


@blueprint.post(f"{ONE}/reopen")
@access.organisers
def code_reopen(slug: str, code_id: int) -> ResponseReturnValue:
    """Let an ended code open again."""
    event = meeting(slug)
    found = _code(event, code_id)
    actions.end(store(), event.id, found.id, again=True, actor=access.actor(), now=now())
    return back("code", _("The code is valid again."), slug=slug, code_id=found.id)
