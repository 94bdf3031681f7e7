"""The public programme: filters, marks, the time elsewhere, an item's page, the foyer's screen."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from eventkit.actions import agenda, events
from eventkit.model.agenda import Item, Kind
from eventkit.model.event import Event, Mode
from eventkit.model.text import Text
from eventkit.rules.marks import public_id
from eventkit.store import agenda as store_of_programmes
from tests.conftest import Reader
from tests.world import BY, World

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


@pytest.fixture
def event(world: World) -> Event:
    """Two rooms, two tracks, two languages, a break: six items."""
    made = world.event(mode=Mode.HYBRID, doors_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
    start, hall, attic = made.starts_at, world.room(made, "Saal"), world.room(made, "Dach")
    world.item(made, "Begrüßung", kind=Kind.OPENING, language="")
    world.item(made, "Praxis A", track="Praxis", room=hall, starts_at=start + HOUR)
    other = {"track": "Forschung", "room": attic, "language": "en"}
    world.item(made, "Studie B", starts_at=start + HOUR, ends_at=start + 2 * HOUR, **other)
    world.item(made, "Pause", kind=Kind.BREAK, language="", starts_at=start + 2 * HOUR)
    late = {"starts_at": start + 3 * HOUR, "ends_at": start + 4 * HOUR}
    world.item(made, "Praxis C", track="Praxis", room=attic, **late)
    world.publish(made)
    return world.again(made)


@pytest.fixture(autouse=True)
def _ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Items of an hour: the world's own end is an hour after the meeting's start."""
    plain = World.item

    def item(self: World, event: Event, title: str = "Vortrag", **fields: object) -> Item:
        begins = fields.get("starts_at", event.starts_at)
        return plain(self, event, title, **({"ends_at": begins + HOUR} | fields))

    monkeypatch.setattr(World, "item", item)


def _items(world: World, event: Event) -> dict[str, Item]:
    programme = store_of_programmes.published(world.store, event.id)
    return {item.title.de: item for item in programme.items} if programme else {}


def _short(world: World, event: Event, title: str) -> str:
    return public_id(_items(world, event)[title].uid)


