"""Who may register for a meeting, and who waits for its opening."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from eventkit.actions import admission as actions
from eventkit.errors import Invalid
from eventkit.model.event import Admission, Event
from eventkit.store import codes, invitations, openings, quotas
from eventkit.web import access
from eventkit.web.forms.ways import AdmissionForm
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import back, blueprint, meeting, page
from eventkit.web.site import now, site, store

ROOM = "organiser.invitations"


def tabs(event: Event, current: str) -> list[dict[str, Any]]:
    """The rooms of the ways in, beside each other."""
    rows = (
        ("invitations", _("Invitations"), len(invitations.of_event(store(), event.id))),
        ("codes", _("Codes"), len(codes.of_event(store(), event.id))),
        ("admission", _("Who may register"), 0),
    )
    return [
        {
            "label": label,
            "href": url_for(f"organiser.{name}", slug=event.slug),
            "current": name == current,
            "count": count,
        }
        for name, label, count in rows
    ]


def group_names(event: Event) -> dict[int, object]:
    """What each group is called, those no longer offered included."""
    return {group.id: group.name for group in quotas.groups(store(), event.id, retired=True)}


@blueprint.route("/events/<slug>/admission", methods=["GET", "POST"])
@access.organisers
def admission(slug: str) -> ResponseReturnValue:
    """Open to everybody or closed, and how many people one form registers."""
    event = meeting(slug)
    values = {"admission": event.admission.value, "party_size": event.party_size}
    form = AdmissionForm(data=values)
    if form.validate_on_submit():
        try:
            actions.set_admission(
                store(),
                event.id,
                Admission(form.admission.data),
                form.party_size.data or 0,
                actor=access.actor(),
                now=now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            return back("admission", _("Saved."), slug=slug)
    return page(
        "ways/admission.html",
        422 if form.errors else 200,
        nav=ROOM,
        tabs=tabs(event, "admission"),
        event=event,
        form=form,
        waiting=openings.count(store(), event.id),
        address=site().links.register(event.slug),
    )
