"""Lists of attendees come in whole or not at all, by the rules everybody registers by."""

from datetime import timedelta

import pytest

from eventkit.actions import attendee_import, attendee_undo, places, upkeep
from eventkit.actions.attendee_import import Choices, Terms
from eventkit.documents import tables
from eventkit.errors import Invalid, Refused, RegistrationClosed
from eventkit.model.letter import LetterKind
from eventkit.model.places import Group, Quota
from eventkit.model.registration import Source, State
from eventkit.model.text import Text
from eventkit.rules.attendee_table import What
from eventkit.store import history, imports, registrations
from tests.world import BY, World


def table(*rows: str):
    return tables.read_table(
        "\n".join(("Name;E-Mail;Organisation;Gruppe;Workshops;Stand;Bedarf", *rows)).encode()
    )


def people(number: int, **cells: str):
    return table(*(f"Gast {n};g{n}@x.org;;;;;" for n in range(number)))


def by(world: World) -> dict:
    return {"actor": BY, "now": world.now, "identity": world.identity}


def take(world: World, event, found, *, choices=None, seen="", **terms):
    choices = choices or Choices()
    seen = seen or attendee_import.look(world.store, world.again(event), found, choices).seen
    return attendee_import.take_in(
        world.store,
        event.id,
        found,
        choices,
        Terms(**({"consent": "Liste des Verbands", "rest": True} | terms)),
        seen=seen,
        filename="liste.csv",
        **by(world),
    )


def states(world: World, event) -> list[State]:
    return [each.state for each in world.registrations(event)]


def test_the_file_is_the_order_of_arrival_and_no_place_too_many(world: World) -> None:
    """R1"""
    event = world.event(capacity=3)
    world.register(event, "Zuvor")
    done = take(world, event, people(4))
    assert (done.placed, done.waiting) == (2, 2)
    assert states(world, event) == [State.CONFIRMED] * 3 + [State.WAITING] * 2
    assert [each.name for each in world.registrations(event)][1:3] == ["Gast 0", "Gast 1"]
    first = registrations.by_id(world.store, world.registrations(event)[1].id)
    assert first
    assert [(c.purpose, c.text) for c in first.consents] == [("privacy", "Liste des Verbands")]
    assert first.source is Source.IMPORT
    assert history.of_registration(world.store, first.id)[0].actor == BY


def test_what_was_looked_at_is_what_happens_quotas_and_workshops_too(world: World) -> None:
    event = world.event(capacity=10)
    world.programme(event, capacity=1)
    group = places.save_group(world.store, event.id, Group(0, Text(de="Presse")), **by(world))
    quota = Quota(0, Text(de="Presse"), 1, frozenset({group}))
    places.save_quota(world.store, event.id, quota, **by(world))
    found = table(
        "Anna;a@x.org;taz;Presse;Workshop Matching;;",
        "Bo;b@x.org;dpa;Presse;Workshop Matching;;",
        "Cem;c@x.org;;;Workshop Matching; Warteliste;Rampe",
    )
    look = attendee_import.look(world.store, world.again(event), found, Choices())
    assert [line.what for line in look.lines] == [What.PLACE, What.WAITING, What.PLACE]
    take(world, event, found)
    assert states(world, event) == [State.CONFIRMED, State.WAITING, State.CONFIRMED]
    anna, bo, cem = world.registrations(event)
    assert [each.choices[0].confirmed for each in (anna, bo, cem)] == [True, False, False]
    assert cem.access_needs == "Rampe"
    assert anna.group_id == group


def test_approval_holds_for_those_who_still_ask(world: World) -> None:
    event = world.event(approval=True)
    take(world, event, table("Anna;a@x.org;;;;angefragt;", "Bo;b@x.org;;;;;"))
    assert states(world, event) == [State.REQUESTED, State.CONFIRMED]


@pytest.mark.parametrize("write", [False, True])
def test_letters_go_out_only_where_they_are_wanted(world: World, write: bool) -> None:
    event = world.event(capacity=1)
    take(world, event, people(2), write=write)
    kinds = [letter.kind for letter in world.letters(event)]
    assert kinds == ([LetterKind.CONFIRMED, LetterKind.WAITING] if write else [])


