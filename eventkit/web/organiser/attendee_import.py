"""A list of attendees comes in: hand in, look, take in or leave; and take it back."""

import json
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import attendee_import as actions
from eventkit.actions import attendee_undo
from eventkit.actions.attendee_import import Choices, Preview, Terms
from eventkit.documents import tables
from eventkit.documents.tables import Table
from eventkit.errors import Invalid, Refused
from eventkit.model.event import Event
from eventkit.model.question import Form as Asked
from eventkit.rules import text
from eventkit.rules.attendee_table import COMING, Line, What
from eventkit.store import events, imports, quotas, stash
from eventkit.store import questions as question_store
from eventkit.store import seats as seat_store
from eventkit.web import access, headers
from eventkit.web.forms.attendees import AttendeeFileForm, TermsForm, UnderstoodForm
from eventkit.web.forms.base import complain
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext, plain
from eventkit.web.organiser import attendee_words
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, organisation, site, store

ON_A_PAGE = 50
SAMPLE_ROWS = 3
NAMED = 20


def _purpose(event: Event) -> str:
    return f"{stash.ATTENDEES}-{event.id}"


def _closed(event: Event) -> bool:
    return not event.public or now() >= event.ends_at


@blueprint.route("/events/<slug>/attendees/import", methods=["GET", "POST"])
@access.organisers
@headers.takes_uploads
def attendees_import(slug: str) -> ResponseReturnValue:
    """Hand a file in; nobody is registered yet. Earlier imports can be taken back."""
    event = meeting(slug)
    if _closed(event):
        said = _("Nobody can be added: the meeting is a draft, called off or over.")
        return back("attendees", said, "warning", slug=slug)
    form = AttendeeFileForm()
    if request.method == "POST":
        file = form.file.data
        data = file.stream.read(tables.LIMIT + 1) if file else b""
        try:
            if not data:
                raise Invalid("required", field="file")
            actions.look(store(), event, tables.read_table(data), Choices())
        except Invalid as error:
            complain(form, "file", attendee_words.refusal(error.code) or sentence(error.code))
        else:
            name = site().identity.public_id()
            stash.put(store(), _purpose(event), name, _packed(file.filename or "", data))
            address = url_for("organiser.attendees_preview", slug=slug, name=name)
            return redirect(address, 303)
    status = 422 if form.errors else 200
    return page(
        "attendee_import.html",
        status,
        event=event,
        form=form,
        imports=imports.of_event(store(), event.id),
        most=actions.MOST,
    )


def _packed(filename: str, data: bytes) -> bytes:
    """The file with its name, as it is kept until it is decided."""
    return json.dumps(text.clean(filename)[:200]).encode() + b"\n" + data


def _kept(event: Event, name: str) -> tuple[str, Table]:
    """A file that was handed in, and its name."""
    filename, _line, data = stash.get(store(), _purpose(event), name).partition(b"\n")
    try:
        return str(json.loads(filename)), tables.read_table(data)
    except Invalid:
        abort(404)  # it was readable when it was handed in


@blueprint.route("/events/<slug>/attendees/import/<name>", methods=["GET", "POST"])
@access.organisers
def attendees_preview(slug: str, name: str) -> ResponseReturnValue:
    """What the file would do, row by row, and doing it."""
    event = meeting(slug)
    filename, table = _kept(event, name)
    asked = request.form if request.method == "POST" else request.args
    choices = _choices(asked)
    form = TermsForm(rest=event.waiting_list)
    if request.method == "GET":
        return _preview_page(event, name, table, choices, form)
    try:
        if not form.validate():
            raise Invalid("consent", field="consent")
        taken = actions.take_in(
            store(),
            event.id,
            table,
            choices,
            Terms(
                form.consent.data or "",
                write=form.write.data,
                rest=form.rest.data,
                skip=form.skip.data,
            ),
            seen=request.form.get("seen", ""),
            filename=filename,
            actor=access.actor(),
            now=now(),
            identity=site().identity,
        )
    except Refused as error:
        if not form.errors:
            wrong = attendee_words.refusal(error.code) or sentence(error.code)
            complain(form, error.field or "", wrong)
        status = 409 if error.code in ("changed_meanwhile", "over", "cancelled") else 422
        return _preview_page(event, name, table, choices, form, status)
    stash.drop(store(), _purpose(event), name)
    return back("attendees", attendee_words.taken(taken), slug=slug)


@blueprint.post("/events/<slug>/attendees/import/<name>/drop")
@access.organisers
def attendees_drop(slug: str, name: str) -> ResponseReturnValue:
    """Leave it: the file goes, nobody was registered."""
    event = meeting(slug)
    stash.drop(store(), _purpose(event), name)
    return back("attendees", _("Nobody was imported, and the file is deleted."), slug=slug)


