"""The forms of visitors: registering, asking for a link again, reading the newsletter."""

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    FieldList,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from eventkit.errors import Invalid, Refused
from eventkit.rules import text
from eventkit.web.forms.base import Form, Required, complain, options
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _


def refusal(code: str) -> str:
    """A refusal as a sentence for visitors."""
    words = {
        "consent": _("Please tick this box: without it we may not take your registration."),
        "consent_desk": _("Please tick this box: without consent nobody may be registered."),
        "consent_newsletter": _("Please tick this box: without it we may not write to you."),
        "unknown_session": _("One of these workshops is not offered any more."),
        "sessions_clash": _("Two of these workshops take place at the same time."),
        "organisation_full": _("This organisation has all its places already."),
        "group": _("Please choose how you take part."),
        "unknown_group": _("This way of taking part is not offered any more. Please choose anew."),
        "group_full": _("All places of this kind are taken, and there is no waiting list."),
        "too_many_companions": _("These are more people than may come with you."),
        "never_fits": _("There are not that many places together. Please bring fewer people."),
        "code_unknown": _("This code opens nothing here. Please check how it is written."),
        "code_over": _("This code is not valid any more."),
        "code_used": _("This code has been used as often as it can be."),
        "consent_party": _("Please tick this box: without their consent we may not take them."),
        "party_twice": _("Each of you needs an address of their own."),
        "party_too_large": _("These are more people than can be registered at once."),
        "party_full": _(
            "There is not a place for each of you, and there is no waiting list. "
            "Please take somebody out."
        ),
        "price": _("Please choose what you pay."),
        "price_unknown": _("This price is not offered to you. Please choose another one."),
        "billing_lines": _("An address has at most seven lines. Please shorten it."),
        "already": _("Somebody with this address is registered already."),
        "address": _("This is not a complete mail address, such as name@example.org."),
        "name_with_address": _("Please enter your name here, without a web or mail address."),
    }
    return words.get(code) or sentence(code)


class Accepted:
    """What the rules accept; else their refusal as a sentence."""

    def __init__(self, check: Callable[[str], str]) -> None:
        self.check = check

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 # WTForms asks so
        try:
            self.check(field.data or "")
        except Invalid as error:
            raise ValidationError(refusal(error.code)) from None


class Ticked:
    """A box that has to be ticked."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, code: str) -> None:
        self.code = code

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 # WTForms asks so
        if not field.data:
            raise StopValidation(refusal(self.code))


class Empty:
    """A field that people don't see; whoever fills it in is a program (R40)."""

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 # WTForms asks so
        if field.data:
            raise ValidationError(_("This field has to stay empty."))


def _number(value: Any) -> int:
    """A choice's id; what is no number becomes one that is not offered."""
    digits = str(value)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1


def one_line(value: str | None) -> str:
    """What was typed into a line, cleaned before anything shows it."""
    return text.clean(value or "")


def many_lines(value: str | None) -> str:
    """What was typed into an area of several lines, cleaned."""
    return text.clean(value or "", lines=True)


class VisitorForm(Form):
    """A form anybody may fill in. What only harms is gone before anything is shown again (R23)."""

    homepage = StringField(_l("Leave this empty"), [Empty()], filters=[one_line])

    def refuse(self, error: Refused, fields: Mapping[str, str] | None = None) -> None:
        """Say what was refused, at the field it belongs to."""
        complain(
            self, (fields or {}).get(error.field or "", error.field or ""), refusal(error.code)
        )


PHOTO_WORDS = _l(
    "I agree that pictures in which I can be recognised may be shown in the recap of "
    "this meeting. I can withdraw this at any time on my own page."
)
LIST_WORDS = _l(
    "Other guests who agree as well may see my name and my organisation. "
    "I can withdraw this at any time on my own page."
)


