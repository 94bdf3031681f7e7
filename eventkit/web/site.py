"""What every view works with: the settings, the store, the addresses, the clock, the visitor."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import current_app, g, request

from eventkit.config import Settings
from eventkit.documents.press import Press
from eventkit.identity import Identity
from eventkit.links import Links
from eventkit.model.account import Organisation
from eventkit.store import events
from eventkit.store.rows import Store
from eventkit.web.tally import Tally


@dataclass(frozen=True)
class Site:
    """One running site."""

    settings: Settings
    store: Store
    links: Links
    identity: Identity
    press: Press
    tally: Tally


def site() -> Site:
    """The site this request is for."""
    return cast(Site, current_app.extensions["eventkit"])


def store() -> Store:
    """The store of this site."""
    return site().store


def now() -> datetime:
    """The present instant (UTC, whole seconds), one for the whole request."""
    if "now" not in g:
        g.now = site().settings.now or datetime.now(UTC).replace(microsecond=0)
    return cast(datetime, g.now)


def organisation() -> Organisation:
    """The organisation, read once per request."""
    if "organisation" not in g:
        g.organisation = events.organisation(store())
    return cast(Organisation, g.organisation)


def network() -> str:
    """The address block of a request (/24 or /56), for counting only, never stored plain."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    bits = 24 if address.version == 4 else 56
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
