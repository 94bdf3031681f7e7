"""One's own account, and, for administrators, those of the others."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from eventkit.actions import accounts
from eventkit.errors import Invalid
from eventkit.model.account import Access
from eventkit.store import accounts as account_store
from eventkit.web import access
from eventkit.web.forms.account import NewOrganiser, Password
from eventkit.web.language import gettext as _
from eventkit.web.organiser.desk import back, blueprint, page
from eventkit.web.site import now, store


@blueprint.route("/account", methods=["GET", "POST"])
@access.door
def account() -> ResponseReturnValue:
    """One's name, password and logged-in browsers."""
    form = Password()
    me = access.organiser()
    if form.validate_on_submit():
        try:
            accounts.change_password(
                store(), me.id, old=form.old.data, new=form.password.data, now=now()
            )
        except Invalid as error:
            if error.code == "login":
                form.old.errors = [_("This is not your present password.")]
            else:
                form.refuse(error)
        else:
            return back("login", _("The password is changed. Please log in with the new one."))
    sessions = account_store.sessions_of(store(), me.id)
    here = access.logged_in()
    status = 422 if form.errors else 200
    return page("account.html", status, form=form, sessions=sessions, here=here)


@blueprint.post("/account/sessions/<int(max=9223372036854775807):session_id>/end")
@access.door
def end_session(session_id: int) -> ResponseReturnValue:
    """Log a browser of one's own out."""
    accounts.log_out(store(), session_id, organiser_id=access.organiser().id)
    here = access.logged_in()
    if here is not None and here.id == session_id:
        return redirect(url_for("organiser.login"), 303)
    return back("account", _("That browser is logged out."))


@blueprint.route("/organisers", methods=["GET", "POST"])
@access.admins
def organisers() -> ResponseReturnValue:
    """Everybody who logs in, and a form for one more."""
    form = NewOrganiser()
    if form.validate_on_submit():
        try:
            made = accounts.add_organiser(
                store(),
                email=form.email.data,
                name=form.name.data,
                password=form.password.data,
                access=Access(form.access.data),
                language=form.language.data,
                actor=access.actor(),
                now=now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            said = _("%(name)s can log in now. Please hand over the password in person.")
            return back("organisers", said % {"name": made.name})
    status = 422 if form.errors else 200
    everybody = account_store.every(store())
    return page("organisers.html", status, form=form, everybody=everybody)
