"""What somebody on a programme says and gives, by their own link or through an organiser."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime

from eventkit.actions import portraits
from eventkit.errors import Invalid, NotFound
from eventkit.model.appearance import Answer, Appearance, Window
from eventkit.model.person import Crop, Person
from eventkit.model.text import NOTHING, Text
from eventkit.rules import appearances as rules
from eventkit.rules import people as person_rules
from eventkit.rules import text
from eventkit.store import appearances, events, history, people
from eventkit.store.rows import Store

SPEAKER = "speaker"
LONGEST = 2000
OWN = ("name", "former_name", "function", "organisation", "biography", "website", "language")
_VERBS = {
    Answer.OPEN: "speaker_open",
    Answer.CONFIRMED: "speaker_confirmed",
    Answer.DECLINED: "speaker_declined",
}


def answer(
    store: Store,
    event_id: int,
    person_id: int,
    state: Answer,
    remark: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Confirm or decline a meeting, with a remark; the last word counts.

    Raises NotFound, Invalid `too_long` (field "remark") and `over`.
    """
    remark = _long(remark, "remark")
    with store.changing():
        said = _said(store, event_id, person_id, now)
        appearances.keep(
            store, dataclasses.replace(said, state=state, remark=remark, answered_at=now)
        )
        _note(store, _VERBS[state], said, actor, now)


def say_when(
    store: Store,
    event_id: int,
    person_id: int,
    windows: Iterable[Window],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Say when a person can be there; nothing means at any time of the meeting.

    Raises NotFound, Invalid (field "windows") and `over`.
    """
    found = rules.merged(windows)
    with store.changing():
        said = _said(store, event_id, person_id, now)
        appearances.set_availability(store, event_id, person_id, found)
        _note(store, "speaker_available", said, actor, now)


def wish(
    store: Store, event_id: int, person_id: int, technical: str, *, actor: str, now: datetime
) -> None:
    """Say what a person needs in the room. Raises NotFound, Invalid `too_long`, `over`."""
    technical = _long(technical, "technical")
    with store.changing():
        said = _said(store, event_id, person_id, now)
        appearances.keep(store, dataclasses.replace(said, technical=technical))
        _note(store, "speaker_wish", said, actor, now)


def _long(typed: str, field: str) -> str:
    cleaned = text.clean(typed, lines=True)
    if len(cleaned) > LONGEST:
        raise Invalid("too_long", field=field)
    return cleaned


def _said(store: Store, event_id: int, person_id: int, now: datetime) -> Appearance:
    """What a person said so far about a meeting that is theirs and not over."""
    event = events.by_id(store, event_id)
    if event is None or event_id not in appearances.meetings_of(store, person_id):
        raise NotFound
    if not rules.may_ask(event, now):
        raise Invalid("over")
    return appearances.get(store, event_id, person_id)


def _note(store: Store, verb: str, said: Appearance, actor: str, now: datetime) -> None:
    person = people.by_id(store, said.person_id)
    history.note(
        store,
        verb,
        actor=actor,
        now=now,
        event_id=said.event_id,
        subject=person.name if person else "",
        person=said.person_id,
    )


def save_profile(store: Store, wanted: Person, *, actor: str, now: datetime) -> Person:
    """Keep what a person says about themselves; address and photo stay as they are.

    It is public at once on their page. Function and organisation on the drafts of meetings
    to come follow where they were the former ones, so that the next version says them;
    what is published keeps those of that day. Raises Invalid, NotFound.
    """
    checked = person_rules.checked(wanted)
    with store.changing():
        before = people.by_id(store, wanted.id)
        if before is None:
            raise NotFound
        fields = {name: getattr(checked, name) for name in OWN}
        after = dataclasses.replace(before, **fields)
        changed = [name for name in OWN if getattr(before, name) != getattr(after, name)]
        if changed:
            people.save(store, after, now=now)
            people.follow(store, before, after, now=now)
            _note_person(store, "speaker_profile", after, actor, now, changed)
        return after


def set_photo(
    store: Store,
    person_id: int,
    octets: bytes | None,
    *,
    crop: Crop,
    alt: Text,
    credit: str,
    actor: str,
    now: datetime,
) -> None:
    """Show another photo of a person, or (None) another square of the one that is there.

    Raises Invalid (field "photo"), NotFound.
    """
    if octets is not None:
        portrait = portraits.draw(store, octets, crop)
    elif people.photo_source(store, person_id)[0]:
        portrait = portraits.cut_again(store, person_id, crop)
    else:
        raise Invalid("required", field="photo")
    with store.changing():
        before = people.by_id(store, person_id)
        if before is None:
            raise NotFound
        words = dataclasses.replace(
            before,
            photo=portrait.shown.sha256,
            photo_alt=text.clean_both(alt),
            photo_credit=text.clean(credit)[:200],
        )
        portraits.record(store, person_id, portrait, now=now)
        people.save(store, words, now=now)
        _note_person(store, "speaker_photo", before, actor, now, ["photo"])


REMOVABLE = {
    "photo": {"photo": "", "photo_alt": NOTHING, "photo_credit": ""},
    "text": {"biography": NOTHING, "website": ""},
    "address": {"email": ""},
}


def remove(store: Store, person_id: int, what: str, *, actor: str, now: datetime) -> None:
    """Take away the photo, the text (with the website) or the address of a person, at once.

    Raises NotFound.
    """
    if what not in REMOVABLE:
        raise NotFound
    with store.changing():
        before = people.by_id(store, person_id)
        if before is None:
            raise NotFound
        after = dataclasses.replace(before, **REMOVABLE[what])  # type: ignore[arg-type]
        people.save(store, after, now=now)
        if what == "photo":
            people.set_photo(store, person_id, photo="", source="", crop=Crop(), now=now)
        _note_person(store, "speaker_removed", before, actor, now, [what])


def _note_person(
    store: Store, verb: str, person: Person, actor: str, now: datetime, fields: list[str]
) -> None:
    """One line of history, told with each meeting to come, so that its organisers read it."""
    found: list[int | None] = [
        event.id
        for event in events.some(store, set(appearances.meetings_of(store, person.id))).values()
        if rules.may_ask(event, now)
    ]
    for event_id in found or [None]:
        history.note(
            store,
            verb,
            actor=actor,
            now=now,
            event_id=event_id,
            subject=person.name,
            person=person.id,
            fields=fields,
        )
