"""Slides and other files as pages list them: what is open now, its kind, size and makers."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import url_for

from eventkit import language as words
from eventkit.model.agenda import Item, Programme, Role
from eventkit.model.event import Event
from eventkit.model.material import Material
from eventkit.rules import access
from eventkit.rules.uploads import SUFFIXES
from eventkit.store import files
from eventkit.web.language import current, plain, t
from eventkit.web.rail import spoken
from eventkit.web.site import now, store

_CREATIVE = re.compile(r"CC (BY(?:-NC)?(?:-SA|-ND)?) ([1-4]\.0)", re.IGNORECASE)
Address = Callable[[Material], str]


def open_now(event: Event, *, registered: bool = False) -> list[Material]:
    """The downloads of a meeting that this visitor may have now."""
    return [
        material
        for material in files.of_event(store(), event.id)
        if deliverable(material) and access.released(material, now(), registered=registered)
    ]


def deliverable(material: Material) -> bool:
    """Whether there is something to hand out: a file, or an https address."""
    return material.current is not None or material.url.startswith("https://")


def shown_name(material: Material) -> str:
    """The last part of the download's address."""
    return material.current.filename if material.current else "link"


def public_address(event: Event) -> Address:
    """Makes the public address of each download of a meeting."""
    return lambda material: url_for(
        "public.slides",
        slug=event.slug,
        public_id=material.public_id,
        filename=shown_name(material),
    )


def entries(
    found: Iterable[Material], programme: Programme | Iterable[Item] | None, address: Address
) -> list[dict[str, Any]]:
    """Downloads for `downloads(…)`; the programme (or its items) knows who made them."""
    items = programme.items if isinstance(programme, Programme) else programme or ()
    by_id = {item.id: item for item in items}
    return [
        {
            "title": t(material.title),
            "href": address(material),
            "kind": _kind(material),
            "size": words.size(material.current.file.size, current()) if material.current else "",
            "by": _makers(by_id.get(material.item_id or 0)),
            "language": spoken(material.language, current()),
            "licence": material.licence,
            "licence_href": licence_address(material.licence),
        }
        for material in found
    ]


def of_items(found: Iterable[Material], address: Address) -> dict[int, list[dict[str, Any]]]:
    """Downloads by the programme item they belong to, for the time rail."""
    by_item: dict[int, list[dict[str, Any]]] = {}
    for material in found:
        if material.item_id is not None:
            entry = {
                "label": plain(material.title),
                "href": address(material),
                "kind": _kind(material),
                "size": words.size(material.current.file.size, current())
                if material.current
                else "",
            }
            by_item.setdefault(material.item_id, []).append(entry)
    return by_item


def on_rail(by_item: Mapping[int, list[dict[str, Any]]]) -> dict[int, dict[str, Any]]:
    """The same as what `rail.slots` adds to its items."""
    return {item_id: {"materials": found} for item_id, found in by_item.items()}


def licence_address(licence: str) -> str:
    """Where a Creative Commons licence can be read; "" for other words."""
    if licence.upper().startswith("CC0"):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = _CREATIVE.fullmatch(licence.strip())
    if not found:
        return ""
    return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"


def _kind(material: Material) -> str:
    if material.current is None:
        return ""
    return SUFFIXES.get(material.current.file.media_type, "").upper()


def _makers(item: Item | None) -> str:
    speaking = (Role.SPEAKER, Role.PANELLIST)
    return ", ".join(p.person.name for p in item.people if p.role in speaking) if item else ""
