"""Placeholders in organisers' texts: a fixed list, filled once by plain substitution (R19)."""

import re
from collections.abc import Mapping

ADDRESSES = ("link", "page", "programme")
WORDS = (
    "name",
    "meeting",
    "date",
    "time",
    "doors",
    "place",
    "directions",
    "access",
    "workshops",
    "queue",
    "offered_until",
    "organisation",
    "contact",
)
KNOWN = (*WORDS, *ADDRESSES)
_BRACES = re.compile(r"\{([^{}\n]*)\}")


def used(text: str) -> list[str]:
    """Whatever stands in braces, known or not, as often as it stands there."""
    return _BRACES.findall(text)


def unknown(text: str) -> list[str]:
    """What stands in braces and is no placeholder, each once, in the order of the text."""
    return [name for name in dict.fromkeys(used(text)) if name not in KNOWN]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder replaced, once: braces in a value stay braces.

    What `values` does not know stays as it was typed.
    """
    return _BRACES.sub(lambda found: values.get(found[1], found[0]), text)
