"""Schedule apps poll a meeting's programme: what they get, and what they do not."""

import pytest

PATHS = ("schedule.xml", "schedule.json")


@pytest.mark.parametrize("name", PATHS)
def test_an_app_gets_the_published_version_once(client, world, name):
    event = world.event()
    path = f"/events/{event.slug}/{name}"
    world.programme(event)
    assert client.get(path).status_code == 200
    world.item(event, "Noch im Entwurf")
    answer = client.get(path)
    assert "Noch im Entwurf" not in answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(path, headers=tag).status_code == 304
    world.publish(event)
    assert "Noch im Entwurf" in client.get(path, headers=tag).text
    assert client.get(f"{path}?lang=en").status_code == 200


@pytest.mark.parametrize("name", PATHS)
def test_without_a_published_programme_there_is_no_schedule(client, world, name):
    event = world.event()
    world.item(event, "Entwurf")
    assert client.get(f"/events/{event.slug}/{name}").status_code == 404


def test_the_page_leads_there(client, world):
    event = world.event()
    world.programme(event)
    page = client.get(f"/events/{event.slug}/").text
    assert all(f"/events/{event.slug}/{name}" in page for name in PATHS)
