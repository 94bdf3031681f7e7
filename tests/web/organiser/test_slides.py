"""The organisers' page of slides: what is there, what is missing, released together, in order."""

import io
from typing import Any

from eventkit.actions import speakers
from eventkit.model.agenda import Kind, Part, Role
from eventkit.model.event import Event
from eventkit.model.material import Material, Release
from eventkit.model.text import Text
from eventkit.store import files, tallies
from tests.conftest import Reader
from tests.web.test_slides import ODP
from tests.world import BY, World


def hand_in(world: World, event: Event, **more: Any) -> Material:
    values: dict[str, Any] = {
        "file": io.BytesIO(ODP),
        "size": len(ODP),
        "filename": "Entwurf.odp",
        "title": Text(de="Folien"),
        "actor": "Meral Thoms",
        "now": world.now,
        "identity": world.identity,
    } | more
    return speakers.add_material(world.store, event.id, **values)


def test_it_says_what_is_there_and_what_is_missing(world: World, client: Reader) -> None:
    event = world.event()
    part = Part(world.person("Meral Thoms"), Role.SPEAKER)
    talk = world.item(event, "Bildung", people=(part,))
    world.item(event, "Milieus", people=(part,), kind=Kind.WORKSHOP)
    first = hand_in(world, event, item_id=talk.id)
    hand_in(world, event, material_id=first.id, filename="Endfassung.odp")
    with world.store.changing():
        tallies.add(world.store, {(first.id, world.now.date()): 12})
    world.login(client)
    page = client.get(f"/organise/events/{event.slug}/slides").text
    assert "1 Vortrag ohne Folien" in page
    assert (
        page.index("Endfassung.odp") < page.index("1 frühere Fassung") < page.index("Entwurf.odp")
    )
    assert "<bdi>Meral Thoms</bdi>" in page
    assert "12 Mal abgerufen" in page


def test_all_are_released_together_but_not_those_for_registered_people(
    world: World, client: Reader
) -> None:
    event = world.event()
    made = {release: hand_in(world, event, release=release) for release in Release}
    world.login(client)
    path = f"/organise/events/{event.slug}/slides/release"
    asked = client.get(path)
    assert "2 Downloads für alle freigeben?" in asked.text
    assert files.of_event(world.store, event.id)[1].released_at is None
    client.post(path, data={"csrf_token": client.token(path)})
    found = {m.id: m for m in files.of_event(world.store, event.id)}
    assert found[made[Release.MANUAL].id].released_at == world.now
    assert found[made[Release.AFTER_ITEM].id].released_at == world.now
    assert found[made[Release.REGISTERED].id].release is Release.REGISTERED


def test_downloads_change_places(world: World, client: Reader) -> None:
    event = world.event()
    first, second = hand_in(world, event), hand_in(world, event)
    speakers.move_material(world.store, event.id, first.id, down=False)
    world.login(client)
    page = f"/organise/events/{event.slug}/slides"
    fields = {"csrf_token": client.token(page), "way": "down"}
    answer = client.post(f"{page}/{first.public_id}/move", data=fields)
    assert answer.status_code == 303
    assert [m.id for m in files.of_event(world.store, event.id)] == [second.id, first.id]


def test_a_licence_in_words_is_kept(world: World, client: Reader) -> None:
    event = world.event()
    made = hand_in(world, event, licence="Nur für den Unterricht")
    world.login(client)
    path = f"/organise/events/{event.slug}/speakers/slides/{made.public_id}"
    assert 'value="Nur für den Unterricht"' in client.get(path).text
    fields = {"csrf_token": client.token(path), "title_de": "Folien", "release": "now"}
    client.post(path, data=fields | {"item_id": "0", "own_licence": "Auf Anfrage"})
    (found,) = files.of_event(world.store, event.id)
    assert (found.licence, found.release) == ("Auf Anfrage", Release.NOW)
    assert BY in client.get(f"/organise/events/{event.slug}/").text
