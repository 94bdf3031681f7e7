"""What organisers' forms are made of: labels in the reader's language, fields, refusals."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from markupsafe import escape
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    DateField,
    Field,
    FileField,
    IntegerField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, StopValidation, ValidationError

from eventkit.errors import Invalid, Refused
from eventkit.model.text import Text
from eventkit.rules import dates, text
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _
from eventkit.web.language import ngettext

LONG = 20_000
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)


class Label:
    """A sentence that is spoken when the page is drawn, in the language of its reader."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __str__(self) -> str:
        return _(self.message)

    def __html__(self) -> str:
        return str(escape(_(self.message)))


def lazy_gettext(message: str) -> Label:
    """Mark a label for translation where no reader is known yet."""
    return Label(message)


class _Words:
    """What WTForms itself says, in our catalogues."""

    def gettext(self, message: str) -> str:
        return _(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return ngettext(one, many, n)


class Form(FlaskForm):  # type: ignore[misc] # comes without types
    """A form of the organisers. The token against forgery is the app's business (R16)."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # comes without types
        csrf = False

        def get_translations(self, form: Any) -> _Words:  # noqa: ARG002 # WTForms asks so
            return _Words()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was typed, and files only for fields that ask for one. JSON is no form."""
            if formdata is None or request.method != "POST" or not (request.form or request.files):
                return None
            files = [
                (name, file)
                for name, file in request.files.items(multi=True)
                if isinstance(form._fields.get(name), FileField)
            ]
            return CombinedMultiDict((MultiDict(files), request.form))

    def text(self, name: str) -> Text:
        """The words of a pair of fields, one per language."""
        return Text(de=self[f"{name}_de"].data or "", en=self[f"{name}_en"].data or "")

    def refuse(self, error: Refused, fields: Mapping[str, str] | None = None) -> None:
        """Say what was refused, at the field it belongs to."""
        name = (fields or {}).get(error.field or "", error.field or "")
        complain(self, name, sentence(error.code))


def complain(form: Form, name: str, message: str) -> None:
    """Put a sentence at a field of a form, or above the form."""
    if name in form:
        form[name].errors = [*form[name].errors, message]
    else:
        form.form_errors.append(message)


class Required:
    """Something must be there."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 # WTForms asks so
        if not field.raw_data or not str(field.raw_data[0]).strip():
            field.errors[:] = []
            raise StopValidation(_("Please fill this in."))


class Sound:
    """What the rules accept, or nothing; else their refusal, so that all is said at once."""

    def __init__(self, check: Callable[[str], str]) -> None:
        self.check = check

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 # WTForms asks so
        try:
            if (field.data or "").strip():
                self.check(field.data)
        except Invalid as error:
            raise ValidationError(sentence(error.code)) from None


class Sensible:
    """A day that a meeting can be on."""

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 # WTForms asks so
        if field.data and not EARLIEST <= field.data <= LATEST:
            raise ValidationError(_("Please choose a day of this century."))


class Between:
    """A whole number in a range."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 # WTForms asks so
        if field.data is not None and not self.low <= field.data <= self.high:
            words = _("Please enter a number from %(low)s to %(high)s.")
            raise ValidationError(words % {"low": self.low, "high": self.high})


def line(label: Label | str, *validators: Any, lang: str = "", longest: int = 500) -> StringField:
    """A field of one line."""
    return StringField(
        label, [*validators, Length(max=longest)], filters=[_one_line], render_kw=_spoken(lang)
    )


def lines(label: Label | str, *validators: Any, lang: str = "") -> TextAreaField:
    """A field of several lines."""
    return TextAreaField(
        label, [*validators, Length(max=LONG)], filters=[_many_lines], render_kw=_spoken(lang)
    )


def day(label: Label | str, *validators: Any) -> DateField:
    """A date by the browser's own picker."""
    return DateField(label, [*(validators or [Optional()]), Sensible()])


def clock(label: Label | str, *validators: Any) -> TimeField:
    """A time of day by the browser's own picker."""
    return TimeField(label, [*(validators or [Optional()])], format=["%H:%M", "%H:%M:%S"])


def number(label: Label | str, low: int, high: int, *validators: Any) -> IntegerField:
    """A whole number, or nothing."""
    return IntegerField(label, [*(validators or [Optional()]), Between(low, high)])


def options(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """Choices of a field from (value, label); a label may be lazy."""
    return [SelectChoice(value, label) for value, label in pairs]


def _one_line(typed: str | None) -> str | None:
    """Typed text passes the one gate before a page shows it again (R23)."""
    return typed and text.clean(typed)


def _many_lines(typed: str | None) -> str | None:
    return typed and text.clean(typed, lines=True)


def _spoken(lang: str) -> dict[str, str]:
    return {"lang": lang} if lang else {}


def instant(form: Form, name: str, on: date | None, at: time | None, zone: str) -> datetime | None:
    """The instant of a local day and time; what is wrong with it stands at the field `name`."""
    if on is None or at is None:
        return None
    try:
        return dates.to_instant(datetime.combine(on, at), zone)
    except Refused as error:
        complain(form, name, sentence(error.code))
        return None
