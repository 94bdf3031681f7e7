"""What stays of a meeting: its recap with quotes and pictures."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NotFoundPage

from eventkit.actions import archive as archive_actions
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.model.person import Person
from eventkit.rules.uploads import PICTURE_LIMIT
from eventkit.store import archive, people
from eventkit.web import access, headers
from eventkit.web.forms.base import complain
from eventkit.web.forms.house import QUOTES, PhotoForm, RecapForm, recap_fields
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import ask, back, blueprint, meeting, page
from eventkit.web.site import now, site, store


@blueprint.route("/events/<slug>/recap", methods=["GET", "POST"])
@access.organisers
def recap(slug: str) -> ResponseReturnValue:
    """The texts of the recap; the button that was pressed says whether it is shown."""
    event = meeting(slug)
    before = archive.recap(store(), event.id)
    everybody = people.every(store())
    form = RecapForm(data=recap_fields(before, everybody) if before else None)
    form.offer(everybody)
    public = before is not None and before.published_at is not None
    early = now() < event.starts_at and not public
    if form.validate_on_submit():
        publish = request.form.get("publish") == "yes"
        if publish and early:
            complain(form, "", _("The meeting has not begun yet. Its page still has to invite."))
        elif _save(event, form, everybody, publish=publish):
            said = _("The recap is published.") if publish else _("Saved. Nobody sees it yet.")
            return back("recap", said, slug=slug)
    return page(
        "recap.html",
        422 if form.errors else 200,
        event=event,
        form=form,
        recap=before,
        early=early,
        photo_form=PhotoForm(formdata=None),
        quotes=QUOTES,
        limit=PICTURE_LIMIT,
    )


def _save(event: Event, form: RecapForm, everybody: list[Person], *, publish: bool) -> bool:
    quotes = form.quotes(everybody)
    if form.errors:
        return False
    before = archive.recap(store(), event.id)
    further = before.quotes[len(QUOTES) :] if before else ()
    archive_actions.save_recap(
        store(),
        event.id,
        title=form.text("title"),
        lead=form.text("lead"),
        body=form.text("body"),
        quotes=[*quotes, *further],
        publish=publish,
        actor=access.actor(),
        now=now(),
    )
    return True


@blueprint.route("/events/<slug>/recap/photos/new", methods=["GET", "POST"])
@access.organisers
@headers.takes_uploads
def photo_new(slug: str) -> ResponseReturnValue:
    """A picture with what it shows, who took it and who is on it."""
    event = meeting(slug)
    form = PhotoForm()
    if form.validate_on_submit():
        names = [name.strip() for name in (form.people.data or "").splitlines()]
        try:
            archive_actions.add_photo(
                store(),
                event.id,
                form.photo.data.read(),
                caption=form.text("caption"),
                alt=form.text("alt"),
                credit=form.credit.data or "",
                people=[name for name in names if name],
                actor=access.actor(),
                now=now(),
                identity=site().identity,
            )
        except Invalid as error:
            form.refuse(error)
        else:
            return back("recap", _("The photo is added."), slug=slug, anchor="photos")
    status = 422 if form.errors else 200
    return page("photo_form.html", status, event=event, form=form, limit=PICTURE_LIMIT)


@blueprint.route("/events/<slug>/recap/photos/<public_id>/remove", methods=["GET", "POST"])
@access.organisers
def photo_remove(slug: str, public_id: str) -> ResponseReturnValue:
    """Take a picture off the recap, after asking."""
    event = meeting(slug)
    if archive.photo(store(), event.id, public_id) is None:
        raise NotFoundPage
    if request.method == "POST":
        archive_actions.remove_photo(store(), event.id, public_id, actor=access.actor(), now=now())
        return back("recap", _("The photo is gone."), slug=slug, anchor="photos")
    return ask(
        event,
        title=_("Take this photo away?"),
        text=_("It leaves the recap at once."),
        button=_("Take it away"),
        leave="recap",
    )
