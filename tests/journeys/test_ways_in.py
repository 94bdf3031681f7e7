"""Codes, invitations, colleagues and the letter when it opens, as people meet them, by form."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from eventkit.actions import openings
from eventkit.model.letter import LetterKind
from eventkit.model.places import OpenTo
from eventkit.model.registration import State
from eventkit.store import codes as code_store
from eventkit.store import invitations as invitation_store
from eventkit.store import openings as opening_store
from tests.actions.test_places import group, named, states
from tests.actions.test_ways import closed, code, invite, kinds, party_of, token


@pytest.fixture
def send(client):
    """Post a form as a browser without JavaScript would: `send(path, at="…", name=…)`."""

    def fill(path, at=None, **fields):
        data = {"csrf_token": client.token(at or path)} | fields
        return client.post(path, data=data)

    return fill


def guest(**fields):
    return {"name": "Anna Müller", "email": "anna@example.com", "consent_privacy": "y"} | fields


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


# --- closed meetings and codes ----------------------------------------------------------------


def test_a_closed_meeting_says_so_kindly_and_takes_a_code(client, world, send):
    event = closed(world, world.event())
    press = group(world, event, "Presse", OpenTo.CODE)
    code(world, event, "KRTM-7H2P", group_id=press)
    page = f"/events/{event.slug}/"
    assert "Nur mit persönlicher Einladung oder einem Code." in text(client.get(f"{page}?lang=de"))
    path = f"{page}register"
    shown = client.get(f"{path}?lang=de")
    assert shown.status_code == 200
    assert "Dieses Treffen ist auf Einladung" in text(shown)
    assert "office@example.org" in text(shown)
    refused = send(path, **guest())
    assert refused.status_code == 409
    assert 'name="code"' in refused.text
    wrong = send(path, code="falsch123", do="code")
    assert wrong.status_code == 422
    assert "Dieser Code öffnet hier nichts." in text(wrong)
    right = send(path, code="krtm 7h2p", do="code")
    assert right.status_code == 200
    assert "Dieser Code gilt." in text(right)
    assert "Sie melden sich an als: Presse" in text(right)
    assert world.registrations(event) == []
    by_link = client.get(f"{path}?code=KRTM-7H2P")
    assert 'value="KRTM-7H2P"' in by_link.text
    kept = send(path, f"{path}?code=x", **guest(code="falsch123"))
    assert kept.status_code == 422
    assert "Anna Müller" in kept.text
    assert send(path, f"{path}?code=x", **guest(code="krtm7h2p")).status_code == 303
    assert named(world, event, "Anna Müller").group_id == press


def test_r39_a_guesser_of_codes_is_stopped(client, world, send):
    event = closed(world, world.event())
    path = f"/events/{event.slug}/register"
    answers = [send(path, code=f"geraten{n}", do="code").status_code for n in range(21)]
    assert answers == [422] * 20 + [429]


# --- several people ---------------------------------------------------------------------------


def test_colleagues_are_registered_with_one_form(client, world, send):
    event = party_of(world, world.event(capacity=2), 3)
    path = f"/events/{event.slug}/register"
    one = send(path, **guest(do="more", name="Anna"))
    assert one.status_code == 200
    assert 'value="Anna"' in one.text
    assert 'name="party_name-0"' in one.text
    bo = {"party_name-0": "Bo", "party_email-0": "bo@example.com"}
    cleo = {"party_name-1": "Cleo", "party_email-1": "cleo@example"}
    two = send(path, **guest(do="more", **bo))
    assert 'name="party_email-1"' in two.text
    assert 'value="more"' not in two.text, "three at most"
    less = send(path, **guest(do="less-0", **bo, **cleo))
    assert 'value="Cleo"' in less.text
    assert 'value="Bo"' not in less.text
    refused = send(path, **guest(**bo, **cleo))
    assert refused.status_code == 422
    assert "Person 3" in refused.text
    cleo["party_email-1"] = "cleo@example.com"
    refused = send(path, **guest(**bo, **cleo))
    assert 'href="#consent_party"' in refused.text
    form = client.get(path).text
    attempt = re.search(r'name="attempt"[^>]*value="([^"]+)"', form)[1]
    whole = guest(consent_party="y", attempt=attempt, **bo, **cleo)
    for _ in range(2):  # R3
        assert send(path, **whole).status_code == 303
        told = text(client.get(f"/events/{event.slug}/registered?lang=de"))
        assert "Bo Bestätigt" in told
        assert "Cleo Warteliste Platz 1 in der Reihe" in told
    assert states(world, event) == "ccw"
    assert kinds(world, event).count(LetterKind.CONFIRMED) == 2
    world.login(client)
    one = named(world, event, "Bo")
    seen = text(client.get(f"/organise/events/{event.slug}/attendees/{one.id}"))
    assert "Zusammen angemeldet mit Anna Müller , Cleo" in seen


def test_the_form_asks_for_nobody_else_where_it_may_not(client, world, send):
    event = world.event()
    path = f"/events/{event.slug}/register"
    page = client.get(path).text
    for absent in ('name="do"', 'name="code"', "party_name"):
        assert absent not in page
    assert (
        send(path, **guest(**{"party_name-0": "Bo", "party_email-0": "b@x.org"})).status_code == 303
    )
    assert len(world.registrations(event)) == 1


# --- invitations ------------------------------------------------------------------------------


def test_an_organiser_invites_a_list_after_seeing_it(client, world, send):
    event = world.event()
    world.register(event, "Lea", "lea@example.com")
    world.login(client)
    base = f"/organise/events/{event.slug}/invitations"
    assert "Nobody is invited yet" in text(client.get(f"{base}?lang=en"))
    empty = send(f"{base}/new")
    assert empty.status_code == 422
    table = "Name;E-Mail;Organisation\r\nJürgen Öz;j@example.org;Verein\r\nLea;lea@example.com;\r\n"
    data = {
        "csrf_token": client.token(f"{base}/new"),
        "file": (BytesIO(table.encode("cp1252")), "gäste.csv"),
        "language": "de",
        "group": "0",
    }
    there = client.post(f"{base}/new", data=data).location
    page = client.get(there)
    assert "1 person would get this invitation." in text(page)
    assert "registered already" in text(page)
    assert "Sie sind eingeladen" in text(page)
    assert "[persönlicher Link]" in text(page)
    seen = re.search(r'name="seen" value="(\w+)"', page.text)[1]
    done = send(there, seen=seen, language="de")
    assert (done.status_code, kinds(world, event)) == (
        303,
        [LetterKind.CONFIRMED, LetterKind.INVITATION],
    )
    assert client.get(there).status_code == 404, "the list is gone"
    shown = text(client.get(base))
    assert "Jürgen Öz" in shown
    assert "Jürgen Öz" in client.get(f"{base}.csv").get_data(as_text=True)
    typed = send(
        f"{base}/new", people="=HYPERLINK@x\nMax <max@example.org>", language="en", group="0"
    )
    page = client.get(typed.location)
    assert "1 line has to be mended" in text(page)
    seen = re.search(r"seen", page.text)
    assert seen is None
    dropped = send(f"{typed.location.partition('?')[0]}/drop", at=typed.location)
    assert dropped.status_code == 303
    found = invitation_store.of_event(world.store, event.id)[0]
    assert "Take back" in text(client.get(f"{base}/{found.id}/revoke?lang=en"))
    assert send(f"{base}/{found.id}/revoke").status_code == 303
    assert (
        client.get(
            f"/organise/events/{world.event().slug}/invitations/{found.id}/revoke"
        ).status_code
        == 404
    )


def test_an_invited_person_answers_without_an_account(client, world, send):
    """R15"""
    event = closed(world, world.event())
    invite(world, event, "Anna Kim; anna@example.com; Verein")
    own = f"/invitation/{token(world, event)}/"
    page = client.get(f"{own}?lang=de")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "Anna Kim" in text(page)
    assert invitation_store.of_event(world.store, event.id)[0].declined_at is None
    too_long = send(f"{own}decline", at=own, word="x" * 501)
    assert too_long.status_code == 422
    assert "x" * 501 in too_long.text
    assert send(f"{own}decline", at=own, word="Leider im Urlaub <b>").status_code == 303
    assert "Leider im Urlaub &lt;b&gt;" in client.get(own).text
    form = client.get(f"{own}register")
    assert 'value="Anna Kim"' in form.text
    assert 'name="email"' not in form.text
    wanted = guest(name="Anna Kim", email="fremd@example.com", organisation="Verein")
    assert send(f"{own}register", **(wanted | {"name": ""})).status_code == 422
    answer = send(f"{own}register", **wanted)
    assert (answer.status_code, answer.location) == (303, f"/events/{event.slug}/registered")
    (found,) = world.registrations(event)
    assert (found.email, found.state) == ("anna@example.com", State.CONFIRMED)
    assert "Sie haben zugesagt" in text(client.get(own))
    assert client.get(f"{own}register").status_code == 303
    again = (
        send(f"{own}decline", at=own, word="") if 'name="word"' in client.get(own).text else None
    )
    assert again is None
    world.login(client)
    base = f"/organise/events/{event.slug}/invitations"
    assert "Anna Kim" in text(client.get(f"{base}?state=yes"))
    assert "Anna Kim" not in text(client.get(f"{base}?state=silent"))


def test_wrong_revoked_and_foreign_links_look_alike(client, world):
    """R11"""
    event = world.event()
    invite(world, event)
    link = token(world, event)
    found = invitation_store.of_event(world.store, event.id)[0]
    with world.store.changing():
        invitation_store.revoke(world.store, found.id, now=world.now)
    guest_link = world.register(event).token
    pages = {
        client.get(f"/{door}/{wrong}/{rest}").get_data(as_text=True)
        for door, rest in (("invitation", ""), ("invitation", "register"), ("opening", ""))
        for wrong in (link, guest_link, "x" * 43)
    }
    assert len({re.sub(r'href="[^"]*"', "", page) for page in pages}) == 1


def test_organisers_remind_only_the_silent(client, world, send):
    event = world.event()
    invite(world, event, "Anna; anna@example.com\nBo; bo@example.com")
    with world.store.changing():
        world.store.run("UPDATE letters SET state = 'sent', sent_at = created_at")
    world.pass_time(days=3)
    world.login(client)
    base = f"/organise/events/{event.slug}/invitations"
    assert "Remind 2 people" in text(client.get(f"{base}?lang=en"))
    page = client.get(f"{base}/remind").text
    ids = re.findall(r'name="invitation" value="(\d+)"', page)
    assert len(ids) == 2
    assert send(f"{base}/remind", invitation=ids[0]).status_code == 303
    assert kinds(world, event).count(LetterKind.INVITATION_REMINDER) == 1
    assert send(f"{base}/remind", invitation=ids).status_code == 303
    assert kinds(world, event).count(LetterKind.INVITATION_REMINDER) == 2


def test_an_organisation_words_its_invitations_itself(client, world, send):
    event = world.event()
    world.login(client)
    path = f"/organise/events/{event.slug}/letters/wordings/invitation"
    assert client.get(path).status_code == 200
    words = {"subject_de": "Kommen Sie, {name}?", "body_de": "Liebe*r {name},\n\n*{meeting}* ruft."}
    assert send(path, **words).status_code == 303
    invite(world, event, "Anna Kim; anna@example.com")
    (letter,) = world.letters(event)
    seen = text(client.get(f"/organise/events/{event.slug}/letters/{letter.id}"))
    assert "Kommen Sie, Anna Kim?" in seen
    assert "Auf die Einladung antworten" in seen


# --- codes at the desk ------------------------------------------------------------------------


def test_an_organiser_makes_changes_and_ends_a_code(client, world, send):
    event = world.event()
    members = group(world, event, "Mitglieder", OpenTo.CODE)
    world.login(client)
    base = f"/organise/events/{event.slug}/codes"
    assert "No codes yet" in text(client.get(f"{base}?lang=en"))
    proposed = re.search(r'name="code"[^>]*value="([^"]+)"', client.get(f"{base}/new").text)[1]
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", proposed)
    short = send(f"{base}/new", code="abc", group="0", uses="0", note="bleibt da")
    assert short.status_code == 422
    assert 'value="bleibt da"' in short.text
    late = {"until_day": "2026-10-31", "uses": "20", "note": "Rundbrief"}
    made = send(f"{base}/new", code=proposed, group=str(members), **late)
    assert made.status_code == 303
    page = client.get(made.location)
    assert f"/events/{event.slug}/register?code={proposed}" in page.text
    (found,) = code_store.of_event(world.store, event.id)
    assert found.valid_until is not None
    assert found.valid_until.isoformat() == "2026-10-31T23:00:00+00:00", "the end of that day"
    world.register(event, "Anna", code=proposed)
    assert "Anna" in text(client.get(made.location))
    taken = send(f"{base}/new", code=proposed.lower(), group="0")
    assert taken.status_code == 422
    assert (
        send(f"{made.location}/edit", code=proposed, group=str(members), uses="1").status_code
        == 303
    )
    assert "Used up" in text(client.get(f"{base}?lang=en"))
    assert send(f"{made.location}/end").status_code == 303
    assert "Ended" in text(client.get(f"{base}?lang=en"))
    assert send(f"{made.location}/reopen", at=made.location).status_code == 303
    other = world.event()
    assert client.get(f"/organise/events/{other.slug}/codes/{found.id}").status_code == 404


def test_an_organiser_closes_a_meeting_and_allows_parties(client, world, send):
    event = world.event()
    world.login(client)
    path = f"/organise/events/{event.slug}/admission"
    assert send(path, admission="closed", party_size="21").status_code == 422
    assert send(path, admission="nobody", party_size="2").status_code == 422
    assert send(path, admission="closed", party_size="4").status_code == 303
    changed = world.again(event)
    assert (changed.admission.value, changed.party_size) == ("closed", 4)


# --- the letter when it opens -----------------------------------------------------------------


def test_somebody_is_told_once_and_never_again(client, world, send):
    """R15"""
    event = world.event(opens_at=world.now + timedelta(days=2))
    page = f"/events/{event.slug}/"
    assert f"{page}opening" in client.get(page).text
    assert f"{page}opening" in client.get(f"{page}register").text
    bad = send(f"{page}opening", email="kein")
    assert bad.status_code == 422
    assert 'value="kein"' in bad.text
    answers = [send(f"{page}opening", email=a) for a in ("anna@example.com", "anna@example.com")]
    assert {answer.location for answer in answers} == {f"{page}opening/asked"}
    assert client.get(f"{page}opening/asked").status_code == 200
    assert opening_store.count(world.store, event.id) == 1
    world.pass_time(days=2)
    assert client.get(f"{page}opening").status_code == 303
    assert f"{page}opening" not in client.get(page).text
    openings.write_due(world.store, now=world.now, identity=world.identity)
    (letter,) = world.letters(event)
    link = f"/opening/{world.identity.token('opening', letter.nonce)}/"
    assert client.get(link).headers["Cache-Control"] == "private, no-store"
    count = "SELECT count(*) FROM opening_refusals"
    assert world.store.value(count) == 0, "opening the link changes nothing"
    assert send(link).status_code == 200
    assert world.store.value(count) == 1
