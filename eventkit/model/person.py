"""A person who speaks, moderates or is quoted."""

from dataclasses import dataclass

from eventkit.model.text import NOTHING, Text


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a public page. `former_name` is shown as "(geb. …)" in German.

    `photo` is the content hash of a file on the shelf, or empty. `language` ("de", "en" or
    "" for the organisation's) is that of letters to them.
    """

    id: int
    slug: str
    name: str
    former_name: str = ""
    function: Text = NOTHING
    organisation: Text = NOTHING
    biography: Text = NOTHING
    website: str = ""
    email: str = ""
    photo: str = ""
    photo_alt: Text = NOTHING
    photo_credit: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Crop:
    """Which square of a photo is shown: all in per cent.

    `zoom` 100 is the largest square; `across` and `down` say where it lies, from 0 (left,
    top) to 100 (right, bottom).
    """

    across: int = 50
    down: int = 30
    zoom: int = 100
