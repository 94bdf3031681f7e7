"""Steps of editing a programme's draft, which can be undone and done again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

State = Mapping[str, Any]
"""One item as JSON values; None in its place means that it is not in the draft."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the items it touched as they were before and as they were after it.

    `undone` says whether it was taken back.
    """

    id: int
    at: datetime
    actor: str
    verb: str
    before: Mapping[int, State | None]
    after: Mapping[int, State | None]
    undone: bool = False
