"""People by the name somebody typed: the one who is known, or a new one."""

import re
from dataclasses import replace
from datetime import datetime

from eventkit.errors import Invalid
from eventkit.model.person import Person
from eventkit.rules import text
from eventkit.store import history, people
from eventkit.store.rows import Store, fold


def known_or_new(store: Store, typed: str, *, actor: str, now: datetime) -> Person:
    """The person of a name, made if nobody has it; inside a transaction.

    Case and accents are not looked at. Raises Invalid for what is no name, and `name_twice`
    when several people have it: then only the organiser knows which one.
    """
    name = text.person_name(typed)
    wanted = fold(name)
    found = [person for person in people.every(store, words=name) if fold(person.name) == wanted]
    if len(found) > 1:
        raise Invalid("name_twice", field="people")
    if found:
        return found[0]
    slug = free_slug(store, name)
    made = Person(id=0, slug=slug, name=name)
    person_id = people.create(store, made, now=now)
    history.note(store, "person_saved", actor=actor, now=now, subject=name, person=person_id)
    return people.by_id(store, person_id) or made


_WITH_ADDRESS = re.compile(r"([^<>]*)<([^<>]*)>")


def named(store: Store, typed: str, *, actor: str, now: datetime) -> Person:
    """As `known_or_new`, but the name may bring its mail address: "Meral Thoms <m@example.org>".

    Whoever has no address yet gets it. Raises Invalid `address` for what is none, and
    `address_other` where another one is known: then it may be somebody else.
    """
    found = _WITH_ADDRESS.fullmatch(typed.strip())
    if found is None:
        return known_or_new(store, typed, actor=actor, now=now)
    try:
        email = text.address(found[2])
    except Invalid as error:
        raise Invalid(error.code, field="people") from None
    person = known_or_new(store, found[1], actor=actor, now=now)
    if text.address_key(person.email) == text.address_key(email):
        return person
    if person.email:
        raise Invalid("address_other", field="people")
    person = replace(person, email=email)
    people.save(store, person, now=now)
    history.note(store, "person_saved", actor=actor, now=now, subject=person.name, person=person.id)
    return person


def free_slug(store: Store, name: str) -> str:
    """An address nobody has yet, made of a name."""
    base = text.slug(name) or "person"
    taken, candidate, number = people.slugs_like(store, base), base, 2
    while candidate in taken:
        candidate, number = f"{base}-{number}", number + 1
    return candidate
