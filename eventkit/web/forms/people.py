"""A person of the programme and the slides they give away, as organisers type them."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField

from eventkit.model.agenda import Item, Kind
from eventkit.model.material import Material, Release
from eventkit.model.person import Person
from eventkit.rules import text
from eventkit.web.forms.base import Form, Required, Sound, line, lines, options
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.language import gettext as _
from eventkit.web.language import plain

TEXTS = ("function", "organisation", "biography", "photo_alt")
LINES = ("name", "former_name", "website", "email", "photo_credit", "language")
SPOKEN = [("", _l("Not said")), ("de", "Deutsch"), ("en", "English")]
LETTERS_IN = [("", _l("As the organisation writes")), ("de", "Deutsch"), ("en", "English")]
LICENCES = [
    ("", _l("All rights stay with the author")),
    ("CC BY 4.0", "CC BY 4.0"),
    ("CC BY-SA 4.0", "CC BY-SA 4.0"),
    ("CC BY-NC-ND 4.0", "CC BY-NC-ND 4.0"),
    ("CC0 1.0", "CC0 1.0"),
]
RELEASES = [
    (Release.AFTER_ITEM.value, _l("When the talk is over")),
    (Release.NOW.value, _l("At once")),
    (Release.MANUAL.value, _l("When I release it")),
    (Release.REGISTERED.value, _l("Only for people who registered")),
]


class PersonForm(Form):
    """A person with a public page."""

    name = line(_l("Name"), Required(), longest=200)
    former_name = line(_l("Former name"), longest=200)
    function_de = line(_l("Function, German"), lang="de", longest=200)
    function_en = line(_l("Function, English"), lang="en", longest=200)
    organisation_de = line(_l("Organisation, German"), lang="de", longest=200)
    organisation_en = line(_l("Organisation, English"), lang="en", longest=200)
    biography_de = lines(_l("Biography, German"), lang="de")
    biography_en = lines(_l("Biography, English"), lang="en")
    website = line(_l("Website"), Sound(text.web_address), longest=2000)
    email = line(_l("E-mail"), Sound(text.address), longest=254)
    language = SelectField(_l("Language of our letters"), choices=options(LETTERS_IN), default="")
    photo = FileField(_l("Photo"))
    photo_alt_de = line(_l("What the photo shows, German"), lang="de", longest=300)
    photo_alt_en = line(_l("What the photo shows, English"), lang="en", longest=300)
    photo_credit = line(_l("Photo by"), longest=200)

    def person(self, person_id: int) -> Person:
        """The person the fields make; the photo goes its own way."""
        values: dict[str, Any] = {name: self[name].data or "" for name in LINES}
        values |= {name: self.text(name) for name in TEXTS}
        return Person(id=person_id, slug="", **values)


def known_licence(licence: str) -> bool:
    """Whether a licence can be chosen from the list."""
    return licence in dict(LICENCES)


def filled(person: Person) -> dict[str, object]:
    """The fields of the form for an existing person."""
    values: dict[str, object] = {name: getattr(person, name) for name in LINES}
    for name in TEXTS:
        words = getattr(person, name)
        values |= {f"{name}_de": words.de, f"{name}_en": words.en}
    return values


class SpeakerSlidesForm(Form):
    """Slides, or a link to them, as somebody who speaks hands them in."""

    file = FileField(_l("File"))
    url = line(_l("Or a link"), Sound(text.web_address), longest=2000)
    title = line(_l("Title"), longest=200)
    material = SelectField(_l("What it is"), default="")
    language = SelectField(_l("Language of the slides"), choices=options(SPOKEN), default="")
    licence = SelectField(_l("Licence"), choices=options(LICENCES), default="")

    def offer(self, there: list[Material]) -> None:
        """Give what is there already, to deliver a newer version of it."""
        newer = _("A newer version of “%(title)s”")
        found = [(m.public_id, newer % {"title": plain(m.title)}) for m in there]
        self.material.choices = options([("", _("Something new")), *found])


class MaterialForm(Form):
    """Slides, or a link to them."""

    title_de = line(_l("Title in German"), lang="de", longest=200)
    title_en = line(_l("Title in English"), lang="en", longest=200)
    item_id = SelectField(_l("Belongs to"), coerce=int, default=0)
    file = FileField(_l("File"))
    url = line(_l("Or a link"), Sound(text.web_address), longest=2000)
    language = SelectField(_l("Language"), choices=options(SPOKEN), default="")
    licence = SelectField(_l("Licence"), choices=options(LICENCES), default="")
    own_licence = line(_l("Another licence, in words"), longest=100)
    release = RadioField(
        _l("When others may download it"), choices=options(RELEASES), default=Release.MANUAL.value
    )

    def chosen_licence(self) -> str:
        """The licence in words, if somebody wrote one, else the chosen one."""
        return self.own_licence.data or self.licence.data or ""

    def offer(self, items: tuple[Item, ...]) -> None:
        """Give the talks to choose from."""
        quiet = (Kind.BREAK, Kind.NETWORKING)
        found = [(item.id, plain(item.title)) for item in items if item.kind not in quiet]
        self.item_id.choices = options([(0, _("The whole meeting")), *found])
