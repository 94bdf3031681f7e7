"""The forms of a guest's own pages: other workshops, who comes along, a question."""

from wtforms import BooleanField, FieldList, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from eventkit.web.forms.base import Required
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.forms.visitors import (
    LIST_WORDS,
    PHOTO_WORDS,
    VisitorForm,
    _number,
    many_lines,
    one_line,
    refusal,
)
from eventkit.web.language import gettext as _


def declined(code: str) -> str:
    """A refusal of a change as a sentence for guests."""
    words = {
        "workshop_begun": _("This workshop has begun already, so it can’t be chosen any more."),
        "place_lost": _(
            "There is no place in this workshop just now, and with this change you would give "
            "yours up. Choose your present workshop as the second wish to keep your place there "
            "meanwhile. Or tick “I give my place up anyway” and send it once more."
        ),
        "waits_for_fewer": _(
            "While you wait you can bring fewer people, but not more: your place in the queue "
            "is for as many as you named."
        ),
        "no_more_places": _(
            "There are not that many places free just now. What you had stays as it was."
        ),
        "paid_already": _(
            "Your invoice is paid for this number of people. Please write to us, so that we "
            "settle it together."
        ),
        "cancelled": _("You are not registered any more, so nothing can be changed here."),
        "over": _("The meeting is over, so nothing can be changed here any more."),
    }
    return words.get(code) or refusal(code)


class WorkshopsForm(VisitorForm):
    """The workshops of a guest from now on."""

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
    anyway = BooleanField(_l("I give my place up anyway"))


class CompanionsForm(VisitorForm):
    """Who comes along from now on."""

    companions = FieldList(
        StringField(_l("Name"), filters=[one_line]), _l("Who comes with you"), max_entries=20
    )


def consent_words(purpose: str) -> str:
    """The words of a consent that is asked apart, as forms and pages show them; "" for none."""
    return str({"photo": PHOTO_WORDS, "attendee_list": LIST_WORDS}.get(purpose, ""))


class ContactForm(VisitorForm):
    """Some words to the organisers."""

    words = TextAreaField(_l("Your question"), [Required()], filters=[many_lines])
