"""A programme of another program comes into the draft: hand in, look, take in or leave."""

from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from eventkit.actions import importing as actions
from eventkit.actions.importing import Choices, Preview
from eventkit.actions.planning import Hand
from eventkit.documents import programmes
from eventkit.errors import Invalid, Refused
from eventkit.model.event import Event
from eventkit.rules import dates
from eventkit.rules.importing import What
from eventkit.rules.programme_table import Column
from eventkit.store import stash
from eventkit.web import access, headers
from eventkit.web.forms.importing import ChoicesForm, ProgrammeFileForm
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import current, ngettext
from eventkit.web.language import gettext as _
from eventkit.web.organiser import import_words
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, organisation, site, store

SAMPLE_ROWS = 3


def _purpose(event: Event) -> str:
    return f"programme-{event.id}"


@blueprint.route("/events/<slug>/agenda/import", methods=["GET", "POST"])
@access.organisers
@headers.takes_uploads
def programme_import(slug: str) -> ResponseReturnValue:
    """Hand a file in; nothing happens to the draft yet."""
    event = meeting(slug)
    form = ProgrammeFileForm(language=organisation().language)
    if request.method == "POST":
        file = form.file.data
        data = file.stream.read(programmes.LIMIT + 1) if file else b""
        try:
            if not data:
                raise Invalid("required", field="file")
            actions.look(store(), event, data, Choices(_language(form.language.data)))
        except Invalid as error:
            form.refuse(error)
        else:
            name = site().identity.public_id()
            stash.put(store(), _purpose(event), name, data)
            return _to_preview(event, name, _language(form.language.data))
    status = 422 if form.errors else 200
    return page("programme_import.html", status, event=event, form=form)


def _to_preview(event: Event, name: str, language: str) -> Response:
    address = url_for("organiser.programme_preview", slug=event.slug, name=name, language=language)
    return redirect(address, 303)


@blueprint.route("/events/<slug>/agenda/import/<name>", methods=["GET", "POST"])
@access.organisers
def programme_preview(slug: str, name: str) -> ResponseReturnValue:
    """What the file would do to the draft, and doing it."""
    event = meeting(slug)
    data = stash.get(store(), _purpose(event), name)
    asked = request.form if request.method == "POST" else request.args
    choices = _choices(event, asked)
    try:
        preview = actions.look(store(), event, data, choices)
    except Invalid:
        abort(404)  # it was readable when it was handed in
    wrong, status = "", 200
    if request.method == "POST":
        hand = Hand(store(), event.id, access.actor(), now(), site().identity)
        try:
            number = actions.take_in(hand, data, choices, seen=request.form.get("seen", ""))
        except Refused as error:
            wrong = import_words.refusal(error.code) or sentence(error.code)
            status = 409 if error.code == "changed_meanwhile" else 422
        else:
            stash.drop(store(), _purpose(event), name)
            said = ngettext(
                "%(num)s item changed in the draft. Nobody is told before you publish.",
                "%(num)s items changed in the draft. Nobody is told before you publish.",
                number,
            )
            return back("agenda", said % {"num": number}, slug=slug)
    return page("programme_preview.html", status, **_shown(event, name, preview, choices, wrong))


@blueprint.post("/events/<slug>/agenda/import/<name>/drop")
@access.organisers
def programme_drop(slug: str, name: str) -> ResponseReturnValue:
    """Leave it: the file goes, the draft stays as it is."""
    event = meeting(slug)
    stash.drop(store(), _purpose(event), name)
    return back("agenda", _("Nothing was imported, and the file is deleted."), slug=slug)


def _language(typed: str | None) -> str:
    return typed if typed in ("de", "en") else current()


def _choices(event: Event, asked: "MultiDict[str, str]") -> Choices:
    columns: tuple[Column | None, ...] | None = None
    if "c0" in asked:
        known = {column.value: column for column in Column}
        width = sum(1 for key in asked if key[:1] == "c" and key[1:].isdecimal())
        columns = tuple(known.get(asked.get(f"c{number}", "")) for number in range(width))
    first = dates.to_local(event.starts_at, event.zone).date()
    return Choices(
        language=_language(asked.get("language")),
        exact=bool(asked.get("exact")),
        first_day=first if asked.get("moved") else None,
        columns=columns,
    )


def _shown(
    event: Event, name: str, preview: Preview, choices: Choices, wrong: str
) -> dict[str, Any]:
    counts = {what: sum(e.what is what for e in preview.entries) for what in What}
    columns: list[dict[str, Any]] = []
    if preview.table:
        for number, heading in enumerate(preview.table.header):
            chosen = preview.columns[number] if number < len(preview.columns) else None
            sample = [row[number] for row in preview.table.rows[:SAMPLE_ROWS] if row[number]]
            columns.append(
                {
                    "name": f"c{number}",
                    "heading": heading or _("Column %(number)s") % {"number": number + 1},
                    "chosen": chosen.value if chosen else "",
                    "sample": ", ".join(sample)[:120],
                }
            )
    form = ChoicesForm(
        formdata=None,
        data={
            "language": choices.language,
            "exact": choices.exact,
            "moved": choices.first_day is not None,
        },
    )
    return {
        "event": event,
        "name": name,
        "form": form,
        "preview": preview,
        "choices": choices,
        "wrong": wrong,
        "counts": [(import_words.what(what), number) for what, number in counts.items() if number],
        "doing": sum(number for what, number in counts.items() if what is not What.SAME),
        "rows": [import_words.row(entry, event, choices.language) for entry in preview.entries],
        "troubles": [import_words.trouble(t) for t in preview.proposals.troubles],
        "columns": columns,
        "meanings": import_words.meanings(),
    }
