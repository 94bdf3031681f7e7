"""Slides and other files as pages list them: what is open now, its kind, size and makers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from eventkit import language as words
from eventkit.model.agenda import Item, Programme, Role
from eventkit.model.event import Event
from eventkit.model.material import Material, Preview
from eventkit.rules import access
from eventkit.rules.uploads import SUFFIXES
from eventkit.store import files, previews
from eventkit.web.language import current, plain, t
from eventkit.web.rail import spoken
from eventkit.web.site import now, store

_CREATIVE = re.compile(r"CC (BY(?:-NC)?(?:-SA|-ND)?) ([1-4]\.0)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """The addresses of a meeting's downloads for everybody."""

    slug: str

    def __call__(self, material: Material) -> str:
        """Where the file is."""
        return url_for(
            "public.slides",
            slug=self.slug,
            public_id=material.public_id,
            filename=shown_name(material),
        )

    def page(self, material: Material) -> str:
        """Where it is shown, with the pictures of its pages."""
        return url_for("public.slides_page", slug=self.slug, public_id=material.public_id)

    def picture(self, material: Material, preview: Preview) -> str:
        """Where a picture of one of its pages is, new when the picture is."""
        return url_for(
            "public.slides_picture",
            slug=self.slug,
            public_id=material.public_id,
            number=preview.page,
            v=preview.picture.sha256[:10],
        )


@dataclass(frozen=True, slots=True)
class GuestAddress:
    """The addresses of the same downloads for a guest with a personal link."""

    token: str

    def __call__(self, material: Material) -> str:
        """Where the file is."""
        return url_for(
            "guest.slides",
            token=self.token,
            public_id=material.public_id,
            filename=shown_name(material),
        )

    def page(self, material: Material) -> str:
        """Where it is shown."""
        return url_for("guest.slides_page", token=self.token, public_id=material.public_id)

    def picture(self, material: Material, preview: Preview) -> str:
        """Where a picture of one of its pages is."""
        return url_for(
            "guest.slides_picture",
            token=self.token,
            public_id=material.public_id,
            number=preview.page,
        )


Address = PublicAddress | GuestAddress


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


def public_address(event: Event) -> PublicAddress:
    """Makes the public addresses of the downloads of a meeting."""
    return PublicAddress(event.slug)


def entries(
    found: Iterable[Material], programme: Programme | Iterable[Item] | None, address: Address
) -> list[dict[str, Any]]:
    """Downloads for `downloads(…)`; the programme (or its items) knows who made them."""
    items = programme.items if isinstance(programme, Programme) else programme or ()
    by_id = {item.id: item for item in items}
    found = in_order(found, by_id)
    covers = _covers(found, address)
    return [
        {
            "title": t(material.title),
            "href": address(material),
            "page": address.page(material),
            "cover": covers.get(material.id),
            "kind": _kind(material),
            "size": words.size(material.current.file.size, current()) if material.current else "",
            "by": makers(by_id.get(material.item_id or 0)),
            "language": spoken(material.language, current()),
            "licence": material.licence,
            "licence_href": licence_address(material.licence),
        }
        for material in found
    ]


def in_order(found: Iterable[Material], items: Iterable[int]) -> list[Material]:
    """Downloads in the order of the programme's items (their ids); those of none at the end."""
    order = {item_id: number for number, item_id in enumerate(items)}
    return sorted(found, key=lambda material: order.get(material.item_id or 0, len(order)))


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


def _covers(found: Iterable[Material], address: Address) -> dict[int, dict[str, Any]]:
    """The covers of downloads, where they are drawn."""
    known = {m.id: m.current.file.sha256 for m in found if m.current}
    drawn = previews.covers(store(), known.values())
    return {
        material.id: {
            "src": address.picture(material, drawn[known[material.id]]),
            "width": drawn[known[material.id]].width,
            "height": drawn[known[material.id]].height,
        }
        for material in found
        if known.get(material.id) in drawn
    }


def makers(item: Item | None) -> str:
    """Who gave a talk, by name; "" where nobody knows."""
    speaking = (Role.SPEAKER, Role.PANELLIST)
    return ", ".join(p.person.name for p in item.people if p.role in speaking) if item else ""
