"""The letters' rooms at the desk: wordings, previews, reminders, messages, what failed."""

import re
from datetime import timedelta

import pytest

from eventkit.actions import mailing_rounds
from eventkit.model.letter import LetterKind, LetterState
from eventkit.model.mailing import MailingKind, MailingState
from eventkit.store import mailings, outbox, wordings

DESK = "/organise/events/mine/letters"


@pytest.fixture
def event(world, client):
    """A meeting with one guest, looked at by an organiser who is logged in."""
    event = world.event(slug="mine")
    world.register(event, "Ayşe Yılmaz", "ayse@example.com")
    world.login(client)
    return event


def post(client, path, **fields):
    token = client.token("/organise/account")
    return client.post(path, data={"csrf_token": token, **fields})


def words(**changes):
    return {
        "subject_de": "Ihr Platz bei {meeting}",
        "body_de": "Guten Tag {name}, *schön*!",
        "subject_en": "",
        "body_en": "",
    } | changes


def message(client, **changes):
    """A draft by the form; its number."""
    answer = post(client, f"{DESK}/new", **{**words(), "states": "confirmed", **changes})
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def test_a_wording_is_changed_for_one_meeting_and_taken_back(client, world, event):
    path = f"{DESK}/wordings/confirmed"
    assert "Guten Tag {name}," in client.get(path).text
    assert post(client, path, **words()).status_code == 303
    assert "Eigener Text" in client.get(f"{DESK}/wordings?lang=de").text
    world.register(event, "Bo Neu", "bo@example.com")
    assert world.letters(event)[-1].facts.own_body == "Guten Tag {name}, *schön*!"
    other = world.event()
    world.register(other)
    assert world.letters(other)[-1].facts.own_body == ""
    assert post(client, f"{path}/restore").status_code == 303
    assert wordings.every(world.store, event.id) == []


def test_the_organisation_s_words_are_for_every_meeting_without_its_own(client, world, event):
    assert post(client, "/organise/letters/wordings/confirmed", **words()).status_code == 303
    world.register(event, "Bo Neu", "bo@example.com")
    assert world.letters(event)[-1].facts.own_subject == "Ihr Platz bei {meeting}"
    assert "Text der Organisation" in client.get(f"{DESK}/wordings?lang=de").text


def test_the_standard_text_saved_unchanged_is_not_kept(client, world, event):
    page = client.get(f"{DESK}/wordings/waiting").text
    fields = dict.fromkeys(("subject_de", "subject_en", "body_de", "body_en"), "")
    for name in fields:
        found = re.search(
            rf'<(?:input|textarea)[^>]*name="{name}"[^>]*?(?:value="([^"]*)"[^>]*>|>\s*([^<]*)<)',
            page,
        )
        fields[name] = found[1] or found[2]
    assert all(fields.values())
    post(client, f"{DESK}/wordings/waiting", **fields)
    assert wordings.every(world.store, event.id) == []


def test_one_language_alone_leaves_the_other_its_standard_text(client, world, event):
    """R64"""
    post(client, f"{DESK}/wordings/confirmed", **words())
    world.register(event, "Ann", "ann@example.com", language="en")
    letter = world.letters(event)[-1]
    assert (letter.language, letter.facts.own_subject, letter.facts.own_body) == ("en", "", "")


def test_an_unknown_placeholder_is_named_with_all_that_are_known(client, world, event):
    """R19"""
    answer = post(client, f"{DESK}/wordings/confirmed", **words(body_de="Hallo {nmae}"))
    assert answer.status_code == 422
    assert "{nmae} ist nicht bekannt" in answer.text
    assert "{offered_until}" in answer.text
    assert "Hallo {nmae}" in answer.text, "what was typed is kept"
    assert wordings.every(world.store, event.id) == []


@pytest.mark.parametrize("path", [f"{DESK}/wordings/link", "/organise/letters/wordings/nothing"])
def test_letters_about_security_keep_their_words(client, world, event, path):
    assert client.get(path).status_code == 404


def test_a_preview_shows_a_real_person_and_can_do_nothing(client, world, event):
    guest = world.registrations(event)[0]
    path = f"{DESK}/wordings/confirmed/preview"
    answer = client.get(f"{path}?person={guest.id}&shown=de")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "Ayşe Yılmaz" in answer.text
    assert "my/" not in answer.text, "nobody's link"
    plain = client.get(f"{path}?person={guest.id}&shown=en-text")
    assert plain.mimetype == "text/plain"
    assert "Hello Ayşe Yılmaz," in plain.text
    page = client.get(f"{DESK}/wordings/confirmed")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_what_is_typed_is_previewed_without_being_saved(client, world, event):
    path = f"{DESK}/wordings/confirmed/preview"
    answer = post(client, path, **words(body_de="Noch **nicht** gespeichert"), shown="de")
    assert "Noch <strong>nicht</strong> gespeichert" in answer.text
    assert wordings.every(world.store, event.id) == []


