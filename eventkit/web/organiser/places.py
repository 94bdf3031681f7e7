"""Who may have how many places: groups, quotas, limits of a meeting."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import places as place_actions
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.model.places import Group, Quota
from eventkit.store import quotas
from eventkit.store import seats as seat_store
from eventkit.web import access
from eventkit.web.forms.places import FIELDS, GroupForm, LimitsForm, QuotaForm, limits_of
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext, plain
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.site import now, site, store

NUMBER = "<int(max=9223372036854775807):"


@blueprint.route("/events/<slug>/places", methods=["GET", "POST"])
@access.organisers
def places(slug: str) -> ResponseReturnValue:
    """Groups and quotas with how full they are, and the limits for everybody."""
    event = meeting(slug)
    form = LimitsForm(data=limits_of(event))
    if form.validate_on_submit():
        try:
            place_actions.set_limits(
                store(),
                event.id,
                per_organisation=form.per_organisation.data,
                offer_hours=form.offer_hours.data,
                companions=form.companions.data,
                actor=access.actor(),
                now=now(),
                identity=site().identity,
            )
        except Invalid as error:
            form.refuse(error)
        else:
            return back("places", _("The limits are saved."), slug=slug, anchor="limits")
    limits = seat_store.limits(store(), event)
    return page(
        "places/places.html",
        422 if form.errors else 200,
        event=event,
        form=form,
        seats=seat_store.seats(store(), event),
        groups=quotas.groups(store(), event.id),
        in_group=quotas.in_group(store(), event.id),
        quotas=limits.quotas,
        taken=limits.in_quotas,
        waiting=quotas.waiting(store(), event.id),
        names={group.id: group.name for group in quotas.groups(store(), event.id, retired=True)},
    )


@blueprint.route("/events/<slug>/places/groups/new", methods=["GET", "POST"])
@access.organisers
def group_new(slug: str) -> ResponseReturnValue:
    """A new group."""
    return _group_page(meeting(slug), GroupForm(), None)


@blueprint.route(f"/events/<slug>/places/groups/{NUMBER}group_id>", methods=["GET", "POST"])
@access.organisers
def group(slug: str, group_id: int) -> ResponseReturnValue:
    """A group."""
    event = meeting(slug)
    found = _group(event, group_id)
    values = {"name_de": found.name.de, "name_en": found.name.en, "open_to": found.open_to.value}
    return _group_page(event, GroupForm(data=values), found)


def _group_page(event: Event, form: GroupForm, before: Group | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            place_actions.save_group(
                store(),
                event.id,
                form.group(before.id if before else 0),
                actor=access.actor(),
                now=now(),
                identity=site().identity,
            )
        except Invalid as error:
            form.refuse(error, FIELDS)
        else:
            return back("places", _("The group is saved."), slug=event.slug, anchor="groups")
    status = 422 if form.errors else 200
    return page("places/group_form.html", status, event=event, form=form, group=before)


@blueprint.route(f"/events/<slug>/places/groups/{NUMBER}group_id>/remove", methods=["GET", "POST"])
@access.organisers
def group_remove(slug: str, group_id: int) -> ResponseReturnValue:
    """Take a group away, after asking."""
    event = meeting(slug)
    found = _group(event, group_id)
    if request.method == "POST":
        place_actions.remove_group(
            store(), event.id, found.id, actor=access.actor(), now=now(), identity=site().identity
        )
        return back("places", _("The group is removed."), slug=slug, anchor="groups")
    inside = sum(quotas.in_group(store(), event.id).get(found.id, {}).values())
    text = ngettext(
        "%(num)s person is in it and stays in it; nobody can choose it any more.",
        "%(num)s people are in it and stay in it; nobody can choose it any more.",
        inside,
    )
    return ask(
        event,
        title=_("Remove the group “%(name)s”?") % {"name": plain(found.name)},
        text=text % {"num": inside} if inside else _("Nobody is in it."),
        button=_("Remove the group"),
        leave="places",
    )


@blueprint.route("/events/<slug>/places/quotas/new", methods=["GET", "POST"])
@access.organisers
def quota_new(slug: str) -> ResponseReturnValue:
    """A new quota."""
    return _quota_page(meeting(slug), QuotaForm(), None)


@blueprint.route(f"/events/<slug>/places/quotas/{NUMBER}quota_id>", methods=["GET", "POST"])
@access.organisers
def quota(slug: str, quota_id: int) -> ResponseReturnValue:
    """A quota."""
    event = meeting(slug)
    found = _quota(event, quota_id)
    values = {
        "name_de": found.name.de,
        "name_en": found.name.en,
        "capacity": found.capacity,
        "groups": sorted(found.groups),
    }
    return _quota_page(event, QuotaForm(data=values), found)


def _quota_page(event: Event, form: QuotaForm, before: Quota | None) -> ResponseReturnValue:
    known = quotas.groups(store(), event.id, retired=True)
    shared = before.groups if before else frozenset[int]()
    form.offer(tuple(each for each in known if not each.retired or each.id in shared))
    if form.validate_on_submit():
        try:
            place_actions.save_quota(
                store(),
                event.id,
                form.quota(before.id if before else 0),
                actor=access.actor(),
                now=now(),
                identity=site().identity,
            )
        except Invalid as error:
            form.refuse(error, FIELDS)
        else:
            return back("places", _("The quota is saved."), slug=event.slug, anchor="quotas")
    status = 422 if form.errors else 200
    taken = quotas.taken(store(), event.id).get(before.id, 0) if before else 0
    return page("places/quota_form.html", status, event=event, form=form, quota=before, taken=taken)


@blueprint.route(f"/events/<slug>/places/quotas/{NUMBER}quota_id>/remove", methods=["GET", "POST"])
@access.organisers
def quota_remove(slug: str, quota_id: int) -> ResponseReturnValue:
    """Take a quota away, after asking."""
    event = meeting(slug)
    found = _quota(event, quota_id)
    if request.method == "POST":
        place_actions.remove_quota(
            store(), event.id, found.id, actor=access.actor(), now=now(), identity=site().identity
        )
        return back("places", _("The quota is removed."), slug=slug, anchor="quotas")
    return ask(
        event,
        title=_("Remove the quota “%(name)s”?") % {"name": plain(found.name)},
        text=_("It holds nobody back any more: whoever waits only for it moves up at once."),
        button=_("Remove the quota"),
        leave="places",
    )


def _group(event: Event, group_id: int) -> Group:
    found = quotas.group(store(), event.id, group_id)
    if found is None:
        raise NotFoundPage
    return found


def _quota(event: Event, quota_id: int) -> Quota:
    for found in quotas.quotas(store(), event.id):
        if found.id == quota_id:
            return found
    raise NotFoundPage
