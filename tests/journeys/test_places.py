"""Groups, companions, second wishes, offers and the waiting list, as people meet them."""

import re

import pytest

from eventkit.actions import offers
from eventkit.model.places import OpenTo
from eventkit.model.registration import Source, State
from eventkit.store import quotas
from tests.actions.test_places import group, leave, limits, named, quota, states, told


@pytest.fixture
def send(client):
    """Post a form as a browser without JavaScript would: `send(path, at="…", name=…)`."""

    def fill(path, at=None, **fields):
        data = {"csrf_token": client.token(at or path)} | fields
        return client.post(path, data=data)

    return fill


def guest(**fields):
    return {"name": "Anna Müller", "email": "anna@example.com", "consent_privacy": "y"} | fields


def test_too_many_companions_are_refused_in_one_language(client, world, send):
    """R64"""
    event = limits(world, world.event(capacity=9), companions=2, per_organisation=1)
    path = f"/events/{event.slug}/register"
    client.get(f"{path}?lang=de")
    refused = send(path, **guest(organisation="VfN", **{"companions-0": "Kim"})).text
    assert "So viele Plätze zusammen gibt es nicht." in refused
    assert "Companions" not in refused


def test_the_form_stays_short_where_nothing_is_set_up(client, world):
    event = world.event()
    world.programme(event, capacity=None)
    page = client.get(f"/events/{event.slug}/register?lang=de").text
    for absent in ('name="group"', 'name="second"', 'name="companions', "Zweitwunsch"):
        assert absent not in page


def test_a_guest_chooses_group_workshops_and_who_comes_along(client, world, send):
    event = limits(world, world.event(capacity=20), companions=2)
    world.programme(event, capacity=1)
    one, two = world.workshops(event)
    members, guests = group(world, event, "Mitglieder"), group(world, event, "Gäste")
    group(world, event, "Presse", OpenTo.CODE)
    quota(world, event, 2, guests)
    world.register(event, "Erste", sessions=(one,), group=members)
    path = f"/events/{event.slug}/register"
    page = client.get(f"{path}?lang=de").text
    assert "Gäste · 2 Plätze frei" in page
    assert "Presse" not in page
    assert send(path, **guest()).status_code == 422
    both = send(path, **guest(name="")).text  # all that is wrong is said at once
    assert "Bitte wählen Sie, wie Sie teilnehmen." in both
    assert 'href="#name"' in both
    assert "Bitte wählen Sie, wie Sie teilnehmen." in send(path, **guest()).text
    too_many = {"companions-0": "Kim", "companions-1": "Lee", "companions-2": "Mo"}
    refused = send(path, **guest(group=guests, **too_many))
    assert "mehr Personen, als Sie mitbringen können" in refused.text
    assert 'value="Mo"' in refused.text
    wanted = guest(group=guests, sessions=one, second=["", two], **{"companions-0": "Kim Lee"})
    assert send(path, **wanted).status_code == 303
    found = named(world, event, "Anna Müller")
    assert (found.state, found.places, found.companions) == (State.CONFIRMED, 2, ("Kim Lee",))
    assert [(c.item_id, c.wish, c.confirmed) for c in found.choices] == [
        (one, 1, False),
        (two, 2, True),
    ]
    assert "Gäste · ausgebucht, Warteliste" in client.get(f"{path}?lang=de").text
    token = client.get(f"/events/{event.slug}/registered/mine").headers["Location"]
    mine = client.get(token).text
    for said in ("Kim Lee", "Gäste", "Platz 1", "Zweitwunsch"):
        assert said in mine
    data = client.get(f"{token}data.json").json["registration"]
    assert (data["group"], data["places"], data["companions"]) == ("Gäste", 2, ["Kim Lee"])


@pytest.mark.parametrize("typed", ["x", "-1", "999999999999", "0", "1 OR 1=1"])
def test_hostile_choices_are_refused_kindly(client, world, send, typed):
    event = world.event()
    group(world, event, "Mitglieder")
    for field in ("group", "second", "sessions"):
        answer = send(f"/events/{event.slug}/register", **guest(**{field: typed}))
        assert answer.status_code == 422
    assert world.registrations(event) == []


def test_an_offer_is_taken_with_one_button(client, world, send):
    """R15"""
    event = limits(world, world.event(capacity=1), offer_hours=24)
    world.register(event, "Erste")
    path = f"/events/{event.slug}/register"
    assert "bieten wir ihn der ersten Person auf der Liste" in client.get(f"{path}?lang=de").text
    second, third = world.register(event, "Zweite"), world.register(event, "Dritte")
    leave(world, event, "Erste")
    mine = f"/my/{second.token}/"
    page = client.get(f"{mine}?lang=de").text
    assert "Wir halten Ihnen bis 2. September 2026, 10 Uhr einen Platz frei" in page
    assert states(world, event) == "xow"  # looking takes nothing
    assert send(f"{mine}accept", at=mine).status_code == 303
    assert states(world, event) == "xcw"
    assert "Platz annehmen" not in client.get(mine).text
    leave(world, event, "Zweite")
    assert send(f"/my/{third.token}/cancel").status_code == 303
    assert states(world, event) == "xxx"
    assert told(world, event)[-1] == ("cancelled", "Dritte")


