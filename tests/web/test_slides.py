"""The public side of slides: shown page by page, open when they may be, counted without a trace."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from eventkit.actions import speakers
from eventkit.model.agenda import Item
from eventkit.model.event import Event
from eventkit.model.material import Material, Preview, Release, Stored
from eventkit.model.text import Text
from eventkit.store import files, previews, shelf, tallies
from eventkit.store.rows import Store
from eventkit.web.tally import Tally
from tests.conftest import Reader
from tests.journeys.files import jpeg
from tests.world import BY, World


def _odp() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.presentation")
    return out.getvalue()


ODP = _odp()


def hand_in(world: World, event: Event, item: Item | None, **more: Any) -> Material:
    values: dict[str, Any] = {
        "file": io.BytesIO(ODP),
        "size": len(ODP),
        "filename": "Vortrag.odp",
        "title": Text(de="Bildung/Milieu: Folien"),
        "item_id": item.id if item else None,
        "release": Release.NOW,
        "actor": BY,
        "now": world.now,
        "identity": world.identity,
    } | more
    return speakers.add_material(world.store, event.id, **values)


def drawn(world: World, material: Material, *words: str) -> None:
    """Pictures of its pages, as the worker would make them."""
    sha256, size = shelf.put(world.store, jpeg())
    picture = Stored(sha256, "image/webp", size)
    pages = [Preview(n, picture, 60, 40, said) for n, said in enumerate(words, 1)]
    cover = Preview(0, picture, 60, 40)
    assert material.current is not None
    with world.store.changing():
        previews.keep(world.store, material.current.file.sha256, cover, pages, now=world.now)


@pytest.fixture
def talk(world: World) -> tuple[Event, Item]:
    event = world.event()
    return event, world.programme(event).items[1]


@pytest.fixture
def guest_token(world: World):  # type: ignore[no-untyped-def]
    """Registers somebody and hands out the link of their letter."""

    def token(event: Event) -> str:
        world.register(event)
        nonce = world.letters(event)[-1].nonce
        return world.identity.token("registration", nonce)

    return token


def address(event: Event, material: Material) -> str:
    return f"/events/{event.slug}/slides/{material.public_id}/"


def test_slides_are_shown_page_by_page(world: World, client: Reader, talk) -> None:
    event, item = talk
    material = hand_in(world, event, item, language="de", licence="CC BY 4.0")
    drawn(world, material, "Milieus <in> Deutschland", "Danke")
    page = client.get(address(event, material))
    assert "Set-Cookie" not in page.headers
    assert 'alt="Seite 2 von ' in page.text
    assert "Milieus &lt;in&gt; Deutschland" in page.text
    assert "Meral Thoms" in page.text
    assert "creativecommons.org/licenses/by/4.0" in page.text
    picture = client.get(address(event, material) + "pages/2.webp")
    assert (picture.status_code, picture.mimetype) == (200, "image/webp")
    assert picture.headers["Content-Security-Policy"].startswith("sandbox")
    assert client.get(address(event, material) + "pages/3.webp").status_code == 404
    meeting = client.get(f"/events/{event.slug}/").text
    assert address(event, material) + '"' in meeting
    assert f"{address(event, material)}pages/0.webp" in meeting


def test_a_newer_version_wins_and_old_links_lead_to_it(world: World, client: Reader, talk) -> None:
    event, item = talk
    first = hand_in(world, event, item, filename="Entwurf.odp")
    hand_in(world, event, item, filename="Endfassung.odp", material_id=first.id)
    old = client.get(address(event, first) + "Entwurf.odp")
    assert (old.status_code, old.location) == (301, address(event, first) + "Endfassung.odp")
    assert "Fassung" in client.get(address(event, first)).text
    versions = files.versions_of(world.store, [first.id])[first.id]
    assert [v.filename for v in versions] == ["Endfassung.odp", "Entwurf.odp"]


@pytest.mark.parametrize(
    ("release", "words"),
    [
        (Release.AFTER_ITEM, "wenn der Vortrag vorbei ist"),
        (Release.MANUAL, "noch nicht freigegeben"),
        (Release.REGISTERED, "auf Ihrer eigenen Seite"),
    ],
)
def test_what_is_not_open_says_when_and_nothing_else(
    world: World, client: Reader, talk, release: Release, words: str
) -> None:
    event, item = talk
    material = hand_in(world, event, item, release=release, title=Text(de="Geheimes"))
    drawn(world, material, "Verborgenes")
    for path in ("", "Vortrag.odp"):
        answer = client.get(address(event, material) + path)
        assert (answer.status_code, words in answer.text) == (404, True)
        assert "Geheimes" not in answer.text
        assert "Verborgenes" not in answer.text
    assert client.get(address(event, material) + "pages/1.webp").status_code == 404
    assert client.get(f"/events/{event.slug}/slides.zip").status_code == 404
    assert material.public_id not in client.get(f"/events/{event.slug}/").text
    world.now = item.ends_at
    opened = client.get(address(event, material)).status_code == 200
    assert opened == (release is Release.AFTER_ITEM)


def test_the_archive_has_readable_names_and_can_be_resumed(
    world: World, client: Reader, talk
) -> None:
    event, item = talk
    hand_in(world, event, None, title=Text(de="Teilnahme"), filename="x.odp")
    hand_in(world, event, item)
    path = f"/events/{event.slug}/slides.zip"
    whole = client.get(path)
    names = zipfile.ZipFile(io.BytesIO(whole.data)).namelist()
    assert [name.partition("/")[2] for name in names] == [
        "01 – Meral Thoms – Bildung Milieu Folien.odp",
        "02 – Teilnahme.odp",
    ]
    shown = client.get(f"/events/{event.slug}/").text.partition('id="downloads"')[2]
    assert 0 < shown.index("Vortrag.odp") < shown.index("x.odp")
    middle = {"Range": "bytes=100-", "If-Range": whole.headers["ETag"]}
    rest = client.get(path, headers=middle)
    assert (rest.status_code, rest.data) == (206, whole.data[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{len(whole.data) - 1}/{len(whole.data)}"
    assert client.get(path, headers=middle | {"If-Range": '"other"'}).status_code == 200


def test_downloads_are_counted_by_day_and_nothing_else_is_kept(
    world: World, client: Reader, talk, app
) -> None:
    event, item = talk
    material = hand_in(world, event, item)
    path = address(event, material) + "Vortrag.odp"
    tally: Tally = app.extensions["eventkit"].tally
    answer = client.get(path)
    assert "Set-Cookie" not in answer.headers
    client.head(path)
    client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    client.get(path, headers={"Range": "bytes=5-9"})
    assert client.get(path, headers={"Range": "bytes=0-"}).status_code == 206
    world.now += timedelta(days=1)
    client.get(f"/events/{event.slug}/slides.zip")
    assert tallies.of_event(world.store, event.id) == {}
    tally.write()
    tally.write()
    assert [n for _day, n in tallies.by_day(world.store, material.id)] == [2, 1]
    assert tallies.of_event(world.store, event.id) == {material.id: 3}


def test_counts_wait_while_nothing_can_be_written(world: World, talk) -> None:
    """R7"""
    event, item = talk
    material = hand_in(world, event, item)
    store = Store(world.store.folder)
    tally = Tally(store)
    tally.count(material.id, world.now.date())
    lock = world.store.folder / "writing.lock"
    kept = lock.read_bytes()
    lock.unlink()
    lock.mkdir()  # no lock file can be made
    tally.write()
    lock.rmdir()
    lock.write_bytes(kept)
    tally.write()
    store.close()
    assert tallies.of_event(world.store, event.id) == {material.id: 1}


def test_registered_people_find_theirs_on_their_own_page(
    world: World, client: Reader, talk, guest_token
) -> None:
    event, item = talk
    only = hand_in(world, event, item, release=Release.REGISTERED)
    hand_in(world, event, None, title=Text(de="Teilnahme"))
    drawn(world, only, "Milieus")
    token = guest_token(event)
    page = client.get(f"/my/{token}/").text
    assert f'"/my/{token}/slides/{only.public_id}/"' in page
    shown = client.get(f"/my/{token}/slides/{only.public_id}/")
    assert "Milieus" in shown.text
    assert shown.headers["Cache-Control"] == "private, no-store"
    picture = client.get(f"/my/{token}/slides/{only.public_id}/pages/1.webp")
    assert (picture.status_code, picture.headers["Cache-Control"]) == (200, "private, no-store")
    zipped = client.get(f"/my/{token}/slides.zip")
    assert len(zipfile.ZipFile(io.BytesIO(zipped.data)).namelist()) == 2
    public = client.get(f"/events/{event.slug}/slides.zip")
    assert len(zipfile.ZipFile(io.BytesIO(public.data)).namelist()) == 1
    waiting = guest_token(world.event(capacity=0))
    assert client.get(f"/my/{waiting}/slides/{only.public_id}/").status_code == 404