@pytest.mark.parametrize(
    ("rows", "terms", "code"),
    [
        (("Anna;a@x.org;;;;;", "Bo;nichts;;;;;"), {}, "troubles"),
        (("Anna;a@x.org;;;;;", "Bo;b@x.org;;;;;"), {"rest": False}, "no_room"),
        (("Anna;a@x.org;;;;abgemeldet;",), {}, "nothing"),
        (("Anna;a@x.org;;;;;",), {"consent": "  "}, "consent"),
    ],
)
def test_whole_or_not_at_all(world: World, rows, terms, code) -> None:
    """R22"""
    event = world.event(capacity=1)
    with pytest.raises(Invalid) as refused:
        take(world, event, table(*rows), **terms)
    assert refused.value.code == code
    assert world.registrations(event) == []
    assert imports.of_event(world.store, event.id) == []


def test_rows_that_can_not_be_taken_are_left_out_where_that_is_said(world: World) -> None:
    event = world.event()
    take(world, event, table("Anna;a@x.org;;;;;", "Bo;nichts;;;;;"), skip=True)
    assert [each.name for each in world.registrations(event)] == ["Anna"]


def test_who_registers_between_look_and_import_is_seen(world: World) -> None:
    event = world.event(capacity=2)
    found = people(2)
    seen = attendee_import.look(world.store, event, found, Choices()).seen
    world.register(event)
    with pytest.raises(Refused) as refused:
        take(world, event, found, seen=seen)
    assert refused.value.code == "changed_meanwhile"
    assert len(world.registrations(event)) == 1


def test_nobody_comes_into_a_meeting_that_is_over(world: World) -> None:
    event = world.event()
    world.now = event.ends_at
    with pytest.raises(RegistrationClosed):
        take(world, event, people(1))


def undo(world: World, event, import_id: int):
    found = imports.by_id(world.store, event.id, import_id)
    sight = attendee_undo.foresee(world.store, found)
    return attendee_undo.undo(world.store, event.id, import_id, seen=sight.seen, **by(world))


def test_an_import_nobody_was_told_of_goes_without_a_trace(world: World) -> None:
    event = world.event(capacity=2)
    done = take(world, event, people(2))
    world.register(event, "Wartend")
    sight = undo(world, event, done.import_id)
    assert (len(sight.silent), len(sight.told)) == (2, 0)
    (left,) = world.registrations(event)
    assert (left.name, left.state) == ("Wartend", State.CONFIRMED)
    assert world.letters(event)[-1].kind is LetterKind.MOVED_UP
    for name in ("registrations", "tokens", "consents", "history"):
        words = str(world.store.all(f"SELECT * FROM {name}"))
        assert "g0@x.org" not in words
    assert world.store.value("SELECT count(*) FROM tokens") == 2
    with pytest.raises(Refused) as refused:
        undo(world, event, done.import_id)
    assert refused.value.code == "undone"


def test_whoever_was_written_to_is_written_to_again(world: World, tmp_path) -> None:
    event = world.event()
    done = take(world, event, people(2), write=True)
    first, second = world.registrations(event)
    sent = next(each for each in world.letters(event) if each.registration_id == first.id)
    with world.store.changing():
        world.store.run(
            "UPDATE letters SET state = 'sent', sent_at = created_at WHERE id = :id", id=sent.id
        )
    found = imports.by_id(world.store, event.id, done.import_id)
    sight = attendee_undo.foresee(world.store, found)
    assert [each.id for each in sight.told] == [first.id]
    undo(world, event, done.import_id)
    (left,) = world.registrations(event)
    assert (left.id, left.state) == (first.id, State.CANCELLED)
    assert [letter.kind for letter in world.letters(event)] == [
        LetterKind.CONFIRMED,
        LetterKind.CANCELLED,
    ]
    assert second.id not in [each.id for each in world.registrations(event)]


def test_taking_back_touches_whom_it_said(world: World) -> None:
    event = world.event()
    done = take(world, event, people(2))
    seen = attendee_undo.foresee(
        world.store, imports.by_id(world.store, event.id, done.import_id)
    ).seen
    with world.store.changing():
        guest = world.registrations(event)[0]
        history.note(
            world.store, "corrected", actor="guest", now=world.now, registration_id=guest.id
        )
    with pytest.raises(Refused) as refused:
        attendee_undo.undo(world.store, event.id, done.import_id, seen=seen, **by(world))
    assert refused.value.code == "changed_meanwhile"
    assert len(world.registrations(event)) == 2


def test_after_the_retention_no_import_knows_its_file(world: World, settings) -> None:
    event = world.event()
    take(world, event, people(1))
    world.now = event.ends_at + timedelta(days=event.retention_days + 1)
    upkeep.run(world.store, settings.mail, now=world.now)
    assert imports.of_event(world.store, event.id)[0].filename == ""
