"""Short public names of programme items, and selections made of them.

A selection lives in an address: `?mark=k3x7pq2a.mm4zzr5c`. Nothing of it is kept anywhere.
"""

import re
from base64 import b32encode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256

from eventkit.model.agenda import Item

MOST = 300
"""How many names of a selection are read; an address holds no more anyhow."""
_BETWEEN = re.compile(r"[.,\s]+")


@lru_cache(maxsize=8192)
def public_id(uid: str) -> str:
    """The short name of an item: eight letters and digits that count nothing.

    40 bits of the hash of its identity, so it is the same in every version and after a
    meeting moved house. Among 1,000 items two share a name once in two million meetings.
    """
    return b32encode(sha256(b"item:" + uid.encode()).digest()[:5]).decode().lower()


def named(items: Iterable[Item], name: str) -> Item | None:
    """The item of a programme with a short name."""
    return next((item for item in items if public_id(item.uid) == name), None)


def chosen(items: Iterable[Item], typed: Sequence[str]) -> tuple[Item, ...]:
    """The items a selection names, in the order of the programme; unknown names are left out."""
    wanted = frozenset(
        name for each in typed for name in _BETWEEN.split(each.lower())[:MOST] if name
    )
    return tuple(item for item in items if public_id(item.uid) in wanted) if wanted else ()


def written(items: Iterable[Item]) -> str:
    """A selection as the address holds it."""
    return ".".join(public_id(item.uid) for item in items)
