"""Whether a bundle makes sense as a whole: what refers to what, what may be there once only."""

import dataclasses
from collections.abc import Iterable, Sequence

from eventkit.errors import Invalid
from eventkit.model.bundle import Bundle, GuestFacts, ItemFacts, QuestionFacts
from eventkit.model.question import Condition, Form, Option, Question
from eventkit.model.registration import State
from eventkit.model.text import Text
from eventkit.rules import fees, forms, placeholders, text, wordings
from eventkit.rules.mailings import LONGEST_BEFORE
from eventkit.rules.portable import wrong

_PURPOSES = ("privacy", "sensitive", "photo", "attendee_list")
_LANGUAGES = ("de", "en")


def check(bundle: Bundle) -> Bundle:
    """The bundle with clean names and addresses. Raises Invalid `import_field` with the path."""
    _once([person.slug for person in bundle.people], "meeting.people.slug")
    _once([room.id for room in bundle.rooms], "meeting.rooms.id")
    _once([topic.slug for topic in bundle.topics], "meeting.topics.slug")
    _places(bundle)
    _questions(bundle)
    _letters(bundle)
    _once([programme.version for programme in bundle.programmes], "meeting.programmes.version")
    if any(programme.version < 1 for programme in bundle.programmes):
        raise wrong("meeting.programmes.version")
    _people(bundle)
    _items(bundle, bundle.draft, "meeting.draft")
    for number, programme in enumerate(bundle.programmes):
        _items(bundle, programme.items, f"meeting.programmes[{number}].items")
    known = {item.id for item in _every(bundle)}
    for number, material in enumerate(bundle.materials):
        at = f"meeting.materials[{number}]"
        if (material.item is not None and material.item not in known) or not material.title:
            raise wrong(at)
        _web(material.url, f"{at}.url")
    for number, room in enumerate(bundle.rooms):
        _counted(room.capacity, f"meeting.rooms[{number}].capacity")
    for number, topic in enumerate(bundle.topics):
        if not topic.title or topic.slug != text.slug(topic.slug) or not topic.slug:
            raise wrong(f"meeting.topics[{number}]")
    return _guests(bundle, known)


def _every(bundle: Bundle) -> Iterable[ItemFacts]:
    yield from bundle.draft
    for programme in bundle.programmes:
        yield from programme.items


def _items(bundle: Bundle, items: Sequence[ItemFacts], at: str) -> None:
    slugs = {person.slug for person in bundle.people}
    rooms = {room.id for room in bundle.rooms}
    _once([item.id for item in items], f"{at}.id")
    for number, item in enumerate(items):
        here = f"{at}[{number}]"
        if not item.title or item.ends_at <= item.starts_at or item.sequence < 0:
            raise wrong(here)
        if at == "meeting.draft" and item.room is not None and item.room not in rooms:
            raise wrong(f"{here}.room")
        _counted(item.capacity, f"{here}.capacity")
        _once([(part.person, part.role) for part in item.people], f"{here}.people")
        if any(part.person not in slugs for part in item.people):
            raise wrong(f"{here}.people")


def _places(bundle: Bundle) -> None:
    """Groups, quotas and limits as the organisers could have set them."""
    event = bundle.event
    for name, low, high in (
        ("per_organisation", 1, 100_000),
        ("offer_hours", 0, 720),
        ("companions", 0, 9),
        ("party_size", 1, 20),
    ):
        value = getattr(event, name)
        if value is not None and not low <= value <= high:
            raise wrong(f"meeting.event.{name}")
    _once([group.id for group in bundle.groups], "meeting.groups.id")
    known = {group.id for group in bundle.groups}
    if not all(group.name for group in bundle.groups):
        raise wrong("meeting.groups.name")
    for number, quota in enumerate(bundle.quotas):
        _counted(quota.capacity, f"meeting.quotas[{number}].capacity")
        if not quota.name or not known.issuperset(quota.groups):
            raise wrong(f"meeting.quotas[{number}]")
    _prices(bundle)


def _prices(bundle: Bundle) -> None:
    known = {None, *(group.id for group in bundle.groups)}
    for number, price in enumerate(bundle.prices):
        at = f"meeting.prices[{number}]"
        if not price.name or max(len(price.name.de), len(price.name.en)) > 120:
            raise wrong(f"{at}.name")
        if not 0 <= price.cents <= fees.MOST:
            raise wrong(f"{at}.cents")
        if price.group not in known:
            raise wrong(f"{at}.group")