def test_too_late_says_so_and_the_next_has_it(client, world, send):
    event = limits(world, world.event(capacity=1), offer_hours=1)
    world.register(event, "Erste")
    second = world.register(event, "Zweite")
    leave(world, event, "Erste")
    mine = f"/my/{second.token}/"
    token = client.token(mine)
    world.pass_time(hours=1)
    assert client.post(f"{mine}accept", data={"csrf_token": token}).status_code == 303
    assert "nicht rechtzeitig angenommen" in client.get(f"{mine}?lang=de").text
    assert states(world, event) == "xx"


def test_an_offered_guest_sees_neither_the_link_nor_a_firm_entry(client, world):
    event = limits(world, world.event(capacity=1), offer_hours=5)
    world.register(event, "Erste")
    second = world.register(event, "Zweite")
    leave(world, event, "Erste")
    page = client.get(f"/my/{second.token}/").text
    (feed,) = set(re.findall(r"(/my/[\w-]+/calendar\.ics)", page))
    entry = client.get(feed).text
    assert "Angeboten: " in entry
    assert "TRANSP:TRANSPARENT" in entry


def test_an_organiser_sets_groups_quotas_and_limits(client, world, send):
    event = world.event(capacity=10, slug="mine")
    world.login(client)
    desk = "/organise/events/mine/places"
    assert client.get(f"{desk}?lang=de").status_code == 200
    wrong = send(f"{desk}/groups/new", name_de="", open_to="everyone")
    assert (wrong.status_code, "Bitte füllen Sie" in wrong.text) == (422, True)
    assert send(f"{desk}/groups/new", name_de="Mitglieder", open_to="everyone").status_code == 303
    (members,) = quotas.groups(world.store, event.id)
    wrong = send(f"{desk}/quotas/new", name_de="Kontingent", capacity="3")
    assert "mindestens eine Gruppe" in wrong.text
    assert 'value="3"' in wrong.text
    made = send(f"{desk}/quotas/new", name_de="Kontingent", capacity="1", groups=members.id)
    assert made.status_code == 303
    for _ in range(2):
        world.register(event, group=members.id, organisation="Haus")
    page = client.get(desk).text
    assert "1</strong> von 1 Plätzen vergeben" in page
    (made,) = quotas.quotas(world.store, event.id)
    changed = send(f"{desk}/quotas/{made.id}", name_de="K", capacity="5", groups=members.id)
    assert changed.status_code == 303
    assert states(world, event) == "cc"
    wrong = send(desk, per_organisation="0", companions="0", offer_hours="9999")
    assert wrong.status_code == 422
    assert send(desk, per_organisation="2", companions="1", offer_hours="12").status_code == 303
    after = world.again(event)
    assert (after.per_organisation, after.companions, after.offer_hours) == (2, 1, 12)
    assert send(f"{desk}/quotas/{made.id}/remove").status_code == 303
    assert send(f"{desk}/groups/{members.id}/remove").status_code == 303
    assert quotas.groups(world.store, event.id) == ()


def test_places_of_another_meeting_are_not_there(client, world, send):
    """R10"""
    theirs, _mine = world.event(slug="theirs"), world.event(slug="mine")
    members = group(world, theirs, "A")
    limit = quota(world, theirs, 1, members)
    world.register(theirs, group=members)
    person = world.registrations(theirs)[0].id
    world.login(client)
    for path in (
        f"places/groups/{members}",
        f"places/groups/{members}/remove",
        f"places/quotas/{limit}",
        f"places/quotas/{limit}/remove",
    ):
        assert client.get(f"/organise/events/mine/{path}").status_code == 404
        assert send(f"/organise/events/mine/{path}", at="/organise/account").status_code == 404
    path = f"/organise/events/mine/attendees/{person}/group"
    assert send(path, at="/organise/account", group=0).status_code == 404


