"""R55: a guest corrects and deletes their own data; the place and the calendar come first."""

import pytest

from eventkit.actions import own_data, post, upkeep
from eventkit.actions.own_data import Correction
from eventkit.actions.post import PostOffice
from eventkit.config import MailSettings
from eventkit.errors import Invalid
from eventkit.links import Links
from eventkit.model.registration import State
from eventkit.store import history, registrations, stash

NAME, ADDRESS = "Zoë Unverwechselbar", "zoe.unverwechselbar@example.net"


@pytest.fixture
def office(store, identity):
    mail = MailSettings("folder", "events@example.org", store.folder / "mail")
    return PostOffice(mail, Links("http://127.0.0.1:5000"), identity)


@pytest.fixture
def delete(world, office):
    def run(registration):
        own_data.delete(
            world.store, registration.id, office.mail, now=world.now, identity=world.identity
        )
        return registrations.by_id(world.store, registration.id)

    return run


def send(world, office):
    return post.send_due(world.store, office, clock=lambda: world.now)


def correct(world, registration, **fields):
    wish = {"name": registration.name, "language": "de"} | fields
    own_data.correct(
        world.store,
        registration.id,
        Correction(**wish),
        now=world.now,
        identity=world.identity,
    )
    return registrations.by_id(world.store, registration.id)


def test_the_next_moves_up_and_the_calendar_is_told_before_the_data_goes(world, office, delete):
    event = world.event(capacity=1)
    world.register(event, NAME, ADDRESS)
    world.register(event, "Wartet Noch", "wartet@example.org")
    send(world, office)
    first, second = world.registrations(event)
    gone = delete(first)
    assert (gone.name, gone.email, gone.state) == ("", "", State.CANCELLED)
    assert registrations.by_id(world.store, second.id).state is State.CONFIRMED
    send(world, office)
    mails = [path.read_text() for path in office.mail.folder.glob("*.eml")]
    [last] = [mail for mail in mails if f"To: {ADDRESS}" in mail or ADDRESS in mail]
    assert "METHOD:CANCEL" in last or "method=CANCEL" in last.replace('"', "")
    assert "/my/" not in last, "its link opens nothing any more"


def test_r55_no_list_that_was_handed_in_remembers_a_deleted_person(world, delete):
    event, other = world.event(), world.event()
    world.register(event, NAME, ADDRESS)
    lists = [(f"{kind}-{event.id}", f"{kind}-list-of-people") for kind in stash.PERSONAL]
    for purpose, name in (*lists, (f"attendees-{other.id}", "another-meeting")):
        stash.put(world.store, purpose, name, ADDRESS.encode())
    delete(world.registrations(event)[0])
    left = [path.name for path in (world.store.folder / "stash").iterdir()]
    assert left == [f"attendees-{other.id}-another-meeting"]


def test_the_last_letter_is_forgotten_once_it_went_out(world, office, delete):
    event = world.event()
    world.register(event, NAME, ADDRESS)
    send(world, office)
    delete(world.registrations(event)[0])
    upkeep.run(world.store, office.mail, now=world.now)
    assert [letter.email for letter in world.letters(event) if letter.email] == [ADDRESS]
    send(world, office)
    upkeep.run(world.store, office.mail, now=world.now)
    assert [letter.email for letter in world.letters(event) if letter.email] == []
    found = [path for path in world.store.folder.rglob("*") if path.is_file()]
    assert not [path for path in found if b"unverwechselbar" in path.read_bytes().lower()]


def test_after_the_meeting_the_data_goes_and_nobody_is_written_to(world, office, delete):
    event = world.event()
    world.register(event, NAME, ADDRESS)
    send(world, office)
    world.now = event.ends_at
    gone = delete(world.registrations(event)[0])
    assert (gone.name, gone.state) == ("", State.CONFIRMED)
    assert send(world, office).sent == 0


def test_a_correction_is_kept_and_noted(world):
    event = world.event()
    world.register(event, NAME, ADDRESS, organisation="Alt e. V.")
    before = world.registrations(event)[0]
    after = correct(world, before, name="Zoë Anders", role="Mentorin", language="en")
    assert (after.name, after.organisation, after.role, after.language) == (
        "Zoë Anders",
        "",
        "Mentorin",
        "en",
    )
    assert (after.email, after.state) == (ADDRESS, State.CONFIRMED)
    assert "corrected" in [line.verb for line in history.of_event(world.store, event.id)]


def test_emptied_food_and_access_withdraw_the_consent(world):
    event = world.event()
    world.register(event, NAME, ADDRESS, diet="vegan", sensitive_text="Ja, nutzen.")
    found = world.registrations(event)[0]
    after = correct(world, found, diet="vegan", sensitive_text="Ja, nutzen.")
    assert [c.withdrawn_at for c in after.consents if c.purpose == "sensitive"] == [None]
    after = correct(world, found)
    assert after.diet == ""
    assert [c.withdrawn_at for c in after.consents if c.purpose == "sensitive"] == [world.now]
    after = correct(world, found, access_needs="Rampe", sensitive_text="Ja, nutzen.")
    assert [c.withdrawn_at for c in after.consents if c.purpose == "sensitive"] == [world.now, None]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": ""}, "name"), ({"role": "x" * 201}, "role"), ({"diet": "vegan"}, "diet")],
)
def test_what_could_not_be_registered_can_not_be_corrected_into(world, wrong, field):
    event = world.event()
    world.register(event, NAME, ADDRESS)
    with pytest.raises(Invalid) as refused:
        correct(world, world.registrations(event)[0], **wrong)
    assert refused.value.field == field
    assert world.registrations(event)[0].name == NAME
