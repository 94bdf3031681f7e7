"""Personal invitations: a list looked at first, states at a glance, reminders, taking back."""

from typing import Any

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage
from werkzeug.wrappers import Response as AnyResponse

from eventkit.actions import invitations as actions
from eventkit.actions.invitations import Choices, Preview
from eventkit.actions.seating import Hand
from eventkit.documents import sheets, tables, writing
from eventkit.errors import Invalid, Refused
from eventkit.model.event import Event
from eventkit.model.letter import Letter
from eventkit.model.ways import WRONG, Entry, Invitation, Standing
from eventkit.rules import ways
from eventkit.store import invitations as invitation_store
from eventkit.store import quotas, stash, wordings
from eventkit.store.rows import fold
from eventkit.web import access, headers
from eventkit.web.forms.refusals import sentence
from eventkit.web.forms.ways import GuestListForm, groups
from eventkit.web.language import current, ngettext, plain
from eventkit.web.language import gettext as _
from eventkit.web.organiser import way_words
from eventkit.web.organiser.admission import ROOM, group_names, tabs
from eventkit.web.organiser.desk import ask, back, blueprint, download, meeting, page
from eventkit.web.organiser.previews import masked
from eventkit.web.site import now, organisation, site, store

ON_A_PAGE = 100
SILENT = (Standing.SENT, Standing.WAITING, Standing.FAILED)
FILTERS: dict[str, tuple[Standing, ...]] = {
    "yes": (Standing.ACCEPTED,),
    "no": (Standing.DECLINED, Standing.LEFT),
    "silent": SILENT,
    "failed": (Standing.FAILED,),
    "revoked": (Standing.REVOKED,),
}


def _purpose(event: Event) -> str:
    return f"{stash.INVITATIONS}-{event.id}"


def _found(event: Event) -> tuple[list[tuple[Invitation, Standing]], str, str]:
    """The invitations that the address asks for, its words and its filter."""
    wanted = request.args.get("q", "")[:200]
    state = request.args.get("state", "")
    state = state if state in FILTERS else ""
    found = [(each, ways.standing(each)) for each in invitation_store.of_event(store(), event.id)]
    if state:
        found = [pair for pair in found if pair[1] in FILTERS[state]]
    if wanted.strip():
        words = fold(wanted.strip())
        found = [p for p in found if words in fold(f"{p[0].name} {p[0].email} {p[0].organisation}")]
    return found, wanted, state