def _titles(page: str) -> list[str]:
    rails = page[page.index('id="agenda"') :]
    found = re.findall(r'class="rail-title"[^>]*>(.*?)</(?:p|h3)>', rails, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", each).strip() for each in found]


def _page(client: Reader, event: Event, query: str = "") -> str:
    return html.unescape(client.get(f"/events/{event.slug}/?lang=de{query}").text)


def test_filters_leave_what_was_asked_for_and_say_so(client, world, event):
    whole = _page(client, event)
    assert _titles(whole) == ["Begrüßung", "Studie B", "Praxis A", "Pause", "Praxis C"]
    assert "Alle zeigen" not in whole
    room = _items(world, event)["Praxis C"].room.id
    for query, left in {
        "&track=Praxis": ["Begrüßung", "Praxis A", "Pause", "Praxis C"],
        f"&room={room}": ["Begrüßung", "Studie B", "Pause", "Praxis C"],
        f"&track=Praxis&room={room}": ["Begrüßung", "Pause", "Praxis C"],
        "&language=en": ["Begrüßung", "Studie B", "Pause"],
        "&kind=opening": ["Begrüßung"],
    }.items():
        page = _page(client, event, query)
        assert _titles(page) == left, query
        assert f"{len(left)} von 5 Punkten" in page
        assert '<meta name="robots" content="noindex">' in page
    assert "Strang: Praxis" in _page(client, event, "&track=Praxis")


def test_a_filter_nobody_knows_hides_nothing(client, event):
    page = _page(client, event, "&track=Kunst&room=99999&kind=x&language=zz&room=x")
    assert len(_titles(page)) == 5


def test_what_has_one_value_is_no_filter(client, world):
    made = world.event()
    world.item(made, "Allein", track="Praxis")
    world.publish(made)
    assert "agenda-filter" not in _page(client, made)


def test_each_view_has_its_own_etag_and_no_cookie(client, event):
    """R34"""
    tags = set()
    for query in ("", "?track=Praxis", "?zone=America/New_York"):
        first = client.get(f"/events/{event.slug}/{query}")
        assert "Set-Cookie" not in first.headers
        tags.add(first.headers["ETag"])
        again = client.get(
            f"/events/{event.slug}/{query}", headers={"If-None-Match": first.headers["ETag"]}
        )
        assert again.status_code == 304
    assert len(tags) == 3


def test_a_stranger_marks_by_links_and_keeps_the_address(client, world, event):
    star = re.search(r'class="mark" href="([^"]+)"[^>]*>.*?»Praxis A« merken', _page(client, event))
    assert star
    a, c = _short(world, event, "Praxis A"), _short(world, event, "Praxis C")
    assert star[1] == f"/events/{event.slug}/?mark={a}#item-{_items(world, event)['Praxis A'].id}"
    page = _page(client, event, f"&mark={c}.{a}&track=Praxis")
    assert "2 Punkte gemerkt" in page
    assert page.count("mark-on") == 2
    assert f'href="/events/{event.slug}/?track=Praxis&mark={c}#item-' in page, "one taken away"
    assert f"/events/{event.slug}/?track=Praxis&marked=1&mark={a}.{c}#agenda" in page
    only = _page(client, event, f"&mark={a}.{c}&marked=1")
    assert _titles(only) == ["Praxis A", "Praxis C"]
    assert f"http://127.0.0.1:5000/events/{event.slug}/?marked=1&mark={a}.{c}#agenda" in only
    assert "mark-on" not in _page(client, event, "&mark=zzzzzzzz&marked=1")


def test_the_calendar_holds_just_what_is_marked_or_filtered(client, world, event):
    a = _short(world, event, "Praxis A")
    address = f"/events/{event.slug}/agenda.ics"
    whole = client.get(address).text
    marked = client.get(f"{address}?mark={a}")
    assert (whole.count("BEGIN:VEVENT"), marked.text.count("BEGIN:VEVENT")) == (4, 1)
    assert _items(world, event)["Praxis A"].uid in marked.text
    assert marked.headers["ETag"] != client.get(address).headers["ETag"]
    assert (
        client.get(
            f"{address}?mark={a}", headers={"If-None-Match": marked.headers["ETag"]}
        ).status_code
        == 304
    )
    assert client.get(f"{address}?track=Praxis").text.count("BEGIN:VEVENT") == 3
    assert client.get(f"{address}?mark=zzzzzzzz").status_code == 404
    assert client.get(address).text == whole


def test_the_time_of_another_place_stands_below_with_its_day(client, event):
    page = _page(client, event, "&zone=America/New_York")
    assert "04:00–05:00" in page
    assert "America/New York" in page
    far = _page(client, event, "&zone=Pacific/Auckland")  # 10:00 in Berlin is 22:00 there
    assert "22:00–23:00</span>" in far
    assert "00:00–01:00, Sa., 21.11." in far
    assert "rail-there" not in _page(client, event)
    assert "rail-there" not in _page(client, event, "&zone=Europe/Berlin")


@pytest.mark.parametrize("typed", ["Mars/Base", "../etc/passwd", "%00x", "x" * 500, "choose"])
def test_a_zone_that_does_not_exist_is_said_and_chosen_again(client, event, typed):
    page = _page(client, event, f"&zone={typed}")
    assert '<select id="zone" name="zone"' in page
    assert ("Diese Zeitzone gibt es nicht." in page) == (typed != "choose")
    assert "rail-there" not in page


def test_an_item_has_a_page_of_its_own(client, world, event):
    name = _short(world, event, "Studie B")
    world.item(
        event,
        "Studie B",
        id=_items(world, event)["Studie B"].id,
        abstract=Text(de="Was **wirkt**."),
        starts_at=event.starts_at + 5 * HOUR,
    )
    world.publish(event)
    address = f"/events/{event.slug}/items/{name}/"
    assert f'href="{address}"' in _page(client, event)
    page = client.get(f"{address}?lang=de&zone=Asia/Tokyo").text
    for said in (
        "<h1>Studie B</h1>",
        "Was <strong>wirkt</strong>.",
        "Freitag, 20. November 2026, 15–16 Uhr",
        "Tokyo: 23:00–00:00, Fr., 20.11.",
        f'href="/events/{event.slug}/agenda.ics?mark={name}"',
        f'<link rel="canonical" href="http://127.0.0.1:5000{address}">',
    ):
        assert said in page, said
    agenda.remove_item(
        world.store, event.id, _items(world, event)["Studie B"].id, actor=BY, now=world.now
    )
    world.publish(event)
    assert "Dieser Programmpunkt entfällt." in client.get(f"{address}?lang=de").text
    assert client.get(f"/events/{event.slug}/items/aaaaaaaa/").status_code == 404
    other = world.event()
    world.programme(other)
    assert client.get(f"/events/{other.slug}/items/{name}/").status_code == 404


def test_a_speakers_page_leads_to_their_items(client, world):
    made = world.event()
    world.programme(made)
    name = _short(world, made, "Bildung, Migration und Milieu")
    assert f'href="/events/{made.slug}/items/{name}/"' in client.get("/speakers/meral-thoms/").text


def test_a_topics_page_leads_to_its_talks(client, world):
    topic = events.save_topic(
        world.store,
        topic_id=None,
        slug="bildung",
        title=Text(de="Bildung"),
        summary=Text(),
        body=Text(),
        actor=BY,
        now=world.now,
    )
    made = world.event(topic_ids=(topic,))
    world.programme(made)
    name = _short(world, made, "Bildung, Migration und Milieu")
    assert f'href="/events/{made.slug}/items/{name}/"' in client.get("/topics/bildung/").text


def test_a_guest_marks_with_stars_and_finds_it_in_their_calendar(client, world, event):
    token = world.register(event).token
    page = f"/my/{token}/programme"
    names = {title: _short(world, event, title) for title in ("Praxis A", "Studie B")}
    csrf = client.token(page)

    def press(**fields: str):
        return client.post(f"/my/{token}/marks?track=Praxis", data={"csrf_token": csrf} | fields)

    answer = press(mark=names["Praxis A"])
    item = _items(world, event)["Praxis A"]
    assert answer.status_code == 303
    assert answer.location == f"{page}?track=Praxis#item-{item.id}"
    press(mark=names["Studie B"])
    shown = client.get(f"{page}?lang=de&marked=1").text
    assert _titles(shown) == ["Studie B", "Praxis A"]
    assert f'name="unmark" value="{names["Praxis A"]}"' in shown
    feed = re.search(r"https?://[^\"]+(/my/[^/]+/calendar\.ics)", client.get(f"/my/{token}/").text)
    assert item.uid in client.get(feed[1]).text
    agenda.remove_item(
        world.store, event.id, _items(world, event)["Studie B"].id, actor=BY, now=world.now
    )
    world.publish(event)
    assert re.search(r"Abgesagt: Studie B[\s\S]*STATUS:CANCELLED", client.get(feed[1]).text)
    press(unmark=names["Praxis A"])
    assert item.uid not in client.get(feed[1]).text
    assert press(mark="aaaaaaaa").status_code == 404
    assert press().status_code == 404


# --- The screen in the foyer ------------------------------------------------------------------


def _screen(client: Reader, event: Event, query: str = "") -> str:
    page = html.unescape(client.get(f"/events/{event.slug}/now?lang=de{query}").text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))


