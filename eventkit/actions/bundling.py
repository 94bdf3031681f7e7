"""Gathers everything about one meeting into a bundle that can travel."""

from collections.abc import Iterable

from eventkit.model.agenda import Item
from eventkit.model.archive import Recap
from eventkit.model.bundle import (
    FORMAT,
    AnswerFacts,
    Bundle,
    ChoiceFacts,
    ConsentFacts,
    GroupFacts,
    GuestFacts,
    ItemFacts,
    MaterialFacts,
    MeetingFacts,
    OptionFacts,
    PartFacts,
    PersonFacts,
    PhotoFacts,
    PriceFacts,
    ProgrammeFacts,
    QuestionFacts,
    QuotaFacts,
    QuoteFacts,
    RecapFacts,
    RoomFacts,
    TopicFacts,
    WordingFacts,
)
from eventkit.model.event import Event
from eventkit.model.person import Person
from eventkit.model.question import Answer, Filed, Question
from eventkit.model.registration import Registration
from eventkit.model.text import NOTHING
from eventkit.rules import questions
from eventkit.store import (
    agenda,
    archive,
    events,
    fees,
    files,
    mailings,
    people,
    quotas,
    registrations,
    wordings,
)
from eventkit.store import questions as question_store
from eventkit.store.rows import Store


def gather(store: Store, event: Event, *, with_people: bool) -> Bundle:
    """The bundle of a meeting; registrations only `with_people`."""
    recap = archive.recap(store, event.id)
    draft = agenda.draft(store, event.id)
    asked = question_store.form(store, event.id)
    programmes = _programmes(store, event)
    shown = [item for programme in programmes for item in programme[1]]
    return Bundle(
        format=FORMAT,
        event=_meeting(event),
        topics=tuple(
            TopicFacts(topic.slug, topic.title, topic.summary, topic.body)
            for topic in events.topics_of(store, event.id)
        ),
        links=events.links(store, event.id),
        people=_people(store, [*draft, *shown], recap),
        rooms=tuple(
            RoomFacts(room.id, room.name, room.capacity, room.note)
            for room in agenda.rooms(store, event.id)
        ),
        draft=tuple(_item(item) for item in draft),
        programmes=tuple(facts for facts, _ in programmes),
        materials=_materials(store, event),
        recap=_recap(recap) if recap else None,
        groups=tuple(
            GroupFacts(group.id, group.name, group.open_to, group.retired)
            for group in quotas.groups(store, event.id, retired=True)
        ),
        quotas=tuple(
            QuotaFacts(quota.name, quota.capacity, tuple(sorted(quota.groups)))
            for quota in quotas.quotas(store, event.id)
        ),
        prices=tuple(
            PriceFacts(price.name, price.cents, price.group)
            for price in fees.prices(store, event.id)
        ),
        guests=_guests(store, event) if with_people else (),
        questions=tuple(_question(each) for each in asked.questions),
        asks_access=asked.asks_access,
        asks_diet=asked.asks_diet,
        wordings=tuple(
            WordingFacts(each.kind, each.subject, each.body)
            for each in wordings.every(store, event.id)
        ),
        reminders=mailings.reminders_planned(store, event.id),
    )


def hashes(bundle: Bundle) -> set[str]:
    """Every file a bundle refers to."""
    found = {person.photo for person in bundle.people}
    found |= {material.file for material in bundle.materials}
    found |= {photo.file for photo in bundle.recap.photos} if bundle.recap else set()
    found |= {answer.file for guest in bundle.guests for answer in guest.answers}
    return (found | {bundle.event.site_plan}) - {""}


def _meeting(event: Event) -> MeetingFacts:
    names = MeetingFacts.__dataclass_fields__
    return MeetingFacts(**{name: getattr(event, name) for name in names})


