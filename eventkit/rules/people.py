"""What a person of the programme may be called and say of themselves."""

import dataclasses

from eventkit.errors import Invalid
from eventkit.model.person import Person
from eventkit.model.text import LANGUAGES, NOTHING
from eventkit.rules import text


def checked(person: Person) -> Person:
    """A person as typed, cleaned. Raises Invalid with the field that can't be accepted."""
    email = text.address(person.email) if person.email.strip() else ""
    try:
        website = text.web_address(person.website)
    except Invalid as error:
        raise Invalid(error.code, field="website") from None
    return dataclasses.replace(
        person,
        name=text.person_name(person.name),
        former_name=text.clean(person.former_name)[:200],
        function=text.clean_both(person.function),
        organisation=text.clean_both(person.organisation),
        biography=text.clean_both(person.biography, lines=True),
        photo_alt=text.clean_both(person.photo_alt) or NOTHING,
        photo_credit=text.clean(person.photo_credit)[:200],
        website=website,
        email=email,
        language=person.language if person.language in LANGUAGES else "",
    )
