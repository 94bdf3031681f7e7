"""What a form of registration has besides: a code, an invitation, colleagues to register too."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from eventkit.actions import parties, ways
from eventkit.actions.wishes import Wish
from eventkit.errors import Invalid, Refused
from eventkit.links import fingerprint
from eventkit.model.event import Admission, Event
from eventkit.model.ways import Code, Invitation
from eventkit.rules import text
from eventkit.rules.ways import LONGEST
from eventkit.store import codes
from eventkit.web.forms.visitors import Registration, refusal
from eventkit.web.language import current, ngettext
from eventkit.web.language import gettext as _
from eventkit.web.site import network, now, store

FIELDS = {"party": "party_name"}


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who came by a personal link."""

    invitation: Invitation
    token: str


def prepare(form: Registration, event: Event, invited: Invited | None) -> None:
    """Fill in what is known: the code of the address, or whom an invitation names.

    Whatever was posted for it, the address of an invitation stays the invited one.
    """
    if invited is not None:
        form.email.data = invited.invitation.email
        form.email.raw_data = [invited.invitation.email]
        form.code.data = ""
        if request.method != "POST":
            form.name.data = invited.invitation.name
            form.organisation.data = invited.invitation.organisation
    elif request.method != "POST":
        form.code.data = text.clean(request.args.get("code", ""))[:LONGEST]
    most = 0 if invited else event.party_size - 1
    rows = _rows(form)[:most]
    _set(form, rows)


def _rows(form: Registration) -> list[tuple[str, str]]:
    names = [entry.data or "" for entry in form.party_name]
    addresses = [entry.data or "" for entry in form.party_email]
    wide = max(len(names), len(addresses))
    names += [""] * (wide - len(names))
    return list(zip(names, addresses + [""] * (wide - len(addresses)), strict=True))


def _set(form: Registration, rows: Sequence[tuple[str, str]]) -> None:
    """Give the form exactly these rows."""
    for fields, values in (
        (form.party_name, [name for name, _address in rows]),
        (form.party_email, [address for _name, address in rows]),
    ):
        while fields.entries:
            fields.pop_entry()
        for number, value in enumerate(values, 2):
            entry = fields.append_entry(value)
            label = (
                _("Name of person %(number)s")
                if fields is form.party_name
                else _("E-mail address of person %(number)s")
            )
            entry.label.text = label % {"number": number}


def step(form: Registration, event: Event, invited: Invited | None) -> bool:
    """Whether the button pressed only changes the form; then it has been changed."""
    pressed = request.form.get("do", "")
    rows = _rows(form)
    if pressed == "more":
        if invited is None and len(rows) < event.party_size - 1:
            _set(form, [*rows, ("", "")])
        return True
    if pressed.startswith("less-") and pressed[5:].isdecimal() and len(pressed) < 9:
        at = int(pressed[5:])
        _set(form, [row for number, row in enumerate(rows) if number != at])
        return True
    return False


def check_code(form: Registration, event: Event) -> Code | None:
    """The code somebody wants checked; None with a sentence at the field. Raises TooMany."""
    try:
        return ways.try_code(store(), event, form.code.data or "", network(), now=now())
    except Invalid as error:
        form.refuse(error)
        return None


def asks_code(form: Registration, event: Event, invited: Invited | None) -> bool:
    """Whether the form has a field for a code."""
    if invited is not None:
        return False
    wanted = event.admission is Admission.CLOSED or bool(form.code.data)
    return wanted or codes.any_open(store(), event.id)


def checked_party(form: Registration) -> bool:
    """Whether the colleagues can be taken as typed; else sentences stand at their fields."""
    wrong: list[str] = []
    entries = zip(form.party_name, form.party_email, strict=True)
    for number, (name, address) in enumerate(entries, 2):
        if not (name.data or "").strip() and not (address.data or "").strip():
            continue
        for field, check in ((name, text.person_name), (address, text.address)):
            try:
                check(field.data or "")
            except Invalid as error:
                said = refusal("address" if field is address else error.code)
                field.errors = [said]
                wrong.append(_("Person %(number)s: %(what)s") % {"number": number, "what": said})
    if wrong:
        form.party_name.errors = wrong
    elif people(form) and not form.consent_party.data:
        form.consent_party.errors = [refusal("consent_party")]
        return False
    return not wrong


def people(form: Registration) -> list[tuple[str, str]]:
    """The colleagues that were typed; rows left empty are nobody."""
    return [row for row in _rows(form) if any(cell.strip() for cell in row)]


def colleagues(form: Registration, first: Wish, attempt: str) -> list[Wish]:
    """The wishes of the colleagues: as the first one's, but name and address are their own."""
    return [
        Wish(
            name=name,
            email=email,
            language=current(),
            attempt=fingerprint(f"{attempt} {email.strip().casefold()}"),
            privacy_text=str(form.consent_party.label.text),
            organisation=first.organisation,
            group=first.group,
            network=first.network,
            code=first.code,
            price=first.price,
            billing=first.billing,
            registered_by=first.name,
        )
        for name, email in people(form)
    ]


def refuse(form: Registration, event: Event, error: Refused) -> None:
    """Say what was refused; of an organisation's places also how many are left."""
    if error.code != "organisation_left":
        form.refuse(error, FIELDS)
        return
    left = parties.left_for(store(), event, form.organisation.data or "") or 0
    said = ngettext(
        "Your organisation has %(num)s place left. Please take somebody out.",
        "Your organisation has %(num)s places left. Please take somebody out.",
        left,
    ) % {"num": left}
    if not left:
        said = _("This organisation has all its places already.")
    form.party_name.errors = [*form.party_name.errors, said]
