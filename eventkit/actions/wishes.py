"""What somebody sends with the form: their wish, and whether it can be accepted as typed."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventkit.errors import Invalid
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.places import Group, Limits, OpenTo, Queued
from eventkit.model.question import Upload
from eventkit.model.registration import Source
from eventkit.rules import seats, text


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody sent with the form, in their own words.

    `attempt` names this filling of the form: the same one twice is one registration (R3).
    `network` is the address block it came from, for counting only, and `weight` how often this
    try counts there. `answers` holds what was typed for each question key, `files` what was sent
    for it, `answers_text` what answering a sensitive question agrees to; `second` the workshops
    wanted where the first wish is full; `invitation` the token of a personal invitation;
    `companions` the names of those who come along; `registered_by` the name of whoever registers
    this person too; `photo_text` and `list_text` the wording of consents that were given. With
    `asks` an imported person still waits for the organiser's approval.
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
    files: Mapping[str, Upload] = field(default_factory=dict)
    answers_text: str = ""
    group: int | None = None
    code: str = ""
    invitation: str = ""
    companions: tuple[str, ...] = ()
    price: int | None = None
    billing: str = ""
    party: str = ""
    registered_by: str = ""
    photo_text: str = ""
    list_text: str = ""
    source: Source = Source.FORM
    asks: bool = False
    weight: int = 1

    @property
    def at_desk(self) -> bool:
        """Whether an organiser adds somebody, before the meeting or at its door."""
        return self.source in (Source.DESK, Source.DOOR, Source.IMPORT)

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


def group(groups: Sequence[Group], wish: Wish, *, opened: int | None) -> int | None:
    """The group somebody registers in; `opened` is the one a code or an invitation opens.

    Raises Invalid: one must be chosen, or it is not offered to them.
    """
    if opened is not None:
        return opened
    allowed = [each for each in groups if wish.at_desk or each.open_to is OpenTo.EVERYONE]
    if wish.group is None:
        if allowed and not wish.at_desk:
            raise Invalid("group", field="group")
        return None
    if all(each.id != wish.group for each in allowed):
        raise Invalid("unknown_group", field="group")
    return wish.group


def check_places(event: Event, limits: Limits, one: Queued) -> None:
    """Refuse more persons than may come along, or than could ever fit. Raises Invalid."""
    if one.places - 1 > event.companions:
        raise Invalid("too_many_companions", field="companions")
    if one.places > 1 and seats.never_fits(limits, one):
        raise Invalid("never_fits", field="companions")


def chosen(
    items: Sequence[Item], first: Sequence[int], second: Sequence[int] = ()
) -> list[tuple[Item, int]]:
    """The workshops meant by their ids, each with 1 or 2 for the first or second wish.

    A second wish without a first at that time counts as a first. Raises Invalid for an
    unknown workshop, or two wishes of a kind at one time.
    """
    rivals = seats.at_one_time(items)
    by_id = {item.id: item for item in items}
    kept: dict[int, int] = {}
    for nth, wanted in ((1, first), (2, second)):
        for item_id in dict.fromkeys(wanted):
            if item_id not in by_id:
                raise Invalid("unknown_session", field="sessions")
            if item_id in kept:
                continue
            against = {kept[other] for other in rivals[item_id] if other in kept}
            if nth in against:
                raise Invalid("sessions_clash", field="sessions")
            kept[item_id] = nth if against else 1
    return [(by_id[item_id], nth) for item_id, nth in kept.items()]
