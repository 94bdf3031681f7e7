"""A programme from another program: the file, and how it is to be understood."""

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField

from eventkit.web.forms.base import Form, options
from eventkit.web.forms.base import lazy_gettext as _l

LANGUAGES = [("de", "Deutsch"), ("en", "English")]


class ProgrammeFileForm(Form):
    """The file somebody hands in."""

    file = FileField(_l("File"))
    language = SelectField(_l("The texts in the file are in"), choices=options(LANGUAGES))


class ChoicesForm(Form):
    """What the preview asks: sent along with the address, so that it can be looked at again."""

    language = SelectField(_l("The texts in the file are in"), choices=options(LANGUAGES))
    exact = BooleanField(_l("Take out of the draft what is not in the file"))
    moved = BooleanField(_l("Put its first day on the first day of the meeting"))
