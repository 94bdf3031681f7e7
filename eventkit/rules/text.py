"""What typed text may be: one gate for every field, so that no writer downstream can trip."""

import re
import unicodedata

from eventkit.errors import Invalid
from eventkit.model.text import Text

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\u0085": "\n"})
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\"]+")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_URL_IN_NAME = re.compile(
    r"(?:https?:|www\.|//)|[a-z0-9-]\.(?:com|net|org|info|biz|ru|top|xyz|shop|online|site|click|link)\b",
    re.I,
)
_SLUG_STEPS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "æ": "ae",
        "ø": "oe",
        "ł": "l",
        "ı": "i",
        "ə": "e",
        "ð": "d",
        "đ": "d",
        "þ": "th",
    }
)


def clean(value: str, *, lines: bool = False) -> str:
    """The text without what only harms: control, bidi and noncharacters, lone surrogates.

    Composed to NFC, outer blanks removed. With `lines`, line breaks stay (as \\n); without,
    every run of white space becomes one blank. (R23)
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    value = unicodedata.normalize("NFC", "".join(c for c in value if _harmless(c)))
    if not lines:
        return " ".join(value.split())
    return "\n".join(line.rstrip() for line in value.split("\n")).strip()


def clean_both(words: Text, *, lines: bool = False) -> Text:
    """The same for a text in both languages."""
    return Text(de=clean(words.de, lines=lines), en=clean(words.en, lines=lines))


def _harmless(c: str) -> bool:
    if c in "\n\t":
        return True
    code = ord(c)
    if c in _BIDI or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE:
        return False
    return unicodedata.category(c) not in ("Cc", "Cs")


def person_name(value: str) -> str:
    """A person's name as typed, cleaned; any script, with ’ - * : · and / welcome.

    Raises Invalid: `required` when nothing is left, `too_long` over 200 characters,
    `name_with_address` when it carries a web address (R24).
    """
    name = clean(value)
    if not any(unicodedata.category(c)[0] in "LN" for c in name):
        raise Invalid("required", field="name")
    if len(name) > 200:
        raise Invalid("too_long", field="name")
    if _URL_IN_NAME.search(name) or "@" in name:
        raise Invalid("name_with_address", field="name")
    return name


def address(value: str) -> str:
    """One mail address, its domain in lower-case ASCII (IDNA).

    Raises Invalid `address` for anything that is not exactly one deliverable-looking
    address of at most 254 characters (RFC 5321 4.5.3.1).
    """
    typed = clean(value)
    if len(typed) > 254 or not _ADDRESS.fullmatch(typed):
        raise Invalid("address", field="email")
    local, _, domain = typed.rpartition("@")
    try:
        domain = domain.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        raise Invalid("address", field="email") from None
    labels = domain.split(".")
    good = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    plain = not local.startswith(".") and not local.endswith(".") and ".." not in local
    if not good or labels[-1].isdigit() or not plain or len(local.encode()) > 64:
        raise Invalid("address", field="email")
    if len(local) + len(domain) + 1 > 254:
        raise Invalid("address", field="email")
    return f"{local}@{domain}"


def address_key(value: str) -> str:
    """What makes two addresses the same person's: the address without case."""
    return value.casefold()


def slug(*parts: str) -> str:
    """A readable piece of an address: lower case, ASCII, hyphens; "" if nothing is left."""
    joined = "-".join(parts).casefold().translate(_SLUG_STEPS)
    plain = unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def filename(value: str, suffix: str) -> str:
    """A shown file name that is safe everywhere: no path, no control characters (R21)."""
    name = clean(value).replace("\\", "/").rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0] if "." in name else name
    stem = re.sub(r'[<>:"|?*%#&;$`\'{}]+', " ", stem).strip(" .-")
    return f"{' '.join(stem.split())[:120] or 'file'}.{suffix}"


def web_address(value: str) -> str:
    """An https, http or mailto address, or "" for nothing.

    Raises Invalid `web_address` for other schemes, white space or control characters.
    """
    typed = clean(value)
    if not typed:
        return ""
    if len(typed) > 2000 or not re.fullmatch(r"(?:https?://[^\s/]+\S*|mailto:\S+@\S+)", typed):
        raise Invalid("web_address")
    if any(c in typed for c in '<>"\\^`{|}'):
        raise Invalid("web_address")
    return typed
