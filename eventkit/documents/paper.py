"""What all papers share: the frame of meeting and organisation, the templates, QR codes."""

from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from eventkit import language as words
from eventkit.documents import booklet, markup
from eventkit.documents.press import IMAGES
from eventkit.model.account import Organisation
from eventkit.model.event import Event
from eventkit.model.text import Text
from eventkit.rules import colours

_TEMPLATES = Path(__file__).parents[2] / "templates"
_QR_MASK = 5  # a fixed mask: trying all eight takes five times as long


def qr(address: str) -> bytes:
    """A QR code of an address as PNG, one pixel a module, with its quiet zone."""
    picture = BytesIO()
    code = segno.make(address, error="m", mask=_QR_MASK, boost_error=False, micro=False)
    code.save(picture, kind="png", scale=1, border=4)
    return picture.getvalue()


def frame(
    event: Event, organisation: Organisation, language: str, accent: str
) -> dict[str, object]:
    """What every paper shows of meeting and organisation.

    `accent` ("#rrggbb") is darkened where it would not be readable; raises ValueError
    when it is no colour.
    """
    shade = colours.readable(accent, colours.PAPER)
    zone = ZoneInfo(event.zone)
    last = event.ends_at - timedelta(seconds=1) if event.all_day else event.ends_at
    return {
        "event": event,
        "organisation": organisation,
        "accent": shade,
        "tint": colours.tint(shade, 0.1),
        "first": event.starts_at.astimezone(zone),
        "last": last.astimezone(zone),
        "several_days": several_days(event),
        "when": words.span(
            event.starts_at, event.ends_at, event.zone, language, all_day=event.all_day
        ),
    }


def several_days(event: Event) -> bool:
    """Whether a meeting ends on another day than it begins, where it takes place."""
    zone = ZoneInfo(event.zone)
    end = event.ends_at - timedelta(seconds=1)
    return event.starts_at.astimezone(zone).date() != end.astimezone(zone).date()


def html(template: str, language: str, **data: object) -> str:
    """A paper of `templates/print/` in a language, ready for the press."""
    return _environment(language).get_template(f"print/{template}").render(**data)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = words.catalogue(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.gettext, catalogue.ngettext, newstyle=True, pgettext=catalogue.pgettext
    )

    def rich(text: Text) -> Markup:
        chosen, spoken = text.pick(language)
        # to_html cleans what organisers wrote against a short list of elements (R18).
        return _in_language(Markup(markup.to_html(chosen)), spoken, "div")  # noqa: S704

    def short(text: Text) -> Markup:
        chosen, spoken = text.pick(language)
        return _in_language(escape(chosen), spoken, "span")

    def _in_language(content: Markup, spoken: str, element: str) -> Markup:
        if spoken == language or not content:
            return content
        return Markup('<{} lang="{}">{}</{}>').format(element, spoken, content, element)

    environment.filters |= {"words": short, "rich": rich, "initials": booklet.initials}
    environment.globals |= {"language": language, "images": IMAGES, "say": words}
    return environment