def _choices(asked: "MultiDict[str, str]") -> Choices:
    columns: tuple[str, ...] | None = None
    if "c0" in asked:
        width = sum(1 for key in asked if key[:1] == "c" and key[1:].isdecimal())
        columns = tuple(asked.get(f"c{number}", "") for number in range(min(width, tables.COLUMNS)))
    language = asked.get("language", "")
    return Choices(
        columns=columns,
        language=language if language in ("de", "en") else organisation().language,
        group=asked.get("group", type=int),
    )


def _preview_page(
    event: Event, name: str, table: Table, choices: Choices, form: TermsForm, status: int = 200
) -> ResponseReturnValue:
    preview = actions.look(store(), event, table, choices)
    asked = question_store.form(store(), event.id)
    groups = quotas.groups(store(), event.id)
    names = [(str(group.id), plain(group.name)) for group in groups]
    understood = UnderstoodForm(
        formdata=None, data={"language": choices.language, "group": str(choices.group or "")}
    )
    understood.group.choices = [("", _("none")), *names]
    return page(
        "attendee_preview.html",
        status,
        event=event,
        name=name,
        form=form,
        understood=understood,
        groups=groups,
        preview=preview,
        choices=choices,
        table=table,
        columns=_columns(table, preview),
        meanings=attendee_words.meanings(asked),
        counts=[
            (attendee_words.what(what), preview.number(what))
            for what in What
            if preview.number(what)
        ],
        coming=preview.number(*COMING),
        waiting=preview.number(What.WAITING),
        wrong=preview.number(What.WRONG),
        seats=seat_store.seats(store(), event),
        **_rows(event, name, preview, choices, asked),
    )


def _columns(table: Table, preview: Preview) -> list[dict[str, Any]]:
    found = []
    for number, heading in enumerate(table.header):
        sample = [row[number] for row in table.rows[:SAMPLE_ROWS] if row[number]]
        found.append(
            {
                "name": f"c{number}",
                "heading": heading or _("Column %(number)s") % {"number": number + 1},
                "chosen": preview.columns[number] if number < len(preview.columns) else "",
                "sample": ", ".join(sample)[:120],
            }
        )
    return found


def _rows(
    event: Event, name: str, preview: Preview, choices: Choices, form: Asked
) -> dict[str, Any]:
    """One page of the rows, those of one fate alone if the address asks for it."""
    shown = request.args.get("show", "")
    known = {what.value: what for what in What}
    lines: list[Line] = [
        line for line in preview.lines if shown not in known or line.what is known[shown]
    ]
    lines.sort(key=lambda line: line.what is not What.WRONG)  # what is wrong is looked at first
    pages = max(1, -(-len(lines) // ON_A_PAGE))
    at = min(max(1, request.args.get("page", 1, type=int)), pages)
    args: dict[str, Any] = {f"c{n}": column for n, column in enumerate(preview.columns)}
    args |= {"slug": event.slug, "name": name, "language": choices.language}
    if choices.group:
        args["group"] = choices.group
    filters = [
        {
            "label": label,
            "count": number,
            "current": shown == value,
            "href": url_for(
                "organiser.attendees_preview", _anchor="rows", **args, show=value or None
            ),
        }
        for value, label, number in (
            ("", _("All"), len(preview.lines)),
            *(
                (what.value, attendee_words.what(what), preview.number(what))
                for what in What
                if preview.number(what)
            ),
        )
    ]
    return {
        "rows": [
            attendee_words.row(line, form) for line in lines[(at - 1) * ON_A_PAGE :][:ON_A_PAGE]
        ],
        "filters": filters,
        "at": at,
        "pages": pages,
        "args": args | ({"show": shown} if shown in known else {}),
    }


@blueprint.route(
    "/events/<slug>/attendees/imports/<int(max=9223372036854775807):import_id>/undo",
    methods=["GET", "POST"],
)
@access.organisers
def attendees_undo(slug: str, import_id: int) -> ResponseReturnValue:
    """Take an import back, after saying whom that touches."""
    event = meeting(slug)
    found = imports.by_id(store(), event.id, import_id)
    if found is None:
        raise NotFoundPage
    wrong, status = "", 200
    if request.method == "POST":
        try:
            sight = attendee_undo.undo(
                store(),
                event.id,
                found.id,
                seen=request.form.get("seen", ""),
                actor=access.actor(),
                now=now(),
                identity=site().identity,
            )
        except Refused as error:
            wrong, status = attendee_words.refusal(error.code) or sentence(error.code), 409
        else:
            gone = len(sight.silent) + len(sight.told)
            said = ngettext(
                "The import is taken back: %(num)s registration is gone.",
                "The import is taken back: %(num)s registrations are gone.",
                gone,
            )
            return back("attendees", said % {"num": gone}, slug=slug)
    again = imports.by_id(store(), event.id, import_id) or found
    return page(
        "attendee_undo.html",
        status,
        event=events.by_id(store(), event.id) or event,
        found=again,
        sight=attendee_undo.foresee(store(), again),
        wrong=wrong,
        named=NAMED,
        over=now() >= event.ends_at,
    )
