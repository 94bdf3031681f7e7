"""Letters to many: exactly those meant, nobody twice, never too late, and one can stop them."""

import dataclasses
from datetime import timedelta

import pytest

from eventkit.actions import events, mailing_rounds, mailings, post, registration, wordings
from eventkit.config import MailSettings
from eventkit.errors import Invalid, NotFound
from eventkit.links import Links
from eventkit.model.letter import LetterKind, LetterState
from eventkit.model.mailing import Audience, MailingKind, MailingState
from eventkit.model.registration import CancelledBy, State
from eventkit.model.text import Text
from eventkit.model.wording import Wording
from eventkit.store import mailings as mailing_store
from eventkit.store import outbox, retention
from tests.world import BY

EVERYBODY = Audience()
SUBJECT = Text(de="Nachricht", en="News")
BODY = Text(de="Guten Tag {name}!", en="Hello {name}!")


@pytest.fixture
def office(tmp_path, identity):
    mail = MailSettings("folder", "events@example.org", tmp_path / "mail")
    return post.PostOffice(mail, Links("https://events.example.org"), identity)


@pytest.fixture
def event(world):
    """A meeting of three with a seat and one who waits, their first letters gone."""
    event = world.event(capacity=3)
    for number in range(4):
        world.register(event, f"Gast {number}", f"g{number}@example.com")
    empty(world)
    return event


def empty(world):
    with world.store.changing():
        world.store.run("UPDATE letters SET state = 'sent', sent_at = created_at")


def draft(world, event, audience=EVERYBODY, subject=SUBJECT, body=BODY):
    return mailings.save_message(
        world.store,
        event.id,
        None,
        subject=subject,
        body=body,
        audience=audience,
        actor=BY,
        now=world.now,
    )


def go(world, event, mailing, at=None):
    return mailings.send(world.store, event.id, mailing, at=at, actor=BY, now=world.now)


def work(world, limit=100):
    """One call of the worker's part; how many letters it wrote."""
    return mailing_rounds.write_due(
        world.store, now=world.now, identity=world.identity, limit=limit
    )


def written(world, event, kind=LetterKind.MESSAGE):
    return [letter for letter in world.letters(event) if letter.kind is kind]


def remind(world, event, minutes):
    return mailings.remind(world.store, event.id, minutes, actor=BY, now=world.now)


def test_a_message_reaches_exactly_those_meant(world, event):
    mailing = draft(world, event, Audience(states=(State.WAITING,)))
    assert work(world) == 0, "a draft goes nowhere"
    go(world, event, mailing)
    assert work(world) == 1
    assert work(world) == 0
    (letter,) = written(world, event)
    assert letter.name == "Gast 3"
    assert letter.facts.own_body == BODY.de
    done = mailing_store.by_id(world.store, mailing)
    assert (done.state, done.receivers) == (MailingState.SENT, 1)


def test_many_are_written_to_in_batches_and_nobody_twice(world, event):
    """R6: the worker may be killed between any two batches."""
    mailing = draft(world, event)
    go(world, event, mailing)
    assert work(world, limit=2) == 2
    assert mailing_store.by_id(world.store, mailing).state is MailingState.SCHEDULED
    assert work(world, limit=2) == 1
    assert work(world, limit=2) == 0
    assert sorted(letter.name for letter in written(world, event)) == ["Gast 0", "Gast 1", "Gast 2"]


def test_the_database_refuses_a_second_letter_of_a_mailing(world, event):
    mailing = draft(world, event)
    go(world, event, mailing)
    work(world)
    letter = dataclasses.replace(written(world, event)[0], message_id=world.identity.message_id())
    with pytest.raises(Exception, match="UNIQUE"), world.store.changing():
        outbox.queue(world.store, letter)


def test_who_registers_after_a_message_was_sent_does_not_get_it(world, event):
    mailing = draft(world, event, Audience(states=(State.WAITING,)))
    go(world, event, mailing)
    world.pass_time(minutes=1)
    world.register(event, "Zu spät", "late@example.com")
    work(world)
    assert [letter.name for letter in written(world, event)] == ["Gast 3"]


def test_a_scheduled_message_waits_for_its_time(world, event):
    mailing = draft(world, event)
    go(world, event, mailing, at=world.now + timedelta(hours=2))
    assert work(world) == 0
    world.pass_time(hours=2)
    assert work(world) == 3


