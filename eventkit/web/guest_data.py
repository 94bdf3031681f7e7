"""All that is known about a guest, for the guest: as JSON and as a table (GDPR 15 and 20, R55)."""

from collections.abc import Iterator
from typing import Any

from flask import Response, jsonify

from eventkit.actions import marks
from eventkit.documents import sheets
from eventkit.model.event import Event
from eventkit.model.registration import Registration
from eventkit.rules import access as access_rule
from eventkit.store import fees, invitations, outbox
from eventkit.store import questions as question_store
from eventkit.web import access, asking, guest_facts
from eventkit.web.guest import blueprint
from eventkit.web.language import current, iso, plain
from eventkit.web.language import gettext as _
from eventkit.web.site import site, store

LAW = "§ 147 AO, § 14b UStG"


@blueprint.get("/<token>/data.json")
@access.personal
def data(token: str) -> Response:
    """Everything, for programs."""
    found, event = guest_facts.opened(token)
    response = jsonify(everything(found, event))
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}.json"'
    return response


@blueprint.get("/<token>/data.csv")
@access.personal
def data_csv(token: str) -> Response:
    """Everything, for a spreadsheet: a line for each thing that is known."""
    found, event = guest_facts.opened(token)
    rows = [[_("What"), _("Which"), _("Value")], *_lines(everything(found, event))]
    body = b"".join(sheets.csv(rows, language=current()))
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}.csv"'
    return response


def _lines(known: Any, path: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """The same as lines: the subject, the name of the value within it, the value."""
    if isinstance(known, dict | list):
        pairs = known.items() if isinstance(known, dict) else enumerate(known, 1)
        for key, value in pairs:
            yield from _lines(value, (*path, str(key)))
    elif known not in (None, ""):
        value = (_("yes") if known else _("no")) if isinstance(known, bool) else str(known)
        yield [path[0], " ".join(path[1:]), value]


def everything(found: Registration, event: Event) -> dict[str, Any]:
    """What the database knows about somebody and this meeting."""
    own = "name email organisation role access_needs diet language billing".split()
    instants = ("created_at changed_at confirmed_at cancelled_at offered_until attended_at").split()
    group = guest_facts.group(found, event)
    return {
        "meeting": {
            "title": plain(event.title),
            "address": site().links.event(event.slug),
            "starts_at": iso(event.starts_at),
            "ends_at": iso(event.ends_at),
        },
        "registration": {
            **{name: getattr(found, name) for name in own},
            "state": found.state.value,
            "group": plain(group.name) if group else None,
            "places": found.places,
            "companions": list(found.companions),
            "source": found.source.value,
            **{name: iso(at) for name in instants if (at := getattr(found, name)) is not None},
        },
        "workshops": [
            {
                "title": plain(each["item"].title),
                "confirmed": each["confirmed"],
                "wish": each["wish"],
            }
            for each in guest_facts.workshops(found, event)
        ],
        "marked": [plain(item.title) for item in marks.of_guest(store(), found)],
        "answers": asking.exported(question_store.of_registration(store(), found.id)),
        "consents": [
            {
                "purpose": consent.purpose,
                "text": consent.text,
                "language": consent.language,
                "given_at": iso(consent.given_at),
                "withdrawn_at": iso(consent.withdrawn_at) if consent.withdrawn_at else None,
            }
            for consent in found.consents
        ],
        "invitations": _invitations(found, event),
        "invoices": _invoices(found),
        "letters": [
            {
                "kind": letter.kind.value,
                "to": letter.email,
                "written_at": iso(letter.created_at),
                "sent_at": iso(letter.sent_at) if letter.sent_at else None,
            }
            for letter in outbox.of_registration(store(), found.id)
        ],
        "anonymous_on": iso(access_rule.delete_on(event.ends_at, event.retention_days)),
    }


def _invitations(found: Registration, event: Event) -> list[dict[str, Any]]:
    ids = invitations.of_registrations(store(), [found.id])
    known = [each for number in ids if (each := invitations.by_id(store(), event.id, number))]
    return [
        {
            "name": each.name,
            "email": each.email,
            "organisation": each.organisation,
            "sent_at": iso(each.sent_at) if each.sent_at else None,
            "reminders": each.reminders,
            "declined_at": iso(each.declined_at) if each.declined_at else None,
            "word": each.word,
        }
        for each in known
    ]


def _invoices(found: Registration) -> list[dict[str, Any]]:
    """Invoices stay when everything else goes: the law wants them for years."""
    return [
        {
            "number": each.number,
            "issued_at": iso(each.issued_at),
            "name": each.name,
            "address": each.address,
            "euros": f"{each.cents / 100:.2f}",
            "paid_at": iso(each.paid_at) if each.paid_at else None,
            "kept_because_of": LAW,
        }
        for each in fees.of_registration(store(), found.id)
    ]
