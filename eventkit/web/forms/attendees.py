"""A list of attendees from another program: the file, and how it is to be understood."""

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, TextAreaField

from eventkit.web.forms.base import Form, Required, options
from eventkit.web.forms.base import lazy_gettext as _l

LANGUAGES = [("de", "Deutsch"), ("en", "English")]


class AttendeeFileForm(Form):
    """The file somebody hands in."""

    file = FileField(_l("File"))


class UnderstoodForm(Form):
    """What holds where the file says nothing: sent along with the address of the preview."""

    language = SelectField(_l("Language of those who have none"), choices=options(LANGUAGES))
    group = SelectField(_l("Group of those who have none"))


class TermsForm(Form):
    """What is decided before anybody comes in."""

    consent = TextAreaField(_l("Where their consent comes from"), [Required()])
    write = BooleanField(_l("Write to them: everybody gets the letter with place and link"))
    rest = BooleanField(_l("Whoever gets no place stands on the waiting list"))
    skip = BooleanField(_l("Leave out the rows that can’t be taken"))