def test_a_person_of_another_meeting_is_not_shown(client, world, event):
    """R10"""
    theirs = world.event(slug="theirs")
    world.register(theirs, "Fremde Person", "fremd@example.com")
    other = world.registrations(theirs)[0]
    for person in (other.id, "9" * 30, "x"):
        answer = client.get(f"{DESK}/wordings/confirmed/preview?person={person}&shown=de-text")
        assert "Fremde" not in answer.text
        assert "Ayşe Beispiel" in answer.text


@pytest.mark.parametrize("kind", ["confirmed", "waiting", "called_off", "reminder", "changed"])
def test_every_wording_can_be_seen_without_any_meeting(client, world, event, kind):
    path = f"/organise/letters/wordings/{kind}"
    assert client.get(path).status_code == 200
    for shown in ("de", "en", "de-text", "en-text"):
        assert client.get(f"{path}/preview?shown={shown}").status_code == 200


def test_a_test_goes_to_oneself_alone_and_enters_no_calendar(client, world, event):
    guest = world.registrations(event)[0]
    path = f"{DESK}/wordings/confirmed/test"
    answer = post(client, path, **words(), person=str(guest.id), shown="de")
    assert answer.status_code == 200
    letter = world.letters(event)[-1]
    assert (letter.email, letter.name) == ("organiser@example.org", "Organisatorin")
    assert (letter.method, letter.nonce, letter.registration_id) == (None, b"", None)
    assert letter.facts.trial
    assert letter.facts.uid == ""
    assert "Ayşe" not in str(letter)
    assert wordings.every(world.store, event.id) == []
    page = client.get(f"{DESK}/{letter.id}").text
    assert "Test: Ihr Platz bei" in page


def test_reminders_are_one_click_away_and_come_out_again(client, world, event):
    assert "7 Tage vorher" in client.get(f"{DESK}/reminders?lang=de").text
    assert post(client, f"{DESK}/reminders", before="7", unit="days").status_code == 303
    (reminder,) = mailings.of_event(world.store, event.id, MailingKind.REMINDER)
    assert reminder.before_minutes == 7 * 24 * 60
    assert "Geplant" in client.get(f"{DESK}/reminders").text
    assert post(client, f"{DESK}/reminders/{reminder.id}/remove").status_code == 303
    assert mailings.of_event(world.store, event.id, MailingKind.REMINDER) == []
    world.now = event.starts_at - timedelta(days=1)
    world.login(client, "second@example.org")
    refused = post(client, f"{DESK}/reminders", before="2", unit="days")
    assert refused.status_code == 422
    assert "schon vorbei" in refused.text
    assert post(client, f"{DESK}/reminders", before="", unit="days").status_code == 422


def test_a_message_is_written_looked_at_and_sent(client, world, event):
    number = message(client)
    page = client.get(f"{DESK}/messages/{number}?lang=de").text
    assert "Jetzt an 1 Person senden" in page
    assert "ayse@example.com" in page
    seen = client.get(f"{DESK}/messages/{number}/preview?shown=de-text").text
    assert seen.startswith("Ihr Platz bei Netzwerktreffen")
    assert post(client, f"{DESK}/messages/{number}/send", when="now").status_code == 303
    mailing_rounds.write_due(world.store, now=world.now, identity=world.identity)
    assert world.letters(event)[-1].kind is LetterKind.MESSAGE
    assert "1 geschrieben" in client.get(f"{DESK}/messages/{number}").text
    assert client.get(f"{DESK}/messages/{number}/change").status_code == 303


