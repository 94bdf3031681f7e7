"""How a calendar is answered: from memory while nothing changed, conditionally, compressed.

One answer costs one small query as long as the history of the site and the clock say that
the calendar is the same. Everything else is CALENDAR 3 (f) to the letter.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import cast

from flask import Response, current_app, request
from werkzeug.http import http_date

from eventkit.documents import ical
from eventkit.documents.ical import Publisher
from eventkit.model.agenda import Item
from eventkit.model.event import Event, Link
from eventkit.model.text import LANGUAGES, Text
from eventkit.store import history
from eventkit.web.site import now, organisation, site, store

PUBLIC = "public, max-age=900"
PRIVATE = "private, max-age=0, must-revalidate"
_KEPT = 500
_SMALL = 500


@dataclass(frozen=True, slots=True)
class Made:
    """A calendar or feed as made at one moment.

    `changed_at` never goes back. `until` is the moment from which the same data give
    another document, because something leaves it by age.
    """

    octets: bytes
    changed_at: datetime
    until: datetime | None = None
    mimetype: str = "text/calendar; charset=utf-8; method=PUBLISH"
    filename: str = "calendar.ics"


@dataclass(frozen=True, slots=True)
class _Kept:
    made: Made
    etag: str
    packed: bytes
    mark: int
    made_at: datetime


class Memory:
    """The documents made lately by this process, the oldest forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, mark: int, at: datetime) -> _Kept | None:
        """What is kept under a key, if it is still the truth."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found.mark != mark or at < found.made_at:
                return None
            if found.made.until is not None and at >= found.made.until:
                return None
            self._kept.move_to_end(key)
            return found

    def put(self, key: str, made: Made, mark: int, at: datetime) -> _Kept:
        """Keep a document."""
        kept = _pack(made, mark, at)
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return kept


def _pack(made: Made, mark: int, at: datetime) -> _Kept:
    etag = sha256(made.octets).hexdigest()
    packed = gzip.compress(made.octets, 6, mtime=0) if len(made.octets) > _SMALL else b""
    return _Kept(made, etag, packed, mark, at)


def _memory() -> Memory:
    return cast(Memory, current_app.extensions.setdefault("eventkit.calendars", Memory()))


def answer(
    key: str, make: Callable[[], Made], *, public: bool = True, kept: bool = True
) -> Response:
    """Answer a request for a calendar: 304 without making it, or 200 with what `make` gives.

    `key` names it among all calendars of the site, its language included. What the asker
    put together is not `kept`: as many as there are askers would push the others out.
    """
    mark = history.latest(store())
    if not kept:
        return _answered(_pack(make(), mark, now()), public=public)
    found = _memory().get(key, mark, now()) or _memory().put(key, make(), mark, now())
    return _answered(found, public=public)


def _answered(kept: _Kept, *, public: bool) -> Response:
    packed = bool(kept.packed) and request.accept_encodings["gzip"] > 0
    etag = f"{kept.etag}-gzip" if packed else kept.etag
    response = Response(b"" if _known(etag, kept.made.changed_at) else _body(kept, packed=packed))
    response.status_code = 304 if _known(etag, kept.made.changed_at) else 200
    response.set_etag(etag)
    response.vary.add("Accept-Encoding")
    response.headers["Last-Modified"] = http_date(kept.made.changed_at)
    _put_headers(response, kept, packed=packed, public=public)
    return response


def _body(kept: _Kept, *, packed: bool) -> bytes:
    return kept.packed if packed else kept.made.octets


def _put_headers(response: Response, kept: _Kept, *, packed: bool, public: bool) -> None:
    headers = response.headers
    headers["Cache-Control"] = PUBLIC if public else PRIVATE
    if public:
        headers["Access-Control-Allow-Origin"] = "*"
    else:
        headers["X-Robots-Tag"] = "noindex"
        headers["Referrer-Policy"] = "no-referrer"
    if response.status_code == 304:
        headers.pop("Content-Type", None)
        return
    headers["Content-Type"] = kept.made.mimetype
    headers["Content-Disposition"] = f'inline; filename="{kept.made.filename}"'
    if packed:
        headers["Content-Encoding"] = "gzip"


def _known(etag: str, changed_at: datetime) -> bool:
    """Whether the asker has it already (RFC 9110 13.2.2: If-None-Match wins)."""
    if request.method not in ("GET", "HEAD"):
        return False
    if "If-None-Match" in request.headers:
        return request.if_none_match.contains_weak(etag)
    since = request.if_modified_since
    return since is not None and changed_at <= since


def publisher(language: str) -> Publisher:
    """Who publishes the calendars of this site, for readers of a language."""
    return Publisher(
        name=organisation().name,
        address=organisation().email or site().settings.mail.sender,
        links=site().links,
        language=language,
    )


def feed_language() -> str:
    """The language of a feed: asked for in the address, or the organisation's own.

    Never the browser's: calendar services keep one copy of an address for all their users.
    """
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else organisation().language


@lru_cache(maxsize=4096)
def entry(
    event: Event,
    by: Publisher,
    *,
    further: tuple[Link, ...] = (),
    personal: bool = False,
    transparent: bool = False,
) -> bytes:
    """The entry of a meeting, rendered once for each of its states and languages."""
    return ical.entry(
        event, publisher=by, further=further, personal=personal, transparent=transparent
    )


@lru_cache(maxsize=4096)
def item_entry(event: Event, item: Item, by: Publisher, *, changed_at: datetime) -> bytes:
    """The entry of a programme item, rendered once likewise."""
    return ical.item_entry(event, item, publisher=by, changed_at=changed_at)


def about(
    name: Text, language: str, *, changed_at: datetime, source: str = "", url: str = ""
) -> ical.About:
    """What a calendar of this organisation says of itself."""
    return ical.About(
        name=name.pick(language)[0],
        language=language,
        organisation=organisation().name.pick(language)[0],
        zone=organisation().zone,
        changed_at=changed_at,
        source=source,
        url=url,
    )


def latest(*instants: datetime | None) -> datetime:
    """The latest of some instants that may be missing; the beginning of time without any."""
    return max((i for i in instants if i is not None), default=datetime(1970, 1, 1, tzinfo=UTC))
