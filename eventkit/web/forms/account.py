"""Logging in, one's own password, and the accounts of others."""

from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import Length

from eventkit.model.account import Access
from eventkit.web.forms.base import Form, Required, line, options
from eventkit.web.forms.base import lazy_gettext as _l


class Login(Form):
    """Address and password."""

    email = StringField(_l("E-mail"), [Required(), Length(max=254)])
    password = PasswordField(_l("Password"), [Required(), Length(max=200)])


class Password(Form):
    """A new password, with the old one as proof."""

    old = PasswordField(_l("Present password"), [Required(), Length(max=200)])
    password = PasswordField(_l("New password"), [Required(), Length(max=200)])


class NewOrganiser(Form):
    """An account for somebody else."""

    name = line(_l("Name"), Required(), longest=200)
    email = line(_l("E-mail"), Required(), longest=254)
    access = SelectField(
        _l("What they may do"),
        choices=options(
            [
                (
                    Access.ORGANISER.value,
                    _l("Organise: everything but accounts and the organisation"),
                ),
                (Access.ADMIN.value, _l("Administer: everything")),
                (Access.DOOR.value, _l("Door: check in people, nothing else")),
            ]
        ),
    )
    language = SelectField(
        _l("Language"), choices=options([("de", "Deutsch"), ("en", "English")]), default="de"
    )
    password = PasswordField(_l("First password"), [Required(), Length(max=200)])
