"""Publishing a programme: what it changes and whom it tells is seen first; and its history."""

import dataclasses
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import StringField

from eventkit.actions import publishing
from eventkit.actions.publishing import Plan, Unseen
from eventkit.documents import letters as letter_documents
from eventkit.errors import Invalid
from eventkit.model.agenda import Programme
from eventkit.model.event import Event, Stage
from eventkit.model.letter import ItemChange, Letter, Touch
from eventkit.model.text import LANGUAGES
from eventkit.rules import agenda as agenda_rule
from eventkit.rules import telling
from eventkit.rules.changes import Change
from eventkit.store import appearances, programmes
from eventkit.web import access
from eventkit.web.differences import differences
from eventkit.web.forms.base import Form
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.forms.base import line as field
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import current, ngettext
from eventkit.web.language import gettext as _
from eventkit.web.organiser import words
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.organiser.letters import kinds
from eventkit.web.organiser.previews import masked
from eventkit.web.site import now, site, store

VERSIONS = 50


class PublishForm(Form):
    """The organiser's sentence on a version; `seen` stands for the draft as it was shown."""

    note_de = field(_l("Your sentence, German"), lang="de", longest=300)
    note_en = field(_l("Your sentence, English"), lang="en", longest=300)
    seen = StringField()


@blueprint.route("/events/<slug>/agenda/publish", methods=["GET", "POST"])
@access.organisers
def publish(slug: str) -> ResponseReturnValue:
    """What publishing would change and tell; a POST does it, if that is still the truth.

    With the field `preview` a POST only shows the letters with the sentence in them.
    """
    event, form = meeting(slug), PublishForm()
    if request.method == "GET":
        return _preview(event, form)
    if not form.validate():
        return _preview(event, form, status=422)
    if "preview" in request.form:
        return _preview(event, form)
    before = event.programme_version
    try:
        programme = publishing.publish(
            store(),
            event.id,
            note=form.text("note"),
            seen=form.seen.data or "",
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
    except Unseen as error:
        return _preview(event, form, status=409, said=sentence(error.code))
    except Invalid as error:
        return back("agenda", sentence(error.code), "danger", slug=slug)
    if programme.version == before:
        said = _("There is nothing to publish: the draft and the public programme are the same.")
        return back("agenda", said, "info", slug=slug)
    return back("versions", _published(event, programme), slug=slug)


def _published(event: Event, programme: Programme) -> str:
    (written,) = programmes.versions(store(), event.id, publishing.TOLD, limit=1)
    number = sum(written.letters.values())
    said = _("Version %(version)s is published.") % {"version": programme.version}
    letters = ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", number)
    nobody = _("Nobody had to be written to.")
    return f"{said} {letters % {'num': number} if number else nobody}"


def _preview(
    event: Event, form: PublishForm, *, status: int = 200, said: str = ""
) -> ResponseReturnValue:
    made = publishing.plan(store(), event.id, now=now())
    available = appearances.availabilities(store(), event.id)
    open_clashes = agenda_rule.once(agenda_rule.clashes(event, made.draft, available=available))
    people = (*made.telling.people, *made.telling.unreachable)
    return page(
        "publish.html",
        status,
        event=event,
        form=form,
        plan=made,
        said=said,
        lines=differences(made.changes, event, current()),
        clashes=[(clash.item, words.clash(clash, event.zone)) for clash in open_clashes],
        told={
            each.person.id: [(_touch(item), item.title) for item in each.items] for each in people
        },
        letters=[_sample(letter) for letter in _samples(made, form)],
        shown="preview" in request.form,
        kinds=kinds(),
        silent=telling.silent(event, now()),
        hidden=event.stage is Stage.DRAFT,
        roomier=any(_roomier(change) for change in made.changes),
    )


def _roomier(change: Change) -> bool:
    """Whether a workshop has more places than before."""
    if change.before is None or change.after is None or change.before.capacity is None:
        return False
    return change.after.capacity is None or change.after.capacity > change.before.capacity


def _samples(made: Plan, form: PublishForm) -> list[Letter]:
    note = form.text("note")
    return publishing.samples(store(), made, note, now=now(), identity=site().identity)


def _sample(letter: Letter) -> dict[str, Any]:
    """A letter as its receiver would read it, in both languages; their link stays theirs."""
    spoken = {}
    for language in LANGUAGES:
        message = letter_documents.write(
            _in(letter, language),
            sender=site().settings.mail.sender,
            links=site().links,
            personal_link=masked(language),
        )
        part = message.get_body(("plain",))
        text = part.get_content() if part else ""
        spoken[language] = {"subject": str(message["Subject"]), "text": text}
    return {"kind": letter.kind, "name": letter.name, "language": letter.language, **spoken}


def _in(letter: Letter, language: str) -> Letter:
    return dataclasses.replace(letter, language=language)


def _touch(item: ItemChange) -> str:
    """What happened to an item, as far as it touches somebody, in a word or two."""
    return {
        Touch.PART: _("their part"),
        Touch.NEW: _("new for them"),
        Touch.CHANGED: _("changed"),
        Touch.REMOVED: _("removed"),
        Touch.LEFT: _("without them"),
        Touch.OPENED: _("needs no registration any more"),
    }[item.touch]


@blueprint.get("/events/<slug>/agenda/versions")
@access.organisers
def versions(slug: str) -> ResponseReturnValue:
    """Every version: who published it, what it changed, how many letters it wrote."""
    event = meeting(slug)
    total = event.programme_version or 0
    pages = max(1, -(-total // VERSIONS))
    at = min(max(1, request.args.get("page", 1, type=int)), pages)
    found = programmes.versions(
        store(), event.id, publishing.TOLD, limit=VERSIONS, offset=(at - 1) * VERSIONS
    )
    return page("versions.html", event=event, versions=found, at=at, pages=pages)