def test_the_waiting_list_says_what_keeps_whom_and_why_anybody_moved(client, world):
    event = limits(world, world.event(capacity=3, slug="mine"), per_organisation=1, companions=1)
    members = group(world, event, "Mitglieder")
    guests = group(world, event, "Gäste")
    quota(world, event, 1, members)
    world.register(event, "Ada", group=members, organisation="Haus")
    world.register(event, "Bo", group=members)
    world.register(event, "Cy", group=guests, organisation="haus")
    world.register(event, "Di", group=guests)
    world.register(event, "Eve", group=guests, companions=("Kim",))
    world.register(event, "Fay", group=guests)
    world.login(client)
    page = client.get("/organise/events/mine/waiting?lang=de").text
    for said in (
        "»Kontingent 1« ist voll",
        "die Grenze für diese Organisation ist erreicht",
        "braucht 2 Plätze, frei: 1",
        "freie Plätze sind für jemanden reserviert, der früher da war",
        "es war sofort Platz",
    ):
        assert said in page, said
    leave(world, event, "Ada")
    page = client.get("/organise/events/mine/waiting").text
    assert "Ein Platz wurde vergeben: jemand hat abgesagt" in page
    assert states(world, event) == "xcccww"


def test_requests_are_decided_in_bulk_after_saying_how_many(client, world, send):
    event = world.event(capacity=1, approval=True, slug="mine")
    for name in ("Ada", "Bo", "Cy"):
        world.register(event, name)
    ada, bo, cy = (r.id for r in world.registrations(event))
    world.login(client)
    at, path = "/organise/events/mine/waiting", "/organise/events/mine/waiting/decide"
    assert send(path, at=at, verb="approve").status_code == 303
    asked = send(path, at=at, verb="approve", ids=[ada, bo, "x"])
    assert "2 Anfragen annehmen?" in asked.text
    assert states(world, event) == "rrr"
    confirmed = re.search(r'name="confirmed" value="(\w+)"', asked.text)[1]
    other = send(path, at=at, verb="approve", ids=[ada, cy], confirmed=confirmed)
    assert "2 Anfragen annehmen?" in other.text  # an answer to another question
    done = send(path, at=at, verb="approve", ids=[ada, bo], confirmed=confirmed)
    assert done.status_code == 303
    assert states(world, event) == "cwr"
    asked = send(path, at=at, verb="refuse", ids=[cy])
    confirmed = re.search(r'name="confirmed" value="(\w+)"', asked.text)[1]
    send(path, at=at, verb="refuse", ids=[cy], confirmed=confirmed, words="Bis Herbst!")
    assert states(world, event) == "cwx"
    assert told(world, event)[-1] == ("refused", "Cy")


def test_the_desk_adds_somebody_and_says_where_they_stand(client, world, send):
    event = limits(world, world.event(capacity=1, slug="mine", closes_at=world.now), companions=1)
    members = group(world, event, "Mitglieder")
    world.login(client)
    path = "/organise/events/mine/attendees/new"
    person = {"name": "Ada", "email": "ada@example.com", "language": "en", "group": members}
    assert send(path, **person).status_code == 422
    agreed = person | {"consent_privacy": "y"}
    assert send(path, **agreed).status_code == 303
    found = named(world, event, "Ada")
    assert (found.state, found.source, found.language) == (State.CONFIRMED, Source.DESK, "en")
    assert "einverstanden" in world.store.value("SELECT text FROM consents")
    again = send(path, **agreed, attempt="another")
    assert "ist schon jemand angemeldet" in again.text
    waits = send(path, **agreed | {"name": "Bo", "email": "bo@example.com", "group": 0})
    assert waits.status_code == 303
    assert "Bo steht auf der Warteliste" in client.get("/organise/events/mine/attendees").text
    assert states(world, event) == "cw"


def test_lists_and_exports_know_groups_and_companions(client, world, send):
    event = limits(world, world.event(slug="mine"), companions=1)
    members, guests = group(world, event, "Mitglieder"), group(world, event, "Gäste")
    world.register(event, "Ada", group=members, companions=("Kim Lee",))
    world.register(event, "Bo", group=guests)
    world.login(client)
    page = client.get(f"/organise/events/mine/attendees?group={members}").text
    assert "Ada" in page
    assert "Bo</bdi>" not in page
    rows = client.get(f"/organise/events/mine/attendees.csv?group={members}").text
    assert "Mitglieder;2;Kim Lee" in rows
    assert "Bo" not in rows
    ada = named(world, event, "Ada").id
    at = f"/organise/events/mine/attendees/{ada}"
    assert "Kim Lee" in client.get(at).text
    assert send(f"{at}/group", at=at, group=guests).status_code == 303
    assert named(world, event, "Ada").group_id == guests


def test_a_pending_offer_is_on_the_dashboard(client, world):
    event = limits(world, world.event(capacity=1), offer_hours=4)
    world.register(event, "Ada")
    world.register(event, "Bo")
    leave(world, event, "Ada")
    world.login(client)
    assert "1 angebotener Platz wartet auf eine Antwort" in client.get("/organise/?lang=de").text
    world.pass_time(hours=4)
    assert offers.lapse(world.store, now=world.now, identity=world.identity) == 1
