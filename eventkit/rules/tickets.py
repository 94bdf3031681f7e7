"""Codes on paper: of a ticket, and of a certificate that can be checked without a name.

Both are base32 (RFC 4648): letters and digits that a QR code holds in little room and
that can be typed without telling capitals apart.
"""

from base64 import b32encode, urlsafe_b64decode
from hashlib import sha256

LENGTH = 26  # characters of a ticket's code, 128 bits
CERTIFICATE = 32  # characters of a certificate's code, three parts
_GROUP = 4
_PART = 8  # characters of the parts that name the meeting and the person, 40 bits each
_MISREAD = str.maketrans("018", "OIB")  # digits that the alphabet of base32 does not have


def code(token: str) -> str:
    """The code that the token of one purpose becomes on paper: its first 128 bits (R14)."""
    return _letters(_octets(token)[:16])


def grouped(code: str) -> str:
    """A code in groups of four, as it is read out."""
    return " ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def tidy(typed: str) -> str:
    """What was scanned or typed, as a code has it: no blanks or hyphens, capitals."""
    kept = "".join(c for c in typed[:200].upper() if c.isascii() and c.isalnum())
    return kept.translate(_MISREAD)


def meeting_part(uid: str) -> str:
    """The part of a certificate's code that leads to its meeting, from the meeting's `uid`."""
    return _letters(sha256(uid.encode()).digest()[:5])


def person_part(token: str) -> str:
    """The part that tells the certificates of a meeting apart, from a token of the person."""
    return _letters(_octets(token)[:5])


def seal_part(token: str) -> str:
    """The part that nobody can make up (80 bits), from a token of the two parts before it."""
    return _letters(_octets(token)[:10])


def parts(code: str) -> tuple[str, str, str]:
    """Meeting, person and seal of a certificate's code; empty for what is none."""
    if len(code) != CERTIFICATE:
        return "", "", ""
    return code[:_PART], code[_PART : 2 * _PART], code[2 * _PART :]


def _octets(token: str) -> bytes:
    return urlsafe_b64decode(token + "=" * (-len(token) % 4))


def _letters(octets: bytes) -> str:
    return b32encode(octets).decode().rstrip("=")
