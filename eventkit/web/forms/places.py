"""Forms about places: limits, a group, a quota, a person who is added at the desk."""

from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from eventkit.model.event import Event
from eventkit.model.places import Group, OpenTo, Quota
from eventkit.rules import text
from eventkit.web.forms.base import Form, Required, line, number, options
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.forms.visitors import Accepted, Registration, Ticked, many_lines, one_line
from eventkit.web.language import gettext as _
from eventkit.web.language import plain

FIELDS = {"name": "name_de"}


def _number(value: object) -> int:
    digits = str(value)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1


class LimitsForm(Form):
    """What holds for the whole meeting."""

    per_organisation = number(_l("Places for one organisation at most"), 1, 100_000)
    companions = number(_l("People somebody may bring along"), 0, 9, Required())
    offer_hours = number(_l("Hours to accept a place that became free"), 0, 720, Required())


def limits_of(event: Event) -> dict[str, object]:
    """The fields of the form for a meeting as it is."""
    return {
        "per_organisation": event.per_organisation,
        "companions": event.companions,
        "offer_hours": event.offer_hours,
    }


class GroupForm(Form):
    """A group of attendees."""

    name_de = line(_l("Name in German"), lang="de", longest=120)
    name_en = line(_l("Name in English"), lang="en", longest=120)
    open_to = SelectField(
        _l("Who can choose it"),
        choices=options(
            [
                (OpenTo.EVERYONE.value, _l("Everybody, in the form")),
                (OpenTo.CODE.value, _l("Only with a code")),
                (OpenTo.INVITATION.value, _l("Only with a personal invitation")),
            ]
        ),
        default=OpenTo.EVERYONE.value,
    )

    def group(self, group_id: int) -> Group:
        """The group the fields make."""
        return Group(group_id, self.text("name"), OpenTo(self.open_to.data))


class QuotaForm(Form):
    """Places for some groups together."""

    name_de = line(_l("Name in German"), lang="de", longest=120)
    name_en = line(_l("Name in English"), lang="en", longest=120)
    capacity = number(_l("Places"), 0, 100_000, Required())
    groups = SelectMultipleField(
        _l("Groups that share these places"),
        coerce=_number,
        choices=[],
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self, found: tuple[Group, ...]) -> None:
        """Give the groups of the meeting as choices."""
        self.groups.choices = [(group.id, plain(group.name)) for group in found]

    def quota(self, quota_id: int) -> Quota:
        """The quota the fields make."""
        return Quota(
            quota_id,
            self.text("name"),
            self.capacity.data if self.capacity.data is not None else -1,
            frozenset(self.groups.data or ()),
        )


class DeskRegistration(Registration):
    """Somebody an organiser adds, with what the organiser states about their consent."""

    name = StringField(_l("Name"), [Required(), Accepted(text.person_name)], filters=[one_line])
    email = StringField(_l("E-mail"), [Required(), Accepted(text.address)], filters=[one_line])
    role = StringField(_l("Function"), filters=[one_line])
    group = RadioField(_l("Group"), coerce=_number, choices=[], validate_choice=False, default=None)
    access_needs = TextAreaField(_l("Access needs"), filters=[many_lines])
    diet = StringField(_l("Diet"), filters=[one_line])
    language = SelectField(
        _l("Language of our letters"), choices=options([("de", "Deutsch"), ("en", "English")])
    )
    consent_privacy = BooleanField(
        _l("The person has agreed that we use this data for the registration."),
        [Ticked("consent_desk")],
    )

    @staticmethod
    def sensitive_consent() -> str:
        """What the organiser states when food and access are filled in (R50)."""
        return _(
            "By filling in one of these two fields you state that the person expressly agreed "
            "that we use it to prepare this meeting. We delete it 14 days after the meeting."
        )
