"""Who gets in by which way: codes, invitations, several people, the letter when it opens."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from eventkit.actions import (
    addresses,
    admission,
    asking_back,
    codes,
    invitations,
    openings,
    post,
    registration,
    upkeep,
    ways,
    worker,
)
from eventkit.actions.invitations import Choices
from eventkit.actions.post import PostOffice
from eventkit.actions.seating import Hand
from eventkit.config import MailSettings
from eventkit.errors import Full, Invalid, NotFound, Refused, RegistrationClosed, TooMany
from eventkit.links import Links, fingerprint
from eventkit.model.event import Admission
from eventkit.model.letter import LetterKind
from eventkit.model.places import OpenTo
from eventkit.model.registration import CancelledBy, Source, State
from eventkit.model.ways import Code, Standing
from eventkit.rules.ways import standing
from eventkit.store import codes as code_store
from eventkit.store import invitations as invitation_store
from eventkit.store import openings as opening_store
from eventkit.store import outbox, registrations
from tests.actions.test_places import group, limits, named, quota, states
from tests.world import BY

NAME, ADDRESS = "Zoë Unverwechselbar", "zoe.unverwechselbar@example.net"


def closed(world, event, party_size=1):
    how = Admission.CLOSED
    return admission.set_admission(world.store, event.id, how, party_size, actor=BY, now=world.now)


def party_of(world, event, size):
    how = Admission.OPEN
    return admission.set_admission(world.store, event.id, how, size, actor=BY, now=world.now)


def code(world, event, word="Mitglieder 2026", **fields):
    made = Code(0, event.id, word, **fields)
    return codes.save(world.store, event.id, made, actor=BY, now=world.now)


def used(world, event, code_id):
    found = code_store.by_id(world.store, event.id, code_id)
    assert found is not None
    return found.used


def invite(world, event, listed="Anna Kim; anna@example.com; Verein", **choices):
    data, chosen = listed.encode(), Choices(**choices)
    seen = invitations.look(world.store, event, data, chosen).seen
    hand = Hand(world.store, world.now, world.identity)
    return invitations.invite(hand, event.id, data, chosen, seen=seen, actor=BY)


def token(world, event, address="anna@example.com"):
    found = invitation_store.by_address(world.store, event.id, address)
    assert found is not None
    return world.identity.token("invitation", found.nonce)


def how(world, event, address="anna@example.com"):
    found = invitation_store.by_address(world.store, event.id, address)
    assert found is not None
    return standing(found)


def remind(world, event):
    chosen = invitations.to_remind(world.store, event, world.now)
    hand = Hand(world.store, world.now, world.identity)
    return invitations.remind(hand, event.id, [each.id for each in chosen], actor=BY)


def kinds(world, event):
    return [letter.kind for letter in world.letters(event)]


@pytest.fixture
def office(store, identity):
    mail = MailSettings("folder", "events@example.org", store.folder / "mail")
    return PostOffice(mail, Links("http://127.0.0.1:5000"), identity)


def send(world, office):
    post.send_due(world.store, office, clock=lambda: world.now, limit=100)


# --- codes ------------------------------------------------------------------------------------


def test_a_closed_meeting_opens_with_a_code_alone(world):
    event = closed(world, world.event())
    with pytest.raises(RegistrationClosed, match="invitation_only"):
        world.register(event)
    code(world, event)
    assert world.register(event, code="mitglieder2026").state is State.CONFIRMED
    assert states(world, event) == "c"


def test_a_code_opens_its_group_and_counts_its_uses_exactly(world):
    event = world.event()
    group(world, event, "Gäste")
    members = group(world, event, "Mitglieder", OpenTo.CODE)
    made = code(world, event, group_id=members, uses=2)
    world.register(event, "Eins", code="Mitglieder 2026")
    world.register(event, "Zwei", code="Mitglieder 2026")
    with pytest.raises(Invalid, match="code_used"):
        world.register(event, "Drei", code="Mitglieder 2026")
    assert {r.group_id for r in world.registrations(event)} == {members}
    first = named(world, event, "Eins")
    by = {"actor": "guest", "now": world.now, "identity": world.identity}
    registration.cancel(world.store, first.id, CancelledBy.GUEST, **by)
    assert used(world, event, made) == 1
    world.register(event, "Drei", code="Mitglieder 2026")
    assert [r.name for r in code_store.users(world.store, made)] == ["Eins", "Zwei", "Drei"]


def test_r2_a_code_is_over_at_its_very_second(world):
    event = world.event()
    code(world, event, valid_until=world.now + timedelta(hours=1))
    world.pass_time(hours=1, seconds=-1)
    world.register(event, code="Mitglieder 2026")
    world.pass_time(seconds=1)
    with pytest.raises(Invalid, match="code_over"):
        world.register(event, code="Mitglieder 2026")


def test_a_code_of_another_meeting_and_an_ended_one_open_nothing(world):
    event, other = world.event(), world.event()
    made = code(world, event)
    for meeting in (other, event):
        if meeting is event:
            codes.end(world.store, event.id, made, actor=BY, now=world.now)
        with pytest.raises(Invalid, match="code_unknown"):
            world.register(meeting, code="Mitglieder 2026")
    with pytest.raises(NotFound):
        codes.end(world.store, other.id, made, actor=BY, now=world.now)
    with pytest.raises(Invalid, match="code_taken"):
        code(world, event, "MITGLIEDER-2026")


def test_r39_guessing_codes_ends_soon_whichever_way(world):
    event = closed(world, world.event())
    code(world, event)
    for number in range(ways.TRIES_PER_NETWORK):
        wish = {"code": f"geraten {number}", "network": "net"}
        with pytest.raises(Invalid, match="code_unknown"):
            world.register(event, **wish)
    with pytest.raises(TooMany):
        world.register(event, code="Mitglieder 2026", network="net")
    with pytest.raises(TooMany):
        ways.try_code(world.store, event, "Mitglieder 2026", "net", now=world.now)
    world.register(event, code="Mitglieder 2026", network="another")
    world.pass_time(hours=1)
    world.register(event, code="Mitglieder 2026", network="net")


def test_r1_a_code_raced_for_is_used_as_often_as_it_says(world):
    event = world.event(capacity=50)
    made = code(world, event, uses=5)
    got: list[str] = []

    def run(number):
        for nth in range(4):
            try:
                world.register(event, email=f"p{number}-{nth}@example.com", code="mitglieder2026")
                got.append("in")
            except Invalid as error:
                got.append(error.code)
        world.store.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(got) == ["code_used"] * 11 + ["in"] * 5
    assert used(world, event, made) == 5


# --- invitations ------------------------------------------------------------------------------


def test_an_invited_person_registers_before_the_others_and_needs_no_approval(world):
    opens = world.now + timedelta(days=5)
    event = closed(world, world.event(approval=True, opens_at=opens))
    press = group(world, event, "Presse", OpenTo.INVITATION)
    assert invite(world, event, group=press) == 1
    with pytest.raises(RegistrationClosed, match="not_yet"):
        world.register(event, email="anna@example.com")
    with pytest.raises(NotFound):
        world.register(event, email="else@example.com", invitation=token(world, event))
    world.register(event, "Anna K.", "Anna@example.com", invitation=token(world, event))
    (found,) = world.registrations(event)
    assert (found.state, found.source, found.group_id) == (
        State.CONFIRMED,
        Source.INVITATION,
        press,
    )
    assert how(world, event) is Standing.ACCEPTED
    assert LetterKind.INVITATION not in kinds(world, event), "its letter waited still"


def test_an_invitation_holds_for_one_place_and_within_the_places(world):
    event = world.event(capacity=1)
    invite(world, event, "anna@example.com\nbo@example.com")
    world.register(event, "Bo", "bo@example.com", invitation=token(world, event, "bo@example.com"))
    world.register(event, "Anna", "anna@example.com", invitation=token(world, event))
    world.register(event, "Anna", "anna@example.com", invitation=token(world, event))
    assert states(world, event) == "cw"
    reserved = world.event(capacity=2)
    seats = group(world, reserved, "Eingeladene", OpenTo.INVITATION)
    others = group(world, reserved, "Alle")
    quota(world, reserved, 1, seats)
    quota(world, reserved, 1, others)
    invite(world, reserved, group=seats)
    world.register(reserved, "Eins", group=others)
    world.register(reserved, "Zwei", group=others)
    world.register(reserved, "Anna", "anna@example.com", invitation=token(world, reserved))
    assert states(world, reserved) == "cwc"


def test_a_list_is_invited_as_a_whole_as_it_was_seen_or_not_at_all(world):
    event = world.event()
    world.register(event, "Lea", "lea@example.com")
    listed = "anna@example.com\nlea@example.com\nanna@example.com\nkaputt"
    with pytest.raises(Invalid, match="troubles"):
        invite(world, event, listed)
    assert invitation_store.of_event(world.store, event.id) == []
    data = b"anna@example.com\nlea@example.com"
    seen = invitations.look(world.store, event, data, Choices()).seen
    world.register(event, "Anna", "anna@example.com")
    hand = Hand(world.store, world.now, world.identity)
    with pytest.raises(Refused, match="changed_meanwhile"):
        invitations.invite(hand, event.id, data, Choices(), seen=seen, actor=BY)
    with pytest.raises(Invalid, match="nothing"):
        invite(world, event, "lea@example.com")
    assert invite(world, event, "bo@example.com\nlea@example.com") == 1
    with pytest.raises(Invalid, match="unknown_group"):
        invite(world, event, "kai@example.com", group=4711)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_r22_tables_are_read_whatever_wrote_them(encoding, separator):
    rows = (("Name", "E-Mail", "Firma"), ("Jürgen Öz", "j@example.org", "Verein"))
    data = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
    (entry,) = invitations.read(data)
    assert (entry.name, entry.email, entry.organisation) == ("Jürgen Öz", "j@example.org", "Verein")


def test_nobody_waits_while_a_list_is_read(world, monkeypatch):
    """R1: the write lock is taken once the list is read."""
    event, read = world.event(), invitations.read
    data, chosen = b"Anna; anna@example.com", Choices()
    seen = invitations.look(world.store, event, data, chosen).seen

    def outside(octets):
        with world.store.changing():  # does not nest
            return read(octets)

    monkeypatch.setattr(invitations, "read", outside)
    hand = Hand(world.store, world.now, world.identity)
    assert invitations.invite(hand, event.id, data, chosen, seen=seen, actor=BY) == 1


def test_declining_ends_letters_and_a_yes_may_follow(world, office):
    event = world.event()
    invite(world, event)
    link = token(world, event)
    invitations.decline(world.store, link, "Leider im Urlaub.", now=world.now)
    assert how(world, event) is Standing.DECLINED
    assert kinds(world, event) == []
    world.pass_time(days=4)
    assert invitations.to_remind(world.store, event, world.now) == []
    world.register(event, "Anna", "anna@example.com", invitation=link)
    found = invitation_store.by_address(world.store, event.id, "anna@example.com")
    assert found is not None
    assert (standing(found), found.word) == (Standing.ACCEPTED, "")
    with pytest.raises(Refused, match="accepted"):
        invitations.decline(world.store, link, "", now=world.now)
    with pytest.raises(Invalid, match="too_long"):
        invitations.decline(world.store, link, "x" * 501, now=world.now)


def test_reminders_go_to_the_silent_once_in_three_days(world, office):
    event = world.event()
    invite(world, event, "anna@example.com\nbo@example.com")
    send(world, office)
    assert remind(world, event) == 0
    invitations.decline(world.store, token(world, event, "bo@example.com"), "", now=world.now)
    world.pass_time(days=3)
    assert remind(world, event) == 1
    assert remind(world, event) == 0
    send(world, office)
    assert kinds(world, event).count(LetterKind.INVITATION_REMINDER) == 1
    world.pass_time(days=3)
    assert remind(world, event) == 1


def test_r12_a_revoked_link_opens_nothing_and_a_new_invitation_another(world, office):
    event = world.event()
    invite(world, event)
    link = token(world, event)
    found = invitations.find(world.store, link, now=world.now)
    invitations.revoke(world.store, event.id, found.id, actor=BY, now=world.now)
    for refused in (link, "x" * 43):
        with pytest.raises(NotFound):
            invitations.find(world.store, refused, now=world.now)
    with pytest.raises(NotFound):
        world.register(event, "Anna", "anna@example.com", invitation=link)
    assert kinds(world, event) == []
    assert invite(world, event) == 1
    assert invitations.find(world.store, token(world, event), now=world.now).id == found.id
    with pytest.raises(NotFound):
        invitations.find(world.store, link, now=world.now)


def test_a_link_follows_the_meeting_and_ends_thirty_days_after(world):
    event = world.event()
    invite(world, event)
    link = token(world, event)
    event = world.change(event, ends_at=event.ends_at + timedelta(days=1))
    world.now = event.ends_at + timedelta(days=30, seconds=-1)
    assert invitations.find(world.store, link, now=world.now)
    world.pass_time(seconds=1)
    with pytest.raises(NotFound):
        invitations.find(world.store, link, now=world.now)


def test_an_invitation_that_did_not_arrive_goes_to_another_address(world, office):
    event = world.event()
    invite(world, event, "anna@exmaple.com\nbo@example.com")
    wrong = next(each for each in world.letters(event) if each.email == "anna@exmaple.com")
    correct = {"actor": BY, "now": world.now}
    with pytest.raises(NotFound):
        addresses.correct(world.store, event.id, wrong.id, "anna@example.com", **correct)
    with world.store.changing():
        outbox.failed(world.store, wrong.id, error="550 no such user")
    assert how(world, event, "anna@exmaple.com") is Standing.FAILED
    with pytest.raises(Invalid, match="registered"):
        addresses.correct(world.store, event.id, wrong.id, "bo@example.com", **correct)
    addresses.correct(world.store, event.id, wrong.id, "anna@example.com", **correct)
    send(world, office)
    assert how(world, event) is Standing.SENT
    world.register(event, "Anna", "anna@example.com", invitation=token(world, event))
    assert states(world, event) == "c"


# --- several people ---------------------------------------------------------------------------


def together(world, event, *names, **fields):
    first, *others = (world.wish(name, f"{name.lower()}@example.com", **fields) for name in names)
    party = [first, *(replace(wish, registered_by=first.name) for wish in others)]
    return registration.together(
        world.store, event.id, party, now=world.now, identity=world.identity
    ), party


def test_several_people_are_registered_in_order_with_letters_of_their_own(world):
    event = party_of(world, world.event(capacity=2), 5)
    outcomes, party = together(world, event, "Anna", "Bo", "Cleo")
    assert [(o.state.value, o.queue) for o in outcomes] == [
        ("confirmed", None),
        ("confirmed", None),
        ("waiting", 1),
    ]
    assert len({r.party for r in world.registrations(event)} - {""}) == 1
    said = {letter.email: letter.facts.registered_by for letter in world.letters(event)}
    assert said == {"anna@example.com": "", "bo@example.com": "Anna", "cleo@example.com": "Anna"}
    again = registration.together(
        world.store, event.id, party, now=world.now, identity=world.identity
    )
    assert again == outcomes, "R3: the same form twice is one registration each"
    assert len(world.letters(event)) == 3


def test_all_of_them_or_nobody(world):
    """R1"""
    event = party_of(world, world.event(capacity=2, waiting_list=False), 3)
    with pytest.raises(Invalid, match="party_full"):
        together(world, event, "Anna", "Bo", "Cleo")
    assert world.registrations(event) == []
    with pytest.raises(Invalid, match="party_too_large"):
        together(world, event, "Anna", "Bo", "Cleo", "Dana")
    with pytest.raises(Invalid, match="party_twice"):
        together(world, event, "Anna", "ANNA")
    together(world, event, "Anna", "Bo")
    with pytest.raises(Full):
        together(world, event, "Cleo", "Dana")


def test_an_organisation_takes_no_more_than_its_places(world):
    event = world.event(waiting_list=False)
    limits(world, event, per_organisation=2)
    event = party_of(world, world.again(event), 3)
    with pytest.raises(Invalid, match="organisation_left"):
        together(world, event, "Anna", "Bo", "Cleo", organisation="Verein")
    together(world, event, "Anna", "Bo", organisation="verein")


def test_r11_a_colleague_who_is_known_looks_like_any_other(world):
    event = party_of(world, world.event(), 2)
    world.register(event, "Bo", "bo@example.com")
    outcomes, _party = together(world, event, "Anna", "Bo")
    assert [o.state for o in outcomes] == [State.CONFIRMED, State.CONFIRMED]
    assert len(world.registrations(event)) == 2
    assert LetterKind.ALREADY in kinds(world, event)


# --- the letter when it opens -----------------------------------------------------------------


def ask(world, event, email="anna@example.com", network="net"):
    openings.ask(
        world.store,
        event.id,
        email,
        "de",
        network=network,
        now=world.now,
        identity=world.identity,
    )


def write(world, **more):
    return openings.write_due(world.store, now=world.now, identity=world.identity, **more)


def test_one_letter_when_it_opens_also_after_the_opening_was_moved(world, office):
    event = world.event(opens_at=world.now + timedelta(days=2))
    for address in ("anna@example.com", "ANNA@example.com", "bo@example.com"):
        ask(world, event, address)
    event = world.change(event, opens_at=world.now + timedelta(days=4))
    world.pass_time(days=3)
    assert write(world) == 0
    world.pass_time(days=1)
    assert write(world, limit=1) == 1
    assert worker.write_due(world.store, now=world.now, identity=world.identity) == 1
    assert write(world) == 0
    assert opening_store.count(world.store, event.id) == 0
    assert [letter.email for letter in world.letters(event)] == [
        "anna@example.com",
        "bo@example.com",
    ]
    assert {letter.facts.title for letter in world.letters(event)} == {event.title}


def test_nobody_can_ask_where_there_is_nothing_to_wait_for(world):
    soon = world.now + timedelta(days=2)
    for event in (world.event(), closed(world, world.event(opens_at=soon))):
        with pytest.raises(RegistrationClosed):
            ask(world, event)
    ask(world, world.event(opens_at=None))


def test_r41_never_again_means_never_for_any_meeting(world, office):
    event = world.event(opens_at=world.now + timedelta(days=1))
    ask(world, event, ADDRESS)
    world.pass_time(days=1)
    write(world)
    send(world, office)
    (letter,) = world.letters(event)
    link = world.identity.token("opening", letter.nonce)
    assert openings.known(world.store, link, now=world.now) == ADDRESS
    other = world.event(opens_at=world.now + timedelta(days=1))
    ask(world, other, ADDRESS)
    openings.never_again(world.store, link, now=world.now, identity=world.identity)
    ask(world, other, ADDRESS)
    assert opening_store.count(world.store, other.id) == 0
    assert fingerprint(ADDRESS) not in world.store.value("SELECT address FROM opening_refusals")


def test_r41_at_most_three_unasked_letters_a_day(world):
    soon = world.now + timedelta(hours=1)
    meetings = [world.event(opens_at=soon) for _ in range(5)]
    for event in meetings:
        ask(world, event)
    world.pass_time(hours=1)
    assert write(world, limit=1) + write(world, limit=1) + write(world, limit=1) == 3
    assert write(world) == 0
    world.pass_time(days=1, seconds=1)
    assert write(world) == 2


def test_asking_is_limited_by_address_and_network(world):
    event = world.event(opens_at=world.now + timedelta(days=1))
    for _ in range(openings.TRIES_PER_ADDRESS):
        ask(world, event)
    with pytest.raises(TooMany):
        ask(world, event)


# --- forgetting -------------------------------------------------------------------------------


def traces(world):
    known = ("unverwechselbar", "ganz eigenes wort")
    files = [path for path in world.store.folder.rglob("*") if path.is_file()]
    return [p.name for p in files if any(word.encode() in p.read_bytes().lower() for word in known)]


def test_r56_invited_people_are_forgotten_with_the_meeting(world, office):
    event = world.event()
    soon = world.event(opens_at=world.now + timedelta(days=1))
    ask(world, soon, f"oeffnung.{ADDRESS}")
    invite(world, event, f"{NAME}; {ADDRESS}; Unverwechselbar e. V.")
    send(world, office)
    link = token(world, event, ADDRESS)
    invitations.decline(world.store, link, "Ganz eigenes Wort", now=world.now)
    world.store.checkpoint()
    assert traces(world)
    world.now = event.ends_at + timedelta(days=event.retention_days)
    upkeep.run(world.store, office.mail, now=world.now)
    assert traces(world) == []
    assert world.store.value("SELECT count(*) FROM invitations WHERE declined_at IS NOT NULL") == 1


def test_r56_an_address_no_letter_reached_is_forgotten_too(world, office):
    event = world.event(opens_at=world.now + timedelta(days=1))
    ask(world, event, ADDRESS)
    world.pass_time(days=1)
    write(world)
    (letter,) = world.letters(event)
    with world.store.changing():
        outbox.failed(world.store, letter.id, error="550 no such user")
    world.pass_time(days=29)
    upkeep.run(world.store, office.mail, now=world.now)
    assert traces(world), "for a while organisers see what did not arrive"
    world.pass_time(days=2)
    upkeep.run(world.store, office.mail, now=world.now)
    assert traces(world) == []


def test_a_question_that_did_not_arrive_is_not_its_asker_s_address(world):
    event = world.event(contact_email="kontakt@example.org")
    world.register(event, "Anna", "anna@example.com")
    hand = Hand(world.store, world.now, world.identity)
    asking_back.ask(hand, named(world, event, "Anna").id, "Gibt es Kaffee?")
    question = next(each for each in world.letters(event) if each.kind is LetterKind.QUESTION)
    with world.store.changing():
        outbox.failed(world.store, question.id, error="550 no such user")
    with pytest.raises(NotFound):
        addresses.correct(
            world.store, event.id, question.id, "buero@example.org", actor=BY, now=world.now
        )
    assert named(world, event, "Anna").email == "anna@example.com"


def test_r55_deleting_oneself_takes_invitation_and_name_in_others_letters_along(world, office):
    event = party_of(world, world.event(), 2)
    invite(world, event, f"{NAME}; {ADDRESS}; Unverwechselbar e. V.")
    send(world, office)
    first = world.wish(NAME, ADDRESS, organisation="Unverwechselbar e. V.")
    bo = replace(world.wish("Bo", "bo@example.com"), registered_by=NAME)
    registration.together(
        world.store, event.id, (first, bo), now=world.now, identity=world.identity
    )
    send(world, office)
    assert traces(world)
    found = named(world, event, NAME)
    by = {"actor": "guest", "now": world.now}
    registration.cancel(world.store, found.id, CancelledBy.GUEST, identity=world.identity, **by)
    upkeep.forget(world.store, found.id, office.mail, **by)
    assert traces(world) == []
    assert registrations.live_by_address(world.store, event.id, "bo@example.com") is not None