def test_the_screen_follows_the_meeting(client, world, event):
    world.now = datetime(2026, 11, 19, 12, tzinfo=UTC)
    before = _screen(client, event)
    assert "Freitag, 20. November 2026 · Einlass ab 9:30 Uhr · Wir beginnen um 10 Uhr" in before
    assert "Für alle 10:00 Begrüßung Saal 11:00 Praxis A Dach 11:00 Studie B" in before
    world.now = event.starts_at + 1.5 * HOUR
    running = _screen(client, event)
    assert "11:30" in running
    assert "Saal Jetzt bis 12:00 Praxis A" in running
    assert "Dach Jetzt bis 12:00 Studie B Danach 13:00 Praxis C" in running
    assert "Für alle Danach 12:00 Pause" in running
    world.now = event.starts_at + 2.5 * HOUR
    assert "Für alle Jetzt bis 13:00 Pause" in _screen(client, event)
    world.now = event.starts_at + 4.5 * HOUR
    assert "Danke, dass Sie da waren." in _screen(client, event)


def test_the_screen_of_one_room_shows_that_room(client, world, event):
    world.now = event.starts_at + 1.5 * HOUR
    room = _items(world, event)["Praxis A"].room.id
    shown = _screen(client, event, f"&room={room}")
    assert "Praxis A" in shown
    assert "Pause" in shown
    assert "Studie B" not in shown


def test_the_screen_calls_out_what_changed_since_the_morning(client, world, event):
    world.now = datetime(2026, 11, 20, 6, tzinfo=UTC)
    items = _items(world, event)
    moved = items["Praxis C"]
    world.item(
        event,
        "Praxis C",
        id=moved.id,
        room=items["Praxis A"].room,
        track="Praxis",
        starts_at=moved.starts_at + HOUR / 2,
    )
    agenda.remove_item(world.store, event.id, items["Studie B"].id, actor=BY, now=world.now)
    world.publish(event)
    shown = _screen(client, event)
    assert "Verlegt: Praxis C: 13:00, Dach jetzt → 13:30, Saal" in shown
    assert "Entfällt: Studie B (11:00, Dach)" in shown
    world.now = event.ends_at
    assert "Verlegt" not in _screen(client, event)


def test_the_screen_is_kept_by_all_and_carries_nobodys_cookie(client, world, event):
    answer = client.get(f"/events/{event.slug}/now?lang=en")
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    assert "Set-Cookie" not in answer.headers
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in answer.text
    empty = world.event()
    assert (
        "The programme is not published yet."
        in client.get(f"/events/{empty.slug}/now?lang=en").text
    )
