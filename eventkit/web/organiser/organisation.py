"""The organisation itself: its name, its colour, its texts."""

import dataclasses

from flask import request
from flask.typing import ResponseReturnValue

from eventkit.actions import events as event_actions
from eventkit.errors import Invalid
from eventkit.web import access, site
from eventkit.web.forms.house import LINKS, OrganisationForm, organisation_fields
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import back, blueprint, page


@blueprint.route("/organisation", methods=["GET", "POST"])
@access.admins
def organisation() -> ResponseReturnValue:
    """What every page, letter and paper says of the organisation."""
    before = site.organisation()
    form = OrganisationForm(data=organisation_fields(before))
    form.offer(before.zone)
    if request.method == "POST":
        wanted = form.organisation(before)
        if wanted is not None:
            further = (*wanted.links, *before.links[len(LINKS) :])
            wanted = dataclasses.replace(wanted, links=further)
            try:
                event_actions.save_organisation(
                    site.store(), wanted, actor=access.actor(), now=site.now()
                )
            except Invalid as error:
                form.refuse(error)
            else:
                return back("organisation", _("Saved."))
    return page("organisation.html", 422 if form.errors else 200, form=form)
