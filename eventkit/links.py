"""Addresses of this site, made from EVENTKIT_BASE_URL and never from a request (R32)."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Links:
    """Absolute addresses. `base` has no slash at the end."""

    base: str

    def home(self) -> str:
        return f"{self.base}/"

    def event(self, slug: str) -> str:
        return f"{self.base}/events/{quote(slug)}/"

    def event_ics(self, slug: str) -> str:
        return f"{self.event(slug)}event.ics"

    def agenda_ics(self, slug: str) -> str:
        return f"{self.event(slug)}agenda.ics"

    def item(self, slug: str, public_id: str) -> str:
        return f"{self.event(slug)}items/{quote(public_id)}/"

    def changes(self, slug: str) -> str:
        return f"{self.event(slug)}changes"

    def schedule_xml(self, slug: str) -> str:
        return f"{self.event(slug)}schedule.xml"

    def schedule_json(self, slug: str) -> str:
        return f"{self.event(slug)}schedule.json"

    def programme(self, slug: str) -> str:
        return f"{self.event(slug)}programme.pdf"

    def topic(self, slug: str) -> str:
        return f"{self.base}/topics/{quote(slug)}/"

    def speaker(self, slug: str) -> str:
        return f"{self.base}/speakers/{quote(slug)}/"

    def calendar(self) -> str:
        return f"{self.base}/calendar.ics"

    def topic_calendar(self, slug: str) -> str:
        return f"{self.topic(slug)}calendar.ics"

    def slides(self, slug: str, public_id: str, filename: str) -> str:
        return f"{self.event(slug)}slides/{quote(public_id)}/{quote(filename)}"

    def my(self, token: str) -> str:
        return f"{self.base}/my/{token}/"

    def my_calendar(self, token: str) -> str:
        return f"{self.base}/my/{token}/calendar.ics"

    def speaking(self, token: str) -> str:
        return f"{self.base}/speaking/{token}/"

    def speaking_calendar(self, token: str) -> str:
        return f"{self.base}/speaking/{token}/calendar.ics"

    def invitation(self, token: str) -> str:
        return f"{self.base}/invitation/{token}/"

    def opening(self, token: str) -> str:
        return f"{self.base}/opening/{token}/"

    def register(self, slug: str, *, code: str = "") -> str:
        return f"{self.event(slug)}register" + (f"?code={quote(code, safe='')}" if code else "")

    def newsletter_confirm(self, token: str) -> str:
        return f"{self.base}/newsletter/confirm/{token}/"

    def newsletter_leave(self, token: str) -> str:
        return f"{self.base}/newsletter/leave/{token}/"


def webcal(address: str) -> str:
    """The same address with the webcal scheme, which calendar programs open to subscribe."""
    return "webcal://" + address.split("://", 1)[1]


def token(secret: bytes, purpose: str, nonce: bytes) -> str:
    """The personal token (43 characters, 256 bits) of one purpose.

    It is derived from a random nonce (`secrets`, 128 bits) and the site's secret key, so
    a later letter can hold the same link although the database keeps only the hash (R14).
    """
    digest = hmac.new(secret, purpose.encode() + b"\0" + nonce, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def fingerprint(token: str) -> str:
    """What the database keeps of a token: its SHA-256 in hex (R14)."""
    return hashlib.sha256(token.encode()).hexdigest()