@blueprint.get("/events/<slug>/invitations")
@access.organisers
def invitations(slug: str) -> ResponseReturnValue:
    """Who is invited and how it stands; `?q=` searches, `?state=` filters."""
    event = meeting(slug)
    found, wanted, state = _found(event)
    pages = max(1, -(-len(found) // ON_A_PAGE))
    at = min(max(1, request.args.get("page", 1, type=int)), pages)
    return page(
        "ways/invitations.html",
        nav=ROOM,
        tabs=tabs(event, "invitations"),
        event=event,
        found=found[(at - 1) * ON_A_PAGE : at * ON_A_PAGE],
        total=len(found),
        filters=_filters(event, state),
        wanted=wanted,
        state=state,
        kept={k: v for k, v in (("q", wanted), ("state", state)) if v},
        at=at,
        pages=pages,
        words=way_words.standing,
        names=group_names(event),
        may_invite=actions.may_invite(event, now()),
        reminding=len(actions.to_remind(store(), event, now())),
    )


def _filters(event: Event, asked: str) -> list[dict[str, Any]]:
    standings = [ways.standing(each) for each in invitation_store.of_event(store(), event.id)]
    labels = {
        "": _("All"),
        "yes": _("Yes"),
        "no": _("No"),
        "silent": _("No answer"),
        "failed": _("Letter failed"),
        "revoked": _("Taken back"),
    }
    counts = {name: sum(each in FILTERS[name] for each in standings) for name in FILTERS}
    counts[""] = len(standings)
    return [
        {
            "label": label,
            "count": counts[name],
            "current": name == asked,
            "href": url_for("organiser.invitations", slug=event.slug, state=name or None),
        }
        for name, label in labels.items()
        if counts[name] or name in ("", asked)
    ]


@blueprint.route("/events/<slug>/invitations/new", methods=["GET", "POST"])
@access.organisers
@headers.takes_uploads
def invite(slug: str) -> ResponseReturnValue:
    """Hand in a list; nobody is written to yet."""
    event = meeting(slug)
    if not actions.may_invite(event, now()):
        return back("invitations", sentence("no_inviting"), "warning", slug=slug)
    form = GuestListForm(language=organisation().language)
    form.group.choices = groups(quotas.groups(store(), event.id))
    if form.validate_on_submit():
        file = form.file.data
        data = file.stream.read(tables.LIMIT + 1) if file else b""
        data = data or (form.people.data or "").encode()
        choices = Choices(form.group.data or None, form.language.data)
        try:
            if not data.strip():
                raise Invalid("required", field="people")
            actions.look(store(), event, data, choices)
        except Invalid as error:
            form.refuse(error, {"file": "file" if file else "people"})
        else:
            name = site().identity.public_id()
            stash.put(store(), _purpose(event), name, data)
            return _to_preview(event, name, choices)
    return page("ways/invite.html", 422 if form.errors else 200, nav=ROOM, event=event, form=form)


def _to_preview(event: Event, name: str, choices: Choices) -> AnyResponse:
    address = url_for(
        "organiser.invite_preview",
        slug=event.slug,
        name=name,
        group=choices.group,
        language=choices.language,
    )
    return redirect(address, 303)


@blueprint.route("/events/<slug>/invitations/new/<name>", methods=["GET", "POST"])
@access.organisers
def invite_preview(slug: str, name: str) -> ResponseReturnValue:
    """Who would be written to, and the letter; then all of them or nobody."""
    event = meeting(slug)
    data = stash.get(store(), _purpose(event), name)
    asked = request.values
    language = asked.get("language", "")
    choices = Choices(
        asked.get("group", type=int) or None, language if language in ("de", "en") else current()
    )
    try:
        preview = actions.look(store(), event, data, choices)
    except Invalid:
        abort(404)  # it was readable when it was handed in
    wrong, status = "", 200
    if request.method == "POST":
        hand = Hand(store(), now(), site().identity)
        seen = request.form.get("seen", "")
        try:
            number = actions.invite(hand, event.id, data, choices, seen=seen, actor=access.actor())
        except Refused as error:
            wrong = way_words.refusal(error.code) or sentence(error.code)
            status = 409 if error.code in ("changed_meanwhile", "no_inviting") else 422
        else:
            stash.drop(store(), _purpose(event), name)
            said = ngettext("%(num)s invitation goes out.", "%(num)s invitations go out.", number)
            return back("invitations", said % {"num": number}, slug=slug)
    return page(
        "ways/invite_preview.html",
        status,
        nav=ROOM,
        event=event,
        name=name,
        preview=preview,
        ordered=sorted(preview.entries, key=lambda entry: entry.mark not in WRONG),
        choices=choices,
        group=group_names(event).get(choices.group or 0),
        marks=way_words.mark,
        wrong=wrong,
        letters=_letters(event, preview, choices),
    )


def _letters(event: Event, preview: Preview, choices: Choices) -> list[dict[str, str]]:
    """The letter as the first of each language would get it."""
    firsts: dict[str, Entry] = {}
    for entry in preview.new:
        firsts.setdefault(entry.language or choices.language, entry)
    return [_shown(event, _as_invited(event, entry, spoken)) for spoken, entry in firsts.items()]


def _as_invited(event: Event, entry: Entry, language: str) -> Invitation:
    return Invitation(0, event.id, entry.name, entry.email, language, nonce=b"preview")


def _shown(event: Event, invitation: Invitation, *, reminder: bool = False) -> dict[str, str]:
    letter: Letter = actions.letter(
        invitation,
        event,
        organisation(),
        now=now(),
        identity=site().identity,
        reminder=reminder,
    )
    seen = writing.render(
        wordings.dressed(store(), letter),
        links=site().links,
        personal_link=masked(letter.language),
    )
    return {
        "language": letter.language,
        "subject": seen.subject,
        "text": seen.text,
        "name": invitation.name or invitation.email,
    }


@blueprint.post("/events/<slug>/invitations/new/<name>/drop")
@access.organisers
def invite_drop(slug: str, name: str) -> ResponseReturnValue:
    """Leave it: the list goes, nobody is written to."""
    event = meeting(slug)
    stash.drop(store(), _purpose(event), name)
    return back("invitations", _("Nobody was invited, and the list is deleted."), slug=slug)


@blueprint.route("/events/<slug>/invitations/remind", methods=["GET", "POST"])
@access.organisers
def invitations_remind(slug: str) -> ResponseReturnValue:
    """Who would be reminded, and the letter; then those who were seen."""
    event = meeting(slug)
    if request.method == "POST":
        wanted = request.form.getlist("invitation", type=int)
        hand = Hand(store(), now(), site().identity)
        number = actions.remind(hand, event.id, wanted, actor=access.actor())
        said = ngettext("%(num)s reminder goes out.", "%(num)s reminders go out.", number)
        kind = "success" if number else "warning"
        return back("invitations", said % {"num": number}, kind, slug=slug)
    chosen = actions.to_remind(store(), event, now())
    firsts = {each.language: each for each in reversed(chosen)}
    return page(
        "ways/remind.html",
        nav=ROOM,
        event=event,
        chosen=chosen,
        letters=[_shown(event, each, reminder=True) for each in firsts.values()],
    )


@blueprint.route(
    "/events/<slug>/invitations/<int(max=9223372036854775807):invitation_id>/revoke",
    methods=["GET", "POST"],
)
@access.organisers
def invitation_revoke(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back, after asking."""
    event = meeting(slug)
    found = invitation_store.by_id(store(), event.id, invitation_id)
    if found is None:
        raise NotFoundPage
    if request.method == "POST":
        actions.revoke(store(), event.id, found.id, actor=access.actor(), now=now())
        return back("invitations", _("The invitation is taken back."), slug=slug)
    return ask(
        event,
        title=_("Take back the invitation of %(name)s?") % {"name": found.name or found.email},
        text=_(
            "The link opens nothing any more, and nobody is told. A registration that came "
            "of it stays."
        ),
        button=_("Take it back"),
        leave="invitations",
    )


@blueprint.get("/events/<slug>/invitations.csv")
@access.organisers
def invitations_csv(slug: str) -> Response:
    """The list as the address of the page asks for it."""
    event = meeting(slug)
    found, _wanted, _state = _found(event)
    names = group_names(event)
    rows: list[list[sheets.Cell]] = [
        [
            _("Name"),
            _("E-mail"),
            _("Organisation"),
            _("Group"),
            _("Language"),
            _("State"),
            _("Reminders"),
            _("A word to us"),
        ]
    ]
    for each, state in found:
        name: Any = names.get(each.group_id or 0)
        rows.append(
            [
                each.name,
                each.email,
                each.organisation,
                plain(name) if name else "",
                each.language,
                way_words.standing(state)[0],
                each.reminders,
                each.word,
            ]
        )
    body = b"".join(sheets.csv(rows, language=current()))
    return download(body, "text/csv; charset=utf-8", f"{event.slug}-{_('invitations')}.csv")
