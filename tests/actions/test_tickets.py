"""Tickets and certificates: codes nobody can guess, that name nobody and need no record."""

import re

import pytest

from eventkit.actions import tickets, upkeep
from eventkit.config import MailSettings
from eventkit.errors import NotFound
from eventkit.identity import Identity
from eventkit.model.registration import State
from eventkit.rules import tickets as rules

ANOTHER = Identity(b"the key of another site", "example.org")


@pytest.fixture
def ada(world):
    event = world.event()
    world.register(event, "Ada")
    return event, world.registrations(event)[0]


def attend(world, found):
    """As the door will: this state has no way in by a page yet."""
    with world.store.changing():
        world.store.update("registrations", found.id, state="attended", attended_at=world.now)


def test_a_code_opens_one_ticket_of_one_meeting(world, ada):
    """R11, R12, R14"""
    event, found = ada
    world.register(event, "Bo")
    code = tickets.code(found, world.identity)
    assert re.fullmatch("[A-Z2-7]{26}", code)
    typed = f" {rules.grouped(code).lower()}-".replace("o", "0")
    who = tickets.holder(world.store, event.id, typed, identity=world.identity)
    assert who.name == "Ada"
    other = world.event()
    world.register(other, "Cem")
    for event_id, wrong in ((other.id, code), (event.id, code[:-1]), (event.id, "")):
        with pytest.raises(NotFound):
            tickets.holder(world.store, event_id, wrong, identity=world.identity)
    with pytest.raises(NotFound):
        tickets.holder(world.store, event.id, code, identity=ANOTHER)


def test_the_code_dies_with_the_person(world, ada):
    """R55"""
    event, found = ada
    code = tickets.code(found, world.identity)
    mail = MailSettings("folder", "events@example.org", world.store.folder / "mail")
    upkeep.forget(world.store, found.id, mail, actor="t", now=world.now)
    with pytest.raises(NotFound):
        tickets.holder(world.store, event.id, code, identity=world.identity)


def test_a_certificate_is_checked_without_a_record(world, ada):
    """R56: also when the person was forgotten."""
    event, found = ada
    code = tickets.certificate_code(found, event, world.identity)
    world.register(event, "Bo")
    bo = tickets.certificate_code(world.registrations(event)[1], event, world.identity)
    assert code[8:] != bo[8:]
    assert len(code) == rules.CERTIFICATE
    mail = MailSettings("folder", "events@example.org", world.store.folder / "mail")
    upkeep.forget(world.store, found.id, mail, actor="t", now=world.now)
    for each in (code, bo, rules.grouped(code).lower()):
        assert tickets.certified(world.store, each, identity=world.identity).id == event.id
    swapped = code[:8] + bo[8:16] + code[16:]
    changed = code[:-1] + ("A" if code[-1] != "A" else "B")
    for wrong in (swapped, changed, code[:-1], "", "Ä" * 32, "x" * 5000):
        with pytest.raises(NotFound):
            tickets.certified(world.store, wrong, identity=world.identity)


def test_a_certificate_is_for_those_who_were_there_to_the_end(world, ada):
    event, found = ada
    token = world.identity.token("registration", found.nonce)
    world.now = event.ends_at
    with pytest.raises(NotFound):
        tickets.attended(world.store, token, now=world.now)
    attend(world, found)
    assert tickets.attended(world.store, token, now=world.now)[0].state is State.ATTENDED
    world.pass_time(hours=-1)
    with pytest.raises(NotFound):
        tickets.attended(world.store, token, now=world.now)