def _item(item: Item) -> ItemFacts:
    names = (
        "id uid kind title abstract language starts_at ends_at track capacity sequence "
        "revised_at cancelled"
    ).split()
    return ItemFacts(
        **{name: getattr(item, name) for name in names},
        room=item.room.id or None if item.room else None,
        room_name=item.room.name if item.room else NOTHING,
        people=tuple(
            PartFacts(part.person.slug, part.role, part.function, part.organisation)
            for part in item.people
        ),
    )


def _programmes(store: Store, event: Event) -> list[tuple[ProgrammeFacts, tuple[Item, ...]]]:
    found = []
    for version in range(1, (event.programme_version or 0) + 1):
        programme = agenda.published(store, event.id, version=version)
        if programme is not None:
            items = tuple(_item(item) for item in programme.items)
            facts = ProgrammeFacts(programme.version, programme.published_at, items, programme.note)
            found.append((facts, programme.items))
    return found


def _people(store: Store, items: Iterable[Item], recap: Recap | None) -> tuple[PersonFacts, ...]:
    found = {part.person.slug: part.person for item in items for part in item.people}
    for quote in recap.quotes if recap else ():
        person = people.by_slug(store, quote.person_slug) if quote.person_slug else None
        if person is not None:
            found[person.slug] = person
    return tuple(_person(found[slug]) for slug in sorted(found))


def _person(person: Person) -> PersonFacts:
    names = PersonFacts.__dataclass_fields__
    return PersonFacts(**{name: getattr(person, name) for name in names})


def _materials(store: Store, event: Event) -> tuple[MaterialFacts, ...]:
    return tuple(
        MaterialFacts(
            title=material.title,
            release=material.release,
            item=material.item_id,
            language=material.language,
            licence=material.licence,
            released_at=material.released_at,
            url=material.url,
            file=material.current.file.sha256 if material.current else "",
            filename=material.current.filename if material.current else "",
        )
        for material in files.of_event(store, event.id)
    )


def _recap(recap: Recap) -> RecapFacts:
    return RecapFacts(
        title=recap.title,
        lead=recap.lead,
        body=recap.body,
        published_at=recap.published_at,
        quotes=tuple(
            QuoteFacts(quote.text, quote.name, quote.function, quote.person_slug)
            for quote in recap.quotes
        ),
        photos=tuple(
            PhotoFacts(photo.file.sha256, photo.caption, photo.alt, photo.credit, photo.people)
            for photo in recap.photos
        ),
    )


def _question(question: Question) -> QuestionFacts:
    names = "key kind label help purpose required sensitive delete_after_days lowest highest"
    condition = question.shown_if
    return QuestionFacts(
        **{name: getattr(question, name) for name in [*names.split(), "retired_at"]},
        options=tuple(OptionFacts(each.key, each.label, each.retired) for each in question.options),
        after=condition.key if condition else "",
        answers=condition.values if condition else (),
    )


def _answer(answer: Answer) -> AnswerFacts:
    if isinstance(answer.value, Filed):
        return AnswerFacts(
            answer.question.key, file=answer.value.sha256, filename=answer.value.filename
        )
    return AnswerFacts(answer.question.key, questions.as_typed(answer.value))


def _guests(store: Store, event: Event) -> tuple[GuestFacts, ...]:
    found = [
        registrations.by_id(store, each.id) for each in registrations.attendees(store, event.id)
    ]
    return tuple(_guest(store, each) for each in found if each is not None and each.email)


def _guest(store: Store, registration: Registration) -> GuestFacts:
    names = (
        "uid name email language state created_at sequence organisation role access_needs diet "
        "cancelled_at cancelled_by companions offered_until"
    ).split()
    return GuestFacts(
        **{name: getattr(registration, name) for name in names},
        choices=tuple(
            ChoiceFacts(choice.item_id, choice.confirmed, choice.wish)
            for choice in registration.choices
        ),
        group=registration.group_id,
        consents=tuple(
            ConsentFacts(consent.purpose, consent.text, consent.language, consent.given_at)
            for consent in registration.consents
            if consent.withdrawn_at is None
        ),
        answers=tuple(
            _answer(each) for each in question_store.of_registration(store, registration.id)
        ),
    )
