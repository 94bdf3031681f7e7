"""The organisation, its topics, and what stays of a meeting."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField

from eventkit.errors import Invalid
from eventkit.model.account import Organisation
from eventkit.model.archive import Quote, Recap, Topic
from eventkit.model.event import Link
from eventkit.model.person import Person
from eventkit.model.text import Text
from eventkit.rules import colours
from eventkit.rules import text as text_rules
from eventkit.web.forms.base import Form, Required, complain, line, lines, options
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.forms.event import zones
from eventkit.web.forms.refusals import sentence
from eventkit.web.language import gettext as _

PAGES = ("introduction", "imprint", "privacy", "accessibility")
QUOTES = range(1, 4)
LINKS = range(1, 4)


class TopicForm(Form):
    """A subject that outlives its meetings."""

    title_de = line(_l("Title in German"), lang="de", longest=200)
    title_en = line(_l("Title in English"), lang="en", longest=200)
    slug = line(_l("Address of the page"), longest=80)
    summary_de = lines(_l("In two sentences, German"), lang="de")
    summary_en = lines(_l("In two sentences, English"), lang="en")
    body_de = lines(_l("Dossier, German"), lang="de")
    body_en = lines(_l("Dossier, English"), lang="en")


class OrganisationForm(Form):
    """The association as its pages show it."""

    name_de = line(_l("Name in German"), Required(), lang="de", longest=200)
    name_en = line(_l("Name in English"), lang="en", longest=200)
    short_name = line(_l("Short name"), Required(), longest=60)
    accent = line(_l("Accent colour"), Required(), longest=7)
    zone = SelectField(_l("Time zone"))
    language = SelectField(_l("Language"), choices=options([("de", "Deutsch"), ("en", "English")]))
    email = line(_l("E-mail"), longest=254)
    website = line(_l("Website"), longest=2000)
    postal = lines(_l("Postal address"))
    introduction_de = lines(_l("Introduction, German"), lang="de")
    introduction_en = lines(_l("Introduction, English"), lang="en")
    imprint_de = lines(_l("Imprint, German"), lang="de")
    imprint_en = lines(_l("Imprint, English"), lang="en")
    privacy_de = lines(_l("Privacy, German"), lang="de")
    privacy_en = lines(_l("Privacy, English"), lang="en")
    accessibility_de = lines(_l("Accessibility, German"), lang="de")
    accessibility_en = lines(_l("Accessibility, English"), lang="en")
    link1_label_de = line(_l("Link 1: words in German"), lang="de", longest=200)
    link1_label_en = line(_l("Link 1: words in English"), lang="en", longest=200)
    link1_url = line(_l("Link 1: address"), longest=2000)
    link2_label_de = line(_l("Link 2: words in German"), lang="de", longest=200)
    link2_label_en = line(_l("Link 2: words in English"), lang="en", longest=200)
    link2_url = line(_l("Link 2: address"), longest=2000)
    link3_label_de = line(_l("Link 3: words in German"), lang="de", longest=200)
    link3_label_en = line(_l("Link 3: words in English"), lang="en", longest=200)
    link3_url = line(_l("Link 3: address"), longest=2000)

    def offer(self, zone: str) -> None:
        """Give the time zones to choose from."""
        self.zone.choices = options(zones(zone))

    def organisation(self, before: Organisation) -> Organisation | None:
        """The organisation the fields make; None when something is wrong, said at its field."""
        if not self.validate():
            return None
        accent = self._accent()
        email = self._checked("email", text_rules.address)
        website = self._checked("website", text_rules.web_address)
        links = self._links()
        texts: dict[str, Any] = {name: _clean(self.text(name)) for name in PAGES}
        if self.errors:
            return None
        return Organisation(
            name=_clean(self.text("name")),
            short_name=text_rules.clean(self.short_name.data or ""),
            accent=accent,
            zone=self.zone.data,
            language=self.language.data,
            email=email,
            website=website,
            postal=text_rules.clean(self.postal.data or "", lines=True),
            logo=before.logo,
            links=links,
            **texts,
        )

    def _accent(self) -> str:
        try:
            return colours.clean(self.accent.data or "")
        except ValueError:
            complain(self, "accent", _("A colour is # and six digits, such as #7a2048."))
            return ""

    def _checked(self, name: str, rule: object) -> str:
        value = self[name].data or ""
        if not value.strip() or not callable(rule):
            return ""
        try:
            return str(rule(value))
        except Invalid as error:
            complain(self, name, sentence(error.code))
            return ""

    def _links(self) -> tuple[Link, ...]:
        found = []
        for at in LINKS:
            url = self._checked(f"link{at}_url", text_rules.web_address)
            if url:
                label = _clean(self.text(f"link{at}_label"))
                found.append(Link(label or Text(de=url, en=url), url))
        return tuple(found)


class RecapForm(Form):
    """The page that remains."""

    title_de = line(_l("Title in German"), lang="de", longest=200)
    title_en = line(_l("Title in English"), lang="en", longest=200)
    lead_de = lines(_l("Opening, German"), lang="de")
    lead_en = lines(_l("Opening, English"), lang="en")
    body_de = lines(_l("Text, German"), lang="de")
    body_en = lines(_l("Text, English"), lang="en")
    quote1_de = lines(_l("Quote 1, German"), lang="de")
    quote1_en = lines(_l("Quote 1, English"), lang="en")
    quote1_person = SelectField(_l("Quote 1: said by"), coerce=int, default=0)
    quote2_de = lines(_l("Quote 2, German"), lang="de")
    quote2_en = lines(_l("Quote 2, English"), lang="en")
    quote2_person = SelectField(_l("Quote 2: said by"), coerce=int, default=0)
    quote3_de = lines(_l("Quote 3, German"), lang="de")
    quote3_en = lines(_l("Quote 3, English"), lang="en")
    quote3_person = SelectField(_l("Quote 3: said by"), coerce=int, default=0)

    def offer(self, people: list[Person]) -> None:
        """Give the people who may have said something."""
        names = [(0, _("Nobody")), *((person.id, person.name) for person in people)]
        for at in QUOTES:
            self[f"quote{at}_person"].choices = options(names)

    def quotes(self, people: list[Person]) -> list[Quote]:
        """The quotes the fields make; one without a speaker is said at its field."""
        by_id = {person.id: person for person in people}
        found = []
        for at in QUOTES:
            words = self.text(f"quote{at}")
            person = by_id.get(self[f"quote{at}_person"].data)
            if words and person is None:
                complain(self, f"quote{at}_person", _("Please say whose words these are."))
            elif words and person:
                found.append(Quote(words, person.name, person.function, person.slug))
        return found


class PhotoForm(Form):
    """A picture of a meeting."""

    photo = FileField(_l("Photo"), [Required()])
    caption_de = line(_l("Caption, German"), lang="de", longest=500)
    caption_en = line(_l("Caption, English"), lang="en", longest=500)
    alt_de = line(_l("What the photo shows, German"), lang="de", longest=500)
    alt_en = line(_l("What the photo shows, English"), lang="en", longest=500)
    credit = line(_l("Photo by"), longest=200)
    people = lines(_l("Who can be recognised"))


class CallOffForm(Form):
    """Why a meeting does not take place."""

    reason_de = lines(_l("Reason in German"), lang="de")
    reason_en = lines(_l("Reason in English"), lang="en")


def topic_fields(topic: Topic) -> dict[str, object]:
    """The fields of the form for an existing topic."""
    values: dict[str, object] = {"slug": topic.slug}
    return values | pairs(title=topic.title, summary=topic.summary, body=topic.body)


def organisation_fields(found: Organisation) -> dict[str, object]:
    """The fields of the form for the organisation."""
    names = ("short_name", "accent", "zone", "language", "email", "website", "postal")
    values: dict[str, object] = {name: getattr(found, name) for name in names}
    values |= pairs(name=found.name, **{name: getattr(found, name) for name in PAGES})
    for at, link in zip(LINKS, found.links, strict=False):
        values |= pairs(**{f"link{at}_label": link.label}) | {f"link{at}_url": link.url}
    return values


def recap_fields(recap: Recap, people: list[Person]) -> dict[str, object]:
    """The fields of the form for an existing recap."""
    values = pairs(title=recap.title, lead=recap.lead, body=recap.body)
    ids = {person.slug: person.id for person in people}
    for at, quote in zip(QUOTES, recap.quotes, strict=False):
        values |= pairs(**{f"quote{at}": quote.text})
        values[f"quote{at}_person"] = ids.get(quote.person_slug, 0)
    return values


def pairs(**texts: Text) -> dict[str, object]:
    """The two fields of each text."""
    found: dict[str, object] = {}
    for name, words in texts.items():
        found |= {f"{name}_de": words.de, f"{name}_en": words.en}
    return found


def _clean(words: Text) -> Text:
    return Text(
        de=text_rules.clean(words.de, lines=True), en=text_rules.clean(words.en, lines=True)
    )