def test_sending_twice_is_sending_once(world, event):
    mailing = draft(world, event)
    go(world, event, mailing)
    work(world)
    go(world, event, mailing)
    assert work(world) == 0
    assert len(written(world, event)) == 3


def test_pause_holds_what_waits_and_resume_lets_it_go(world, event, office):
    mailing = draft(world, event)
    go(world, event, mailing)
    work(world, limit=2)
    mailings.pause(world.store, event.id, mailing, actor=BY, now=world.now)
    assert work(world) == 0
    assert outbox.next_due(world.store) is None, "the worker may sleep"
    assert post.send_due(world.store, office, clock=lambda: world.now).sent == 0
    mailings.resume(world.store, event.id, mailing, actor=BY, now=world.now)
    assert work(world) == 1
    assert post.send_due(world.store, office, clock=lambda: world.now).sent == 3


def test_what_waits_in_the_outbox_can_be_paused_when_all_is_written(world, event, office):
    mailing = draft(world, event)
    go(world, event, mailing)
    work(world)
    mailings.pause(world.store, event.id, mailing, actor=BY, now=world.now)
    assert post.send_due(world.store, office, clock=lambda: world.now).sent == 0
    mailings.resume(world.store, event.id, mailing, actor=BY, now=world.now)
    work(world)
    assert post.send_due(world.store, office, clock=lambda: world.now).sent == 3


def test_a_stopped_message_reaches_nobody_else(world, event, office):
    mailing = draft(world, event)
    go(world, event, mailing)
    work(world, limit=2)
    post.send_due(world.store, office, clock=lambda: world.now, limit=1)
    stopped = mailings.stop(world.store, event.id, mailing, actor=BY, now=world.now)
    assert (stopped.state, stopped.receivers) == (MailingState.SENT, 1)
    assert work(world) == 0
    assert [letter.state for letter in written(world, event)] == [LetterState.SENT]


def test_a_message_nobody_got_is_a_draft_again(world, event):
    mailing = draft(world, event)
    go(world, event, mailing, at=world.now + timedelta(hours=1))
    stopped = mailings.stop(world.store, event.id, mailing, actor=BY, now=world.now)
    assert (stopped.state, stopped.due_at) == (MailingState.DRAFT, None)
    assert mailings.remove(world.store, event.id, mailing, actor=BY, now=world.now)
    assert mailing_store.by_id(world.store, mailing) is None


def test_a_message_under_way_is_not_changed_or_thrown_away(world, event):
    mailing = draft(world, event)
    go(world, event, mailing)
    assert not mailings.remove(world.store, event.id, mailing, actor=BY, now=world.now)
    with pytest.raises(Invalid, match="under_way"):
        mailings.save_message(
            world.store,
            event.id,
            mailing,
            subject=SUBJECT,
            body=BODY,
            audience=Audience(),
            actor=BY,
            now=world.now,
        )


def test_the_failed_ones_are_sent_again(world, event):
    mailing = draft(world, event)
    go(world, event, mailing)
    work(world)
    first = written(world, event)[0]
    with world.store.changing():
        outbox.failed(world.store, first.id, error="550 no such user")
    again = mailings.send_failed(world.store, event.id, mailing, actor=BY, now=world.now)
    assert again == 1
    assert {letter.state for letter in written(world, event)} == {LetterState.QUEUED}
    assert written(world, event)[0].message_id == first.message_id


@pytest.mark.parametrize(
    ("subject", "body", "code", "field"),
    [
        (Text(), Text(), "required", "body_de"),
        (Text(de="x"), Text(), "half_written", "body_de"),
        (Text(de="x"), Text(de="y", en="z"), "half_written", "subject_en"),
        (Text(de="{nmae}"), Text(de="y"), "placeholder", "subject_de"),
        (Text(de="x"), Text(de="{0.__class__}"), "placeholder", "body_de"),
        (Text(de="x"), Text(de="[y](https://example.org/{name})"), "placeholder_lost", "body_de"),
        (Text(de="x" * 201), Text(de="y"), "too_long", "subject_de"),
    ],
)
def test_what_cannot_be_sent_is_said_when_it_is_saved(world, event, subject, body, code, field):
    """R19"""
    with pytest.raises(Invalid) as refused:
        draft(world, event, subject=subject, body=body)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_nobody_and_the_past_are_refused(world, event):
    with pytest.raises(Invalid, match="nobody"):
        go(world, event, draft(world, event, Audience(states=(State.OFFERED,))))
    with pytest.raises(Invalid, match="past"):
        go(world, event, draft(world, event), at=world.now)
    with pytest.raises(NotFound):
        go(world, world.event(), draft(world, event))


