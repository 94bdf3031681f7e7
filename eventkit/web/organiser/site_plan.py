"""The plan of the house, on the page and on paper."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import site_plan as site_plan_actions
from eventkit.errors import Invalid
from eventkit.rules.uploads import PICTURE_LIMIT
from eventkit.web import access, downloads, headers
from eventkit.web.forms.house import pairs
from eventkit.web.forms.papers import SitePlanForm
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.site import now, store


@blueprint.route("/events/<slug>/documents/site-plan", methods=["GET", "POST"])
@access.organisers
@headers.takes_uploads
def site_plan(slug: str) -> ResponseReturnValue:
    """The picture and what it shows."""
    event = meeting(slug)
    form = SitePlanForm(data=pairs(alt=event.site_plan_alt))
    if form.validate_on_submit():
        given = form.photo.data
        try:
            site_plan_actions.save(
                store(),
                event.id,
                given.read() if given else b"",
                form.text("alt"),
                actor=access.actor(),
                now=now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            return back("documents", _("The plan is saved."), slug=slug, anchor="site-plan")
    return page(
        "site_plan.html",
        422 if form.errors else 200,
        event=event,
        form=form,
        limit=PICTURE_LIMIT,
        address=downloads.site_plan_address(event) if event.site_plan and event.public else "",
    )


@blueprint.route("/events/<slug>/documents/site-plan/remove", methods=["GET", "POST"])
@access.organisers
def site_plan_remove(slug: str) -> ResponseReturnValue:
    """Take the plan away, after asking."""
    event = meeting(slug)
    if not event.site_plan:
        raise NotFoundPage
    if request.method == "POST":
        site_plan_actions.remove(store(), event.id, actor=access.actor(), now=now())
        return back("documents", _("The plan is gone."), slug=slug, anchor="site-plan")
    return ask(
        event,
        title=_("Take the plan of the house away?"),
        text=_("It leaves the page of the meeting and all papers."),
        button=_("Take it away"),
        leave="documents",
    )
