"""What somebody sends with the form: their wish, and whether it can be accepted as typed."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventkit.errors import Invalid
from eventkit.model.agenda import Item
from eventkit.model.registration import Source
from eventkit.rules import text


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody sent with the form, in their own words.

    `attempt` names this filling of the form: the same one twice is one registration (R3).
    `network` is the address block it came from, for counting only. `answers` holds what was
    typed for each question key; `second` the workshops wanted where the first wish is full;
    `invitation` the token of a personal invitation; `companions` the names of those who come
    along; `photo_text` and `list_text` the wording of consents that were given.
    """

    name: str
    email: str
    language: str
    attempt: str
    privacy_text: str
    organisation: str = ""
    role: str = ""
    access_needs: str = ""
    diet: str = ""
    sensitive_text: str = ""
    sessions: tuple[int, ...] = ()
    second: tuple[int, ...] = ()
    network: str = ""
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    group: int | None = None
    code: str = ""
    invitation: str = ""
    companions: tuple[str, ...] = ()
    price: int | None = None
    party: str = ""
    photo_text: str = ""
    list_text: str = ""
    source: Source = Source.FORM

    @property
    def places(self) -> int:
        """How many persons would come."""
        return 1 + len(self.companions)


def checked(wish: Wish) -> Wish:
    """The wish with every field cleaned. Raises Invalid with the field's name."""
    limits = {"organisation": 200, "role": 200, "access_needs": 1000, "diet": 500}
    cleaned: dict[str, Any] = {}
    for name, limit in limits.items():
        value = text.clean(getattr(wish, name), lines=limit > 200)
        if len(value) > limit:
            raise Invalid("too_long", field=name)
        cleaned[name] = value
    if not wish.privacy_text:
        raise Invalid("consent", field="consent_privacy")
    if (cleaned["access_needs"] or cleaned["diet"]) and not wish.sensitive_text:
        raise Invalid("consent_sensitive", field="consent_sensitive")
    return dataclasses.replace(
        wish,
        name=text.person_name(wish.name),
        email=text.address(wish.email),
        attempt=wish.attempt[:64],
        companions=companions(wish.companions),
        **cleaned,
    )


def companions(names: Sequence[str]) -> tuple[str, ...]:
    """The cleaned names of those who come along, empty ones left out. Raises Invalid."""
    try:
        return tuple(text.person_name(name) for name in names if name.strip())
    except Invalid as error:
        raise Invalid(error.code, field="companions") from error


def chosen(items: Sequence[Item], wanted: Sequence[int]) -> list[Item]:
    """The workshops meant by their ids. Raises Invalid for an unknown one or two at one time."""
    by_id = {item.id: item for item in items}
    found: list[Item] = []
    for item_id in dict.fromkeys(wanted):
        item = by_id.get(item_id)
        if item is None:
            raise Invalid("unknown_session", field="sessions")
        if any(
            item.starts_at < other.ends_at and other.starts_at < item.ends_at for other in found
        ):
            raise Invalid("sessions_clash", field="sessions")
        found.append(item)
    return found