def test_who_gave_the_place_back_is_left_in_peace(world, event):
    guest = world.registrations(event)[0]
    registration.cancel(
        world.store,
        guest.id,
        CancelledBy.GUEST,
        actor="guest",
        now=world.now,
        identity=world.identity,
    )
    with pytest.raises(Invalid, match="nobody"):
        draft(world, event, Audience(states=(State.CANCELLED,)))
    events.call_off(world.store, event.id, Text(), actor=BY, now=world.now, identity=world.identity)
    assert draft(world, event, Audience(states=(State.CANCELLED,)))


def test_a_reader_gets_a_whole_letter_in_the_one_language_there_is(world):
    """R64"""
    event = world.event()
    world.register(event, language="en")
    mailing = draft(world, event, subject=Text(de="Hallo"), body=Text(de="Guten Tag {name}"))
    go(world, event, mailing)
    work(world)
    (letter,) = written(world, event)
    assert (letter.language, letter.facts.own_subject) == ("de", "Hallo")


def test_chosen_people_workshops_and_silence(world, event):
    _first, second, *_ = world.registrations(event)
    by_hand = Audience(states=(State.CONFIRMED,), people=(second.id,))
    assert [p.id for p in mailing_store.audience(world.store, event.id, by_hand)] == [second.id]
    programme = world.event()
    world.programme(programme)
    matching, quality = world.workshops(programme)
    world.register(programme, "Mit", sessions=(matching,))
    world.register(programme, "Ohne")
    named = lambda **wish: [  # noqa: E731
        p.name for p in mailing_store.audience(world.store, programme.id, Audience(**wish))
    ]
    assert named(workshops=(matching,)) == ["Mit"]
    assert named(workshops=(quality,)) == []
    assert named(without_workshop=True) == ["Ohne"]
    assert named(silent=True) == ["Mit", "Ohne"]
    guest = world.registrations(programme)[0]
    with world.store.changing():
        world.store.run(
            "UPDATE invites SET answer = 'ACCEPTED' WHERE registration_id = :id", id=guest.id
        )
    assert named(silent=True) == ["Ohne"]
    assert named(question="bus", answer="yes") == []


def test_a_reminder_goes_to_those_with_a_seat_at_its_time(world, event, office):
    remind(world, event, 2 * 24 * 60)
    world.now = event.starts_at - timedelta(days=2, seconds=1)
    assert work(world) == 0
    world.pass_time(seconds=1)
    assert work(world) == 3
    assert {letter.name for letter in written(world, event, LetterKind.REMINDER)} == {
        "Gast 0",
        "Gast 1",
        "Gast 2",
    }
    assert post.send_due(world.store, office, clock=lambda: world.now).sent == 3
    assert work(world) == 0


def test_who_was_confirmed_after_its_time_gets_no_reminder(world, event):
    remind(world, event, 60)
    world.now = event.starts_at - timedelta(minutes=30)
    registration.cancel(
        world.store,
        world.registrations(event)[0].id,
        CancelledBy.GUEST,
        actor="guest",
        now=world.now,
        identity=world.identity,
    )
    assert work(world) == 2, "who moved up just now has a letter that says all"


def test_no_reminder_after_the_start_or_for_a_meeting_called_off(world, event):
    remind(world, event, 60)
    world.now = event.starts_at
    assert work(world) == 0
    other = world.event(
        starts_at=world.now + timedelta(days=3), ends_at=world.now + timedelta(days=4)
    )
    world.register(other)
    remind(world, other, 60)
    events.call_off(world.store, other.id, Text(), actor=BY, now=world.now, identity=world.identity)
    world.now = other.starts_at - timedelta(minutes=30)
    assert work(world) == 0


def test_a_reminder_that_waited_too_long_is_not_sent(world, event, office):
    """A slow server must not deliver it after the beginning, nor to who gave the seat back."""
    remind(world, event, 60)
    world.now = event.starts_at - timedelta(minutes=10)
    assert work(world) == 3
    registration.cancel(
        world.store,
        world.registrations(event)[0].id,
        CancelledBy.GUEST,
        actor="guest",
        now=world.now,
        identity=world.identity,
    )
    empty_but_reminders(world)
    tally = post.send_due(world.store, office, clock=lambda: world.now, limit=2)
    assert (tally.sent, tally.dropped) == (1, 1)
    world.now = event.starts_at
    tally = post.send_due(world.store, office, clock=lambda: world.now)
    assert (tally.sent, tally.dropped) == (0, 1)