class Registration(VisitorForm):
    """Registering for a meeting: name and address are asked, all else may stay empty (R50)."""

    name = StringField(
        _l("Your name"), [Required(), Accepted(text.person_name)], filters=[one_line]
    )
    email = StringField(
        _l("Your e-mail address"), [Required(), Accepted(text.address)], filters=[one_line]
    )
    organisation = StringField(_l("Organisation"), filters=[one_line])
    role = StringField(_l("What you do there"), filters=[one_line])
    sessions = SelectMultipleField(
        _l("Workshops"),
        coerce=_number,
        choices=[],
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    second = SelectMultipleField(
        _l("Second wish"), coerce=_number, choices=[], validate_choice=False
    )
    group = RadioField(
        _l("I register as"), coerce=_number, choices=[], validate_choice=False, default=None
    )
    price = RadioField(_l("Price"), coerce=_number, choices=[], validate_choice=False, default=None)
    billing = TextAreaField(_l("Address for the invoice"), filters=[many_lines])
    companions = FieldList(
        StringField(_l("Name"), filters=[one_line]), _l("Who comes with you"), max_entries=20
    )
    access_needs = TextAreaField(_l("What you need to take part"), filters=[many_lines])
    diet = StringField(_l("What you don’t eat"), filters=[one_line])
    code = StringField(_l("Code"), filters=[one_line])
    party_name = FieldList(
        StringField(_l("Name"), filters=[one_line]), _l("Colleagues"), max_entries=20
    )
    party_email = FieldList(
        StringField(_l("E-mail address"), filters=[one_line]), _l("Colleagues"), max_entries=20
    )
    consent_party = BooleanField(
        _l(
            "I have told these people that I register them and how their data is used, "
            "and they agree."
        )
    )
    consent_privacy = BooleanField(
        _l("I have read how my data is used, and I agree that you use it for this registration."),
        [Ticked("consent")],
    )
    consent_photo = BooleanField(PHOTO_WORDS)
    consent_list = BooleanField(LIST_WORDS)
    attempt = HiddenField(filters=[one_line])

    @staticmethod
    def sensitive_consent() -> str:
        """What filling in the fields on food and access agrees to, as the page shows it (R50)."""
        return _(
            "By filling this in you expressly agree that we use it to prepare "
            "this meeting. We delete it 14 days after the meeting, "
            "and you can withdraw at any time."
        )


class OwnData(VisitorForm):
    """What a guest may correct about themselves. Another address is another registration."""

    name = StringField(
        _l("Your name"), [Required(), Accepted(text.person_name)], filters=[one_line]
    )
    organisation = StringField(_l("Organisation"), filters=[one_line])
    role = StringField(_l("What you do there"), filters=[one_line])
    language = SelectField(
        _l("Language of our letters"), choices=options([("de", "Deutsch"), ("en", "English")])
    )
    access_needs = TextAreaField(_l("What you need to take part"), filters=[many_lines])
    diet = StringField(_l("What you don’t eat"), filters=[one_line])
    sensitive_consent = staticmethod(Registration.sensitive_consent)


class Newsletter(VisitorForm):
    """Subscribing to the newsletter; nothing happens before the address is confirmed (R52)."""

    email = StringField(
        _l("Your e-mail address"), [Required(), Accepted(text.address)], filters=[one_line]
    )
    consent_newsletter = BooleanField(
        _l(
            "Yes, please send me the newsletter by e-mail. "
            "I can leave it at any time by a link in every letter."
        ),
        [Ticked("consent_newsletter")],
    )


class LostLink(VisitorForm):
    """Asking for the link to one's registrations again."""

    email = StringField(
        _l("Your e-mail address"), [Required(), Accepted(text.address)], filters=[one_line]
    )


class TellMe(VisitorForm):
    """Asking for one letter when registration opens."""

    email = StringField(
        _l("Your e-mail address"), [Required(), Accepted(text.address)], filters=[one_line]
    )


class Decline(VisitorForm):
    """Somebody who was invited can't come."""

    word = TextAreaField(_l("A word to us"), filters=[many_lines])
