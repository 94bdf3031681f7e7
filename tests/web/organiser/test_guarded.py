"""Nobody sees or does what is not theirs, and nothing changes by a look."""

import pytest

from eventkit.actions import speakers
from eventkit.model.account import Access
from eventkit.model.registration import State
from eventkit.model.text import Text
from eventkit.store import agenda as agenda_store
from eventkit.store import files

BY = "organiser@example.org"


@pytest.fixture
def two(world):
    """Two meetings; the second owns everything."""
    mine, theirs = (
        world.event(slug="mine", approval=True),
        world.event(slug="theirs", approval=True),
    )
    world.programme(theirs)
    world.register(theirs, "Ayşe Yılmaz")
    return mine, theirs


def foreign(world, theirs) -> list[str]:
    """Addresses of the second meeting's things, below a meeting."""
    item = agenda_store.draft(world.store, theirs.id)[0]
    room = agenda_store.rooms(world.store, theirs.id)[0]
    (guest,) = world.registrations(theirs)
    letter = world.letters(theirs)[0]
    material = world.material(theirs)
    return [
        f"agenda/items/{item.id}",
        f"agenda/items/{item.id}/remove",
        f"agenda/rooms/{room.id}",
        f"agenda/rooms/{room.id}/remove",
        f"attendees/{guest.id}",
        f"attendees/{guest.id}/cancel",
        f"attendees/{guest.id}/approve",
        f"letters/{letter.id}",
        f"letters/{letter.id}/retry",
        f"speakers/slides/{material}",
        f"speakers/slides/{material}/remove",
        f"speakers/slides/{material}/release",
    ]


@pytest.fixture
def material(world):
    """Gives the world a way to add a link as a download."""

    def add(event):
        return speakers.add_material(
            world.store,
            event.id,
            file=None,
            size=0,
            filename="",
            title=Text(de="Link"),
            url="https://example.org/slides",
            actor=BY,
            now=world.now,
            identity=world.identity,
        ).public_id

    world.material = add


def test_things_of_another_meeting_are_not_there(client, world, two, material, form_token):
    """R10"""
    mine, theirs = two
    world.login(client)
    token = form_token(client, "/organise/")
    only_post = ("approve", "retry", "release")
    for path in foreign(world, theirs):
        only_get = path.startswith(("attendees", "letters")) and path[-1].isdigit()
        methods = ["GET"] if only_get else ["GET", "POST"]
        for method in ["POST"] if path.endswith(only_post) else methods:
            answer = client.open(
                f"/organise/events/{mine.slug}/{path}", method=method, data={"csrf_token": token}
            )
            assert answer.status_code == 404, (method, path)
    assert world.registrations(theirs)[0].state is State.REQUESTED
    assert len(agenda_store.draft(world.store, theirs.id)) == 5
    assert len(files.of_event(world.store, theirs.id)) == 1


def test_a_meeting_that_is_not_there_is_404_everywhere(client, world):
    world.login(client)
    for path in ("", "settings", "agenda", "attendees", "attendees.csv", "letters", "recap"):
        assert client.get(f"/organise/events/nothing/{path}").status_code == 404


def test_helpers_at_the_door_see_no_lists(client, world, two):
    world.login(client, access=Access.DOOR)
    for path in ("", "attendees", "attendees.csv", "signin-sheet.pdf", "letters", "settings"):
        assert client.get(f"/organise/events/theirs/{path}").status_code == 404
    assert client.get("/organise/").location == "/organise/account"
    assert client.get("/organise/account").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/organise/login",
        "/organise/logout",
        "/organise/events/new",
        "/organise/events/mine/announce",
        "/organise/events/mine/settings",
        "/organise/events/mine/agenda/publish",
        "/organise/events/mine/call-off",
        "/organise/account",
        "/organise/organisation",
    ],
)
def test_without_a_token_nothing_is_sent(client, world, two, path):
    """R16"""
    world.login(client)
    assert client.post(path, data={"title_de": "x"}).status_code == 400


def test_looking_changes_nothing(client, world, two):
    """Verbs answer only to POST (R16)."""
    _, theirs = two
    world.login(client)
    for path in ("announce", "archive", "attendees/1/approve"):
        assert client.get(f"/organise/events/theirs/{path}").status_code == 405
    world.item(theirs, "Noch ein Vortrag")
    assert client.get("/organise/events/theirs/agenda/publish").status_code == 200
    assert agenda_store.published(world.store, theirs.id).version == 1


def test_private_pages_are_kept_nowhere(client, world, two):
    """R34"""
    world.login(client)
    for path in ("/organise/", "/organise/events/theirs/attendees", "/organise/account"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert "noindex" in headers["X-Robots-Tag"]


def test_what_guests_typed_stays_text(client, world):
    """R18"""
    event = world.event(slug="mine")
    world.register(event, "Bobby <script>alert(1)</script>", organisation="<img src=x onerror=a>")
    world.login(client)
    for path in ("attendees", f"attendees/{world.registrations(event)[0].id}", "letters"):
        page = client.get(f"/organise/events/mine/{path}").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 40])
def test_numbers_nobody_has_are_404(client, world, two, number):
    world.login(client)
    for path in ("attendees", "letters", "agenda/items", "agenda/rooms"):
        assert client.get(f"/organise/events/theirs/{path}/{number}").status_code == 404
    form = {"csrf_token": client.token("/organise/account")}
    assert client.post(f"/organise/answers/{number}/settle", data=form).status_code == 404