def empty_but_reminders(world):
    with world.store.changing():
        world.store.run("UPDATE letters SET state = 'sent' WHERE kind <> 'reminder'")


def test_a_reminder_follows_the_meeting(world, event, office):
    remind(world, event, 24 * 60)
    later = {
        "starts_at": event.starts_at + timedelta(days=7),
        "ends_at": event.ends_at + timedelta(days=7),
    }
    world.now = event.starts_at - timedelta(days=1)
    assert work(world) == 3
    post.send_due(world.store, office, clock=lambda: world.now)
    moved = world.change(event, **later)
    empty(world)
    assert work(world) == 0
    assert work(world) == 0
    world.now = moved.starts_at - timedelta(days=1)
    assert work(world) == 3
    assert len(written(world, event, LetterKind.REMINDER)) == 6
    reminders = mailing_store.of_event(world.store, event.id, MailingKind.REMINDER)
    assert [each.state for each in reminders] == [MailingState.SENT, MailingState.SENT]


def test_a_waiting_reminder_with_an_old_time_is_dropped_and_written_anew(world, event, office):
    remind(world, event, 60)
    world.now = event.starts_at - timedelta(minutes=50)
    work(world, limit=3)
    world.change(event, starts_at=event.starts_at + timedelta(minutes=5))
    empty_but_reminders(world)
    tally = post.send_due(world.store, office, clock=lambda: world.now)
    assert (tally.sent, tally.dropped) == (0, 3)
    assert work(world) == 3


def test_of_two_reminders_due_at_once_only_the_later_goes(world, event):
    remind(world, event, 7 * 24 * 60)
    remind(world, event, 24 * 60)
    world.now = event.starts_at - timedelta(hours=2)
    assert work(world) == 3
    assert work(world) == 0
    assert len(written(world, event, LetterKind.REMINDER)) == 3


def test_the_same_reminder_twice_is_one_and_a_late_one_is_refused(world, event):
    assert remind(world, event, 60) == remind(world, event, 60)
    world.now = event.starts_at - timedelta(hours=2)
    for minutes, code in ((0, "number"), (61 * 24 * 60, "number"), (24 * 60, "past")):
        with pytest.raises(Invalid, match=code):
            remind(world, event, minutes)


def test_letters_to_one_go_before_letters_to_many(world, event, office):
    mailing = draft(world, event)
    go(world, event, mailing)
    work(world)
    world.register(event, "Neu", "new@example.com")
    post.send_due(world.store, office, clock=lambda: world.now, limit=1)
    assert world.letters(event)[-1].state is LetterState.SENT
    assert {letter.state for letter in written(world, event)} == {LetterState.QUEUED}


def test_the_words_of_the_moment_of_queueing_stay(world, event, office):
    """R6: a wording that is changed while a letter waits changes nothing in it."""
    save = lambda words: wordings.save(  # noqa: E731
        world.store,
        Wording("waiting", event.id, body=Text(de=words)),
        actor=BY,
        now=world.now,
    )
    save("Bitte warten Sie, {name}.")
    world.register(event, "Neu", "new@example.com")
    first = post.compose(office, world.letters(event)[-1]).as_bytes()
    save("Etwas ganz anderes.")
    letter = world.letters(event)[-1]
    assert post.compose(office, letter).as_bytes() == first
    assert "Bitte warten Sie, Neu." in text_of(office, letter)


def text_of(office, letter):
    return post.compose(office, letter).get_body(("plain",)).get_content()


def test_a_deleted_person_is_not_named_in_a_message_to_them_alone(world, event):
    """R55"""
    guest = world.registrations(event)[0]
    mailing = draft(
        world, event, Audience(people=(guest.id,)), body=Text(de="Liebe Frau Gast 0!", en="x")
    )
    go(world, event, mailing)
    work(world)
    with world.store.changing():
        retention.anonymise(world.store, [guest.id], now=world.now)
    kept = mailing_store.by_id(world.store, mailing)
    assert (kept.subject, kept.body) == (Text(), Text())
    assert mailing_store.audience(world.store, event.id, kept.audience) == []
    assert "Gast 0" not in str(world.store.all("SELECT * FROM letters"))
