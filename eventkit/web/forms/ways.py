"""Forms of the ways in: who may register, a code, a list of people to invite."""

from collections.abc import Sequence
from datetime import time, timedelta

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Length

from eventkit.model.event import Admission, Event
from eventkit.model.places import Group
from eventkit.model.ways import Code
from eventkit.web.forms.base import (
    Form,
    Required,
    clock,
    complain,
    day,
    instant,
    line,
    number,
    options,
)
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.forms.visitors import many_lines
from eventkit.web.language import gettext as _
from eventkit.web.language import plain

LONGEST = 200_000
LANGUAGES = [("de", "Deutsch"), ("en", "English")]


def _number(value: object) -> int:
    digits = str(value)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1


def groups(found: Sequence[Group]) -> list[tuple[int, str]]:
    """The groups of a meeting as choices, "none" first."""
    return [(0, _("No group")), *((group.id, plain(group.name)) for group in found)]


class AdmissionForm(Form):
    """Who may register, and how many with one form."""

    admission = RadioField(
        _l("Who may register"),
        choices=options(
            [
                (Admission.OPEN.value, _l("Everybody who finds the page")),
                (Admission.CLOSED.value, _l("Only with a personal invitation or a code")),
            ]
        ),
    )
    party_size = number(_l("People who can be registered with one form"), 1, 20, Required())


class CodeForm(Form):
    """A code."""

    code = line(_l("Code"), Required(), longest=40)
    group = SelectField(_l("Group it opens"), coerce=_number, choices=[])
    uses = number(_l("How often it can be used"), 1, 100_000)
    until_day = day(_l("Valid until (day)"))
    until_time = clock(_l("Valid until (time)"))
    note = line(_l("Note for you"), longest=200)

    def made(self, event: Event, code_id: int) -> Code:
        """The code the fields make; a day without a time means until its end."""
        on, at = self.until_day.data, self.until_time.data
        until = None
        if on and at:
            until = instant(self, "until_time", on, at, event.zone)
        elif on:
            until = instant(self, "until_day", on + timedelta(days=1), time(), event.zone)
        elif at:
            complain(self, "until_day", _("Please fill this in."))
        return Code(
            code_id,
            event.id,
            self.code.data or "",
            group_id=self.group.data or None,
            uses=self.uses.data,
            valid_until=until,
            note=self.note.data or "",
        )


class GuestListForm(Form):
    """People to invite: typed or pasted, or a file; a group and a language for all of them."""

    people = TextAreaField(_l("People to invite"), [Length(max=LONGEST)], filters=[many_lines])
    file = FileField(_l("Or a file"))
    group = SelectField(_l("Group the invitations open"), coerce=_number, choices=[])
    language = SelectField(_l("Language of the letters"), choices=options(LANGUAGES))
