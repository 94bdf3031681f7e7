"""Taking part in a meeting: what is missing, who may be reminded, what a person sees, when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventkit.errors import Invalid
from eventkit.model.agenda import Item, Kind, Role
from eventkit.model.appearance import Answer, Appearance, Window
from eventkit.model.event import Event, Stage
from eventkit.model.person import Person

REMINDERS = 3
PAUSE = timedelta(days=3)
WINDOWS = 60


class Missing(StrEnum):
    """Something a person of the programme still owes."""

    ANSWER = "answer"
    TEXT = "text"
    PHOTO = "photo"
    SLIDES = "slides"


@dataclass(frozen=True, slots=True)
class Own:
    """An item of one person. `planned` means that it stands on the draft only."""

    item: Item
    roles: tuple[Role, ...]
    planned: bool = False

    @property
    def wants_slides(self) -> bool:
        """Whether the person should give slides for it: who speaks in a talk or workshop."""
        spoken = self.item.kind in (Kind.TALK, Kind.WORKSHOP)
        return spoken and Role.SPEAKER in self.roles and not self.item.cancelled

    @property
    def takes_slides(self) -> bool:
        """Whether the person may give slides for it."""
        quiet = (Kind.BREAK, Kind.NETWORKING)
        return self.item.kind not in quiet and not self.item.cancelled


def own_items(items: Iterable[Item], person_id: int, *, planned: bool = False) -> tuple[Own, ...]:
    """What a person does among these items, in their order."""
    found = []
    for item in items:
        roles = tuple(part.role for part in item.people if part.person.id == person_id)
        if roles:
            found.append(Own(item, roles, planned))
    return tuple(found)


def shown(
    published: Iterable[Item], draft: Iterable[Item], person_id: int, *, asked: bool
) -> tuple[Own, ...]:
    """What a person sees of their part: what is published, and plans once they were asked.

    An item that is published for them is shown as everybody sees it, whatever the draft says.
    """
    public = own_items(published, person_id)
    known = {own.item.id for own in public if not own.item.cancelled}
    gone = {own.item.id for own in public} - known
    plans = own_items(draft, person_id, planned=True) if asked else ()
    fresh = [own for own in plans if own.item.id not in known]
    back = {own.item.id for own in fresh} & gone
    kept = [own for own in public if own.item.id not in back]
    return tuple(sorted([*kept, *fresh], key=lambda own: (own.item.starts_at, own.item.id)))


def missing(
    person: Person, said: Appearance, own: Iterable[Own], delivered: Collection[int]
) -> tuple[Missing, ...]:
    """What a person still owes a meeting; nothing once they declined.

    `delivered` are the items that have slides.
    """
    if said.state is Answer.DECLINED:
        return ()
    owed = {
        Missing.ANSWER: said.state is Answer.OPEN,
        Missing.TEXT: not person.biography,
        Missing.PHOTO: not person.photo,
        Missing.SLIDES: any(each.wants_slides and each.item.id not in delivered for each in own),
    }
    return tuple(name for name, is_owed in owed.items() if is_owed)


def may_ask(event: Event, now: datetime) -> bool:
    """Whether anybody may still be asked or reminded: never after or without the meeting."""
    return now < event.ends_at and event.stage not in (Stage.CANCELLED, Stage.ARCHIVED)


def may_remind(
    event: Event, person: Person, said: Appearance, owed: Collection[Missing], now: datetime
) -> bool:
    """Whether a reminder may go out now.

    Only to somebody who was asked (or whom an organiser confirmed), has an address and owes
    something; never twice within three days, at most three times, never after the meeting.
    """
    involved = said.asked_at is not None or said.state is Answer.CONFIRMED
    if not (involved and owed and person.email and may_ask(event, now)):
        return False
    last = max(filter(None, (said.asked_at, said.reminded_at)), default=None)
    return said.reminders < REMINDERS and (last is None or now - last >= PAUSE)


def next_reminder(said: Appearance) -> datetime | None:
    """From when on the next reminder may go out; None when there were enough of them."""
    if said.reminders >= REMINDERS:
        return None
    last = max(filter(None, (said.asked_at, said.reminded_at)), default=None)
    return last + PAUSE if last else None


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The windows in order of time, those that overlap or touch made one.

    Raises Invalid `end_before_start`, `too_many`.
    """
    found: list[Window] = []
    for start, end in sorted(windows):
        if end <= start:
            raise Invalid("end_before_start", field="windows")
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    if len(found) > WINDOWS:
        raise Invalid("too_many", field="windows")
    return tuple(found)
