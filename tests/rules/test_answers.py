"""What an answer means: every case of state, rule, version and date, one by one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkit.model.answers import DeclineRule, Held, Record, Sent
from eventkit.model.letter import LetterState, Method
from eventkit.model.registration import State
from eventkit.rules import answers
from eventkit.rules.answers import Effect, Known, Said
from tests.documents import samples

NOW = datetime(2027, 1, 18, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def said(partstat="ACCEPTED", *, sequence=1, stamp=NOW, method="REPLY", **who):
    given = {"attendee": "Ada@example.com", "sender": "ada@example.com", **who}
    return Said(method, partstat, sequence, stamp, **given)


def known(state=State.CONFIRMED, **more):
    values = {"email": "ada@example.com", "ends_at": NOW + 24 * HOUR, "sent": (0, 1), **more}
    return Known(state=state, **values)


def judged(what, whom, rule=DeclineRule.AT_ONCE):
    return answers.judge(what, whom, rule, now=NOW)


@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE"])
@pytest.mark.parametrize("state", [State.CONFIRMED, State.WAITING, State.OFFERED])
def test_a_yes_and_a_perhaps_are_kept(partstat, state):
    assert judged(said(partstat), known(state)) is Effect.STORE


@pytest.mark.parametrize(
    ("rule", "effect"),
    [
        (DeclineRule.AT_ONCE, Effect.FREE),
        (DeclineRule.CONFIRM, Effect.ASK),
        (DeclineRule.NOTE, Effect.NOTE),
    ],
)
def test_a_no_follows_the_rule_of_the_meeting(rule, effect):
    assert judged(said("DECLINED"), known(), rule) is effect


def test_a_no_to_a_former_version_only_asks():
    assert judged(said("DECLINED", sequence=0), known()) is Effect.ASK
    assert judged(said("DECLINED", sequence=0), known(), DeclineRule.NOTE) is Effect.NOTE


@pytest.mark.parametrize(
    "who",
    [
        {"attendee": "alias@example.com"},
        {"sender": "boss@example.com"},
        {"sender": ""},
        {"attendee": "", "sender": ""},
    ],
)
def test_another_address_moves_nothing(who):
    assert judged(said("DECLINED", **who), known()) is Effect.STRANGER


@pytest.mark.parametrize("sequence", [2, 99, -1])
def test_a_version_that_was_never_sent_moves_nothing(sequence):
    assert judged(said("DECLINED", sequence=sequence), known()) is Effect.NEVER_SENT


@pytest.mark.parametrize(
    ("sequence", "stamp"),
    [(0, NOW + HOUR), (1, NOW - timedelta(seconds=1)), (1, None)],
)
def test_what_is_older_than_the_last_answer_is_ignored(sequence, stamp):
    before = known(last_sequence=1, last_stamp=NOW, last_answer="ACCEPTED")
    assert judged(said("DECLINED", sequence=sequence, stamp=stamp), before) is Effect.OUTDATED


def test_a_newer_answer_counts_and_the_same_one_twice_does_not():
    before = known(last_sequence=1, last_stamp=NOW, last_answer="DECLINED")
    assert judged(said("DECLINED"), before) is Effect.REPEATED
    assert judged(said("ACCEPTED", stamp=NOW + HOUR), before) is Effect.STORE
    assert judged(said("DECLINED", sequence=1), known(last_sequence=0, last_stamp=NOW + HOUR)) is (
        Effect.FREE
    )


def test_what_comes_after_the_end_moves_nothing():
    assert judged(said("DECLINED"), known(ends_at=NOW)) is Effect.OVER
    assert judged(said("DECLINED"), known(State.ATTENDED)) is Effect.OVER
    assert judged(said("DECLINED"), known(State.CANCELLED)) is Effect.SILENT
    assert judged(said("ACCEPTED"), known(State.CANCELLED)) is Effect.ENDED


def test_proposals_and_delegates_are_for_a_person():
    assert judged(said("DECLINED", method="COUNTER"), known()) is Effect.COUNTER
    assert judged(said("DELEGATED"), known()) is Effect.DELEGATED
    assert judged(said("NEEDS-ACTION"), known()) is Effect.SILENT
    assert {Effect.COUNTER, Effect.DELEGATED, Effect.STRANGER} <= answers.FOR_A_PERSON


@given(
    st.sampled_from(["ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "NEEDS-ACTION"]),
    st.integers(-2, 4),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(list(State)),
    st.sampled_from(list(DeclineRule)),
    st.booleans(),
)
def test_only_a_timely_no_of_the_invited_to_the_newest_version_frees(
    partstat, sequence, stamp, state, rule, own
):
    sender = "ada@example.com" if own else "eve@example.com"
    effect = judged(
        said(partstat, sequence=sequence, stamp=stamp, sender=sender), known(state), rule
    )
    live = state in (State.CONFIRMED, State.WAITING, State.OFFERED, State.REQUESTED)
    frees = own and partstat == "DECLINED" and sequence == 1 and rule is DeclineRule.AT_ONCE
    assert (effect is Effect.FREE) is (frees and live)


def sent(sequence, method=Method.REQUEST, state=LetterState.SENT, *, event=0, error=""):
    delivered = NOW if state is LetterState.SENT else None
    return Sent(sequence + 1, method, sequence, event, NOW, delivered, 1, state, error)


def record(state, *sents, sequence=None):
    top = max((s.sequence for s in sents), default=0) if sequence is None else sequence
    return Record(1, "Ada", "ada@example.com", state, top, sents)


FAILED, QUEUED = LetterState.FAILED, LetterState.QUEUED


@pytest.mark.parametrize(
    ("what", "truth"),
    [
        (record(State.CONFIRMED, sent(0, event=1)), Held.CURRENT),
        (record(State.CONFIRMED, sent(0), sent(1, event=1)), Held.CURRENT),
        (record(State.CONFIRMED, sent(0), sent(1, state=FAILED, event=1)), Held.OLD),
        (record(State.CONFIRMED, sent(0), sent(1, state=QUEUED, event=1)), Held.ON_THE_WAY),
        (record(State.CONFIRMED, sent(0), sent(1, state=QUEUED, event=1, error="450")), Held.OLD),
        (record(State.CONFIRMED, sent(0)), Held.OLD),
        (record(State.CONFIRMED, sent(0, event=1), sequence=2), Held.OLD),
        (record(State.WAITING, sent(0, state=FAILED, event=1)), Held.MISSING),
        (record(State.CONFIRMED), Held.MISSING),
        (record(State.CANCELLED, sent(0), sent(1, Method.CANCEL)), Held.NOTHING),
        (record(State.CANCELLED, sent(0), sent(1, Method.CANCEL, FAILED)), Held.LEFT_OVER),
        (record(State.CANCELLED, sent(0), sent(1, Method.CANCEL, QUEUED)), Held.ON_THE_WAY),
        (record(State.CANCELLED), Held.NOTHING),
        (record(State.REQUESTED), Held.NOTHING),
    ],
)
def test_the_recorder_tells_who_holds_what(what, truth):
    event = samples.EVENT  # its SEQUENCE is 1
    assert answers.held(what, event) is truth


def test_a_mailbox_that_is_down_is_left_alone_longer_and_longer():
    pauses = [answers.pause(n).total_seconds() / 60 for n in (0, 1, 2, 5, 6, 50)]
    assert pauses == [1, 2, 4, 32, 60, 60]
