"""R54, R53, R50: consents asked apart, kept with their words; they end when they are withdrawn."""

import io

import pytest
from PIL import Image

from eventkit.actions import archive, consents, forms
from eventkit.errors import Invalid, NotFound
from eventkit.model.registration import State
from eventkit.model.text import Text
from eventkit.store import archive as archive_store
from eventkit.store import history, own_data, registrations
from tests.world import BY

WORDS = "Ich bin einverstanden."


@pytest.fixture
def event(world):
    made = world.event()
    forms.ask_consents(world.store, made.id, photo=True, attendees=True, actor=BY, now=world.now)
    return world.again(made)


def give(world, found, purpose):
    consents.give(world.store, found.id, purpose, WORDS, "de", now=world.now)


def withdraw(world, found, purpose):
    consents.withdraw(world.store, found.id, purpose, now=world.now)


def told(world, found):
    return [
        (c.purpose, c.text, c.withdrawn_at is None)
        for c in registrations.by_id(world.store, found.id).consents
    ][1:]


def picture(world, event, *people):
    octets = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(octets, "PNG")
    return archive.add_photo(
        world.store, event.id, octets.getvalue(), caption=Text(), alt=Text(de="Zwei Personen"),
        people=people, actor=BY, now=world.now, identity=world.identity,
    )  # fmt: skip


def test_consents_are_kept_with_words_and_times(world, event):
    world.register(event, "Ada")
    (ada,) = world.registrations(event)
    for _ in range(2):
        give(world, ada, "photo")
    assert told(world, ada) == [("photo", WORDS, True)]
    for _ in range(2):
        withdraw(world, ada, "photo")
    give(world, ada, "photo")
    assert told(world, ada) == [("photo", WORDS, False), ("photo", WORDS, True)]
    verbs = [line.verb for line in history.of_registration(world.store, ada.id)]
    assert sorted(verbs)[:3] == ["consent_given", "consent_given", "consent_withdrawn"]


def test_withdrawing_hides_the_pictures_that_name_somebody(world, event):
    """R54"""
    world.register(event, "Ada Lovelace", photo_text=WORDS)
    world.register(event, "Bo Rahn", photo_text=WORDS)
    ada, _bo = world.registrations(event)
    both = picture(world, event, "ADA LOVELACE", "Bo Rahn")
    left = picture(world, event, "Bo Rahn")
    elsewhere = world.event()
    other = picture(world, elsewhere, "Ada Lovelace")
    withdraw(world, ada, "photo")
    assert archive_store.photo(world.store, event.id, left.public_id)
    assert archive_store.photo(world.store, event.id, both.public_id) is None
    assert archive_store.photo(world.store, elsewhere.id, other.public_id)


def test_the_list_holds_only_those_who_agree_and_have_a_place(world):
    """R53"""
    event = world.event(capacity=2)
    forms.ask_consents(world.store, event.id, photo=False, attendees=True, actor=BY, now=world.now)
    world.register(event, "Zoe", organisation="Verein Z", list_text=WORDS)
    world.register(event, "Bo")
    world.register(event, "Wartet", list_text=WORDS)
    zoe, bo, wartet = world.registrations(event)
    assert wartet.state is State.WAITING
    assert own_data.on_the_list(world.store, event.id) == [("Zoe", "Verein Z")]
    give(world, bo, "attendee_list")
    withdraw(world, zoe, "attendee_list")
    assert own_data.on_the_list(world.store, event.id) == [("Bo", "")]


def test_without_the_consent_food_and_access_are_gone(world, event):
    """R50"""
    world.register(event, "Ada", diet="vegan", access_needs="Rampe", sensitive_text=WORDS)
    (ada,) = world.registrations(event)
    withdraw(world, ada, "sensitive")
    after = registrations.by_id(world.store, ada.id)
    assert (after.diet, after.access_needs) == ("", "")
    assert told(world, ada) == [("sensitive", WORDS, False)]


def test_only_what_a_meeting_asks_can_be_agreed_to(world):
    event = world.event()
    world.register(event, "Ada")
    (ada,) = world.registrations(event)
    for purpose in ("photo", "attendee_list", "sensitive", "privacy", "x"):
        with pytest.raises(Invalid):
            give(world, ada, purpose)
    with pytest.raises(Invalid):
        withdraw(world, ada, "privacy")
    with pytest.raises(NotFound):
        consents.withdraw(world.store, 987654, "photo", now=world.now)