def test_a_message_is_counted_without_being_kept(client, world, event):
    answer = post(client, f"{DESK}/new", **words(), states="confirmed", then="count")
    assert "1 Person würde sie jetzt bekommen." in answer.text
    assert mailings.of_event(world.store, event.id, MailingKind.MESSAGE) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"body_de": ""}, "Betreff und Text gehören zusammen"),
        ({"states": ""}, "Bitte wählen Sie, wer."),
        ({"people": "who@example.com"}, "Nicht zu diesem Treffen angemeldet: who@example.com"),
        ({"body_de": "{nobody}"}, "{nobody} ist nicht bekannt"),
        ({"subject_de": "x" * 300}, "x" * 300),
    ],
)
def test_what_is_wrong_with_a_message_is_said_and_kept(client, world, event, fields, said):
    sent = {**words(), "states": "confirmed", **fields}
    sent = {name: value for name, value in sent.items() if name != "states" or value}
    answer = post(client, f"{DESK}/new", **sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Ihr Platz bei {meeting}" in answer.text or "xxx" in answer.text


def test_a_message_is_scheduled_in_the_meeting_s_time_and_stopped(client, world, event):
    number = message(client)
    path = f"{DESK}/messages/{number}"
    for on, at in (("2026-09-01", "09:59"), ("", ""), ("2026-10-25", "02:30")):
        refused = post(client, f"{path}/send", when="later", on=on, at=at)
        assert refused.status_code == 422, (on, at)
    assert (
        post(client, f"{path}/send", when="later", on="2026-09-02", at="10:00").status_code == 303
    )
    planned = mailings.by_id(world.store, number)
    assert planned.due_at.isoformat() == "2026-09-02T08:00:00+00:00"
    assert post(client, f"{path}/hold/pause").status_code == 303
    assert mailings.by_id(world.store, number).state is MailingState.PAUSED
    assert post(client, f"{path}/hold/stop").status_code == 303
    assert mailings.by_id(world.store, number).state is MailingState.DRAFT
    assert post(client, f"{path}/hold/whatever").status_code == 404
    assert post(client, f"{path}/remove").location.endswith("/letters/messages")


def test_a_message_to_nobody_is_not_sent_and_a_sent_one_not_again(client, world, event):
    number = message(client, states="waiting")
    path = f"{DESK}/messages/{number}"
    assert "Niemand" in client.get(f"{path}?lang=de").text
    assert post(client, f"{path}/send", when="now").status_code == 422
    assert post(client, f"{path}/send", when="later", on="", at="").status_code == 422
    number = message(client)
    path = f"{DESK}/messages/{number}"
    for when in ("now", "now", "later"):
        assert post(client, f"{path}/send", when=when).status_code == 303
    assert mailings.by_id(world.store, number).due_at == world.now


def test_a_test_of_a_message_goes_to_oneself(client, world, event):
    number = message(client)
    assert post(client, f"{DESK}/messages/{number}/test", shown="en").status_code == 303
    letter = world.letters(event)[-1]
    assert letter.email == "organiser@example.org"
    assert letter.language == "de", "the only language there is"
    assert letter.mailing_id is None


def test_ready_texts_and_one_person_are_starts(client, world, event):
    for ready in ("practical", "workshops", "waiting", "thanks"):
        assert "{name}" in client.get(f"{DESK}/new?ready={ready}").text
    guest = world.registrations(event)[0]
    assert "ayse@example.com" in client.get(f"{DESK}/new?person={guest.id}").text
    theirs = world.event(slug="theirs")
    world.register(theirs, "Fremde", "fremd@example.com")
    other = world.registrations(theirs)[0]
    assert "fremd@example.com" not in client.get(f"{DESK}/new?person={other.id}").text


def test_messages_of_another_meeting_are_not_there(client, world, event):
    """R10"""
    number = message(client)
    post(client, f"{DESK}/reminders", before="7", unit="days")
    (reminder,) = mailings.of_event(world.store, event.id, MailingKind.REMINDER)
    world.event(slug="theirs")
    theirs = "/organise/events/theirs/letters"
    for path in ("", "/change", "/preview"):
        assert client.get(f"{theirs}/messages/{number}{path}").status_code == 404
    for path in ("/send", "/hold/stop", "/retry", "/remove", "/test", "/change"):
        assert post(client, f"{theirs}/messages/{number}{path}").status_code == 404
    assert post(client, f"{theirs}/reminders/{reminder.id}/remove").status_code == 404
    assert mailings.by_id(world.store, number) is not None


def test_a_failed_letter_says_why_and_goes_to_the_right_address(client, world, event):
    (letter,) = world.letters(event)
    with world.store.changing():
        outbox.failed(world.store, letter.id, error="550 no such user")
    page = client.get(f"{DESK}/{letter.id}").text
    assert "550 no such user" in page
    wrong = post(client, f"{DESK}/{letter.id}/address", email="not an address")
    assert wrong.status_code == 422
    assert "not an address" in wrong.text
    right = post(client, f"{DESK}/{letter.id}/address", email="ayse.yilmaz@example.com")
    assert right.status_code == 303
    (again,) = world.letters(event)
    assert (again.email, again.state) == ("ayse.yilmaz@example.com", LetterState.QUEUED)
    assert again.message_id == letter.message_id
    assert world.registrations(event)[0].email == "ayse.yilmaz@example.com"


def test_an_address_somebody_else_has_is_refused(client, world, event):
    world.register(event, "Bo", "bo@example.com")
    letter = world.letters(event)[0]
    with world.store.changing():
        outbox.failed(world.store, letter.id, error="550")
    refused = post(client, f"{DESK}/{letter.id}/address", email="BO@example.com")
    assert refused.status_code == 422
    assert world.registrations(event)[0].email == "ayse@example.com"