def _coming(bundle: Bundle, guest: GuestFacts, at: str) -> None:
    """Group, companions and offer of somebody."""
    if guest.group is not None and guest.group not in {group.id for group in bundle.groups}:
        raise wrong(f"{at}.group")
    if len(guest.companions) > 19:
        raise wrong(f"{at}.companions")
    for name in guest.companions:
        _named(name, f"{at}.companions")
    if guest.state is State.OFFERED and guest.offered_until is None:
        raise wrong(f"{at}.offered_until")
    if any(choice.wish not in (1, 2) for choice in guest.choices):
        raise wrong(f"{at}.choices")


def _questions(bundle: Bundle) -> None:
    """Each question may stand in the form as it stands in the file."""
    _once([question.key for question in bundle.questions], "meeting.questions.key")
    every = Form(
        tuple(question(facts, number) for number, facts in enumerate(bundle.questions, start=1))
    )
    for number, each in enumerate(every.questions):
        at = f"meeting.questions[{number}]"
        _once([option.key for option in each.options], f"{at}.options")
        if not all(forms.KEY.fullmatch(option.key) for option in each.options):
            raise wrong(f"{at}.options")
        try:
            if each.retired_at is None:
                forms.checked(each, every, answered=False)
            elif not forms.KEY.fullmatch(each.key):
                raise wrong(f"{at}.key")
        except Invalid as error:
            raise wrong(f"{at}.{error.field or ''}") from None


def question(facts: QuestionFacts, question_id: int = 0) -> Question:
    """The question that facts describe."""
    names = "key kind label help purpose required sensitive delete_after_days lowest highest"
    return Question(
        **{name: getattr(facts, name) for name in [*names.split(), "retired_at"]},
        id=question_id,
        event_id=0,
        options=tuple(Option(each.key, each.label, each.retired) for each in facts.options),
        shown_if=Condition(facts.after, facts.answers) if facts.after else None,
    )


def _letters(bundle: Bundle) -> None:
    """Own words and reminders as the organisers could have kept them."""
    _once([wording.kind for wording in bundle.wordings], "meeting.wordings.kind")
    _once(bundle.reminders, "meeting.reminders")
    if not all(0 < minutes <= LONGEST_BEFORE for minutes in bundle.reminders):
        raise wrong("meeting.reminders")
    for number, wording in enumerate(bundle.wordings):
        at = f"meeting.wordings[{number}]"
        if wording.kind not in wordings.KINDS:
            raise wrong(f"{at}.kind")
        for name, limit in (
            ("subject", wordings.LONGEST_SUBJECT),
            ("body", wordings.LONGEST_BODY),
        ):
            typed: Text = getattr(wording, name)
            for words in (typed.de, typed.en):
                if len(words) > limit or placeholders.unknown(words):
                    raise wrong(f"{at}.{name}")


def _people(bundle: Bundle) -> None:
    for number, person in enumerate(bundle.people):
        at = f"meeting.people[{number}]"
        if not person.slug or person.slug != text.slug(person.slug):
            raise wrong(f"{at}.slug")
        _named(person.name, f"{at}.name")
        _web(person.website, f"{at}.website")


def _guests(bundle: Bundle, known: set[int]) -> Bundle:
    checked = []
    for number, guest in enumerate(bundle.guests):
        at = f"meeting.guests[{number}]"
        _named(guest.name, f"{at}.name")
        try:
            address = text.address(guest.email)
        except Invalid:
            raise wrong(f"{at}.email") from None
        right = guest.language in _LANGUAGES and guest.sequence >= 0
        chosen = [choice.item for choice in guest.choices]
        if not right or not known.issuperset(chosen) or len(set(chosen)) < len(chosen):
            raise wrong(at)
        _coming(bundle, guest, at)
        asked = {question.key for question in bundle.questions}
        agreed = {consent.purpose.removeprefix("answer:") for consent in guest.consents}
        if agreed - asked - set(_PURPOSES):
            raise wrong(f"{at}.consents")
        answered = [answer.question for answer in guest.answers]
        if set(answered) - asked or len(set(answered)) < len(answered):
            raise wrong(f"{at}.answers")
        checked.append(dataclasses.replace(guest, email=address))
    living = [text.address_key(guest.email) for guest in checked if guest.state != "cancelled"]
    _once(living, "meeting.guests.email")
    return dataclasses.replace(bundle, guests=tuple(checked))


def _once(values: Sequence[object], at: str) -> None:
    if len(set(values)) < len(values):
        raise wrong(at)


def _counted(value: int | None, at: str) -> None:
    if value is not None and not 0 <= value <= 100_000:
        raise wrong(at)


def _named(value: str, at: str) -> None:
    try:
        text.person_name(value)
    except Invalid:
        raise wrong(at) from None


def _web(value: str, at: str) -> None:
    try:
        text.web_address(value)
    except Invalid:
        raise wrong(at) from None
