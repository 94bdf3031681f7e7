"""Resumable uploads over HTTP, as tus 1.0.0 asks for them."""

import io
from base64 import b64encode
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from eventkit.actions import appearances, uploading
from eventkit.model.agenda import Part, Role
from eventkit.store import files, parts, uploads
from tests.conftest import Reader
from tests.journeys.files import PDF
from tests.world import BY, World

TUS = {"Tus-Resumable": "1.0.0"}


class Sender:
    """Sends one file to the uploads of a meeting or of somebody who speaks."""

    def __init__(self, client: Reader, address: str, form: str) -> None:
        self.client, self.address = client, address
        self.headers = TUS | {"X-CSRFToken": client.token(form)}

    def begin(self, size: int, **said: str) -> TestResponse:
        pairs = [f"{name} {b64encode(value.encode()).decode()}" for name, value in said.items()]
        headers = {"Upload-Length": str(size), "Upload-Metadata": ",".join(pairs)}
        return self.client.post(self.address, headers=self.headers | headers)

    def patch(self, where: str, offset: int, octets: bytes, **more: str) -> TestResponse:
        headers = {"Upload-Offset": str(offset)} | {k.replace("_", "-"): v for k, v in more.items()}
        return self.client.patch(
            where,
            data=octets,
            headers=self.headers | headers,
            content_type="application/offset+octet-stream",
        )

    def offset(self, where: str) -> int:
        answer = self.client.head(where, headers=TUS)
        assert answer.headers["Cache-Control"] == "no-store"
        return int(answer.headers["Upload-Offset"])


@pytest.fixture
def talk(world: World):  # type: ignore[no-untyped-def]
    """A meeting with a talk of one person, and that person's link."""
    event = world.event()
    person = world.person("Meral Thoms")
    item = world.item(event, "Bildung und Milieu", people=(Part(person, Role.SPEAKER),))
    world.publish(event)
    token = appearances.open_link(
        world.store, person.id, actor=BY, now=world.now, identity=world.identity
    )
    return event, item, person, token


@pytest.fixture
def speaker(client: Reader, talk) -> Sender:  # type: ignore[no-untyped-def]
    _event, item, _person, token = talk
    return Sender(client, f"/speaking/{token}/uploads/", f"/speaking/{token}/slides/{item.id}")


@pytest.fixture
def organiser(client: Reader, world: World, talk) -> Sender:  # type: ignore[no-untyped-def]
    world.login(client)
    event = talk[0]
    return Sender(
        client,
        f"/organise/events/{event.slug}/uploads/",
        f"/organise/events/{event.slug}/speakers/slides/new",
    )


def test_a_broken_upload_goes_on_where_it_stopped(world, client, talk, speaker):
    event, item, person, token = talk
    begun = speaker.begin(len(PDF), filename="../Folien\u202efdp.pdf", item_id=str(item.id))
    assert begun.status_code == 201
    where = begun.headers["Location"]
    assert "Upload-Expires" in begun.headers
    first = speaker.patch(where, 0, PDF[:100])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "100")
    assert parts.path(world.store, where.split("/")[-1]).stat().st_mode & 0o777 == 0o600
    assert speaker.patch(where, 50, PDF[50:]).status_code == 409
    assert speaker.offset(where) == 100
    assert files.of_event(world.store, event.id) == []
    assert "nicht vollständig" in client.get(f"/speaking/{token}/slides/{item.id}").text
    last = speaker.patch(where, 100, PDF[100:])
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(PDF)))
    (material,) = files.of_event(world.store, event.id)
    assert material.current.filename == "Folienfdp.pdf"
    assert (material.title, material.item_id, material.current.pages) == (item.title, item.id, 1)
    assert material.current.by == person.name
    # the answer was lost: asking again changes nothing
    assert speaker.offset(where) == len(PDF)
    assert speaker.patch(where, len(PDF), b"").status_code == 204
    assert len(files.of_event(world.store, event.id)) == 1
    assert not parts.path(world.store, where.split("/")[-1]).exists()


def test_a_second_delivery_is_a_newer_version_or_another_file(world, client, talk, speaker):
    event, item, _person, token = talk
    for again in (False, True, False):
        there = files.of_event(world.store, event.id)
        said = {"material": there[0].public_id} if again else {}
        begun = speaker.begin(len(PDF), filename="Anhang.pdf", item_id=str(item.id), **said)
        assert speaker.patch(begun.headers["Location"], 0, PDF).status_code == 204
    first, other = files.of_event(world.store, event.id)
    assert (first.current.number, first.title) == (2, item.title)
    assert (other.current.number, other.title.de) == (1, "Anhang")
    assert "Anhang.pdf" in client.get(f"/speaking/{token}/slides/{item.id}").text


def test_what_lies_is_refused_with_a_sentence_and_leaves_nothing(world, talk, speaker):
    """R20"""
    event, item, _person, _token = talk
    lie = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>"
    where = speaker.begin(len(lie), filename="Folien.pdf", item_id=str(item.id)).headers["Location"]
    answer = speaker.patch(where, 0, lie)
    assert answer.status_code == 422
    assert "Art von Datei" in answer.json["error"]
    assert files.of_event(world.store, event.id) == []
    assert list((world.store.folder / "uploads").iterdir()) == []
    assert speaker.client.head(where, headers=TUS).status_code == 404


@pytest.mark.parametrize(
    ("size", "name", "status"),
    [(101 * 1024 * 1024, "a.pdf", 413), (0, "a.pdf", 422), (10, "a.exe", 422), (10, "pdf", 201)],
)
def test_size_and_kind_are_looked_at_before_anything_is_sent(talk, speaker, size, name, status):
    assert speaker.begin(size, filename=name, item_id=str(talk[1].id)).status_code == status


def test_the_protocol_is_kept(client, talk, speaker):
    item = talk[1]
    told = client.options(speaker.address)
    assert told.status_code == 204
    assert told.headers["Tus-Extension"] == "creation,expiration,termination"
    assert told.headers["Tus-Max-Size"] == str(100 * 1024 * 1024)
    old = client.post(speaker.address, headers=speaker.headers | {"Tus-Resumable": "0.2.2"})
    assert (old.status_code, old.headers["Tus-Version"]) == (412, "1.0.0")
    assert client.post(speaker.address, headers=speaker.headers).status_code == 404
    where = speaker.begin(len(PDF), filename="a.pdf", item_id=str(item.id)).headers["Location"]
    wrong = client.patch(where, data=b"x", headers=speaker.headers | {"Upload-Offset": "0"})
    assert wrong.status_code == 415
    assert speaker.patch(where, -1, b"x").status_code == 400
    assert speaker.patch(where, 0, PDF + b"more").status_code == 413
    assert client.patch(where, headers=TUS | {"Upload-Offset": "0"}).status_code == 400  # no token
    override = speaker.headers | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    answer = client.post(
        where, data=PDF[:9], headers=override, content_type="application/offset+octet-stream"
    )
    assert answer.headers["Upload-Offset"] == "9"
    assert client.delete(where, headers=speaker.headers).status_code == 204
    assert client.head(where, headers=TUS).status_code == 404


def test_an_upload_lasts_a_day(world, client, talk, speaker):
    """R21"""
    item = talk[1]
    where = speaker.begin(len(PDF), filename="a.pdf", item_id=str(item.id)).headers["Location"]
    world.pass_time(hours=23)
    speaker.patch(where, 0, PDF[:10])
    world.pass_time(hours=23)
    assert speaker.offset(where) == 10
    world.now += timedelta(hours=2)
    assert client.head(where, headers=TUS).status_code == 410
    uploading.sweep(world.store, now=world.now)
    assert client.head(where, headers=TUS).status_code == 404
    assert uploads.every_id(world.store) == set()


def test_nobody_reaches_anothers_upload_or_item(world, client, talk, speaker):
    """R10"""
    event, item, _person, _token = talk
    other = world.person("Łukasz O’Neill")
    foreign = world.item(event, "Anderes", people=(Part(other, Role.SPEAKER),))
    assert speaker.begin(9, filename="a.pdf", item_id=str(foreign.id)).status_code == 404
    where = speaker.begin(9, filename="a.pdf", item_id=str(item.id)).headers["Location"]
    token = appearances.open_link(
        world.store, other.id, actor=BY, now=world.now, identity=world.identity
    )
    theirs = f"/speaking/{token}/uploads/{where.split('/')[-1]}"
    assert client.head(theirs, headers=TUS).status_code == 404
    assert speaker.patch(theirs, 0, b"x").status_code == 404
    assert client.get(f"/speaking/{token}/slides/{item.id}").status_code == 404


def test_too_many_uploads_at_once_are_kindly_declined(talk, speaker):
    """R39"""
    item = str(talk[1].id)
    for _ in range(uploading.MOST_OPEN):
        assert speaker.begin(9, filename="a.pdf", item_id=item).status_code == 201
    answer = speaker.begin(9, filename="a.pdf", item_id=item)
    assert answer.status_code == 429
    assert "Zu viele" in answer.json["error"]


def test_a_full_disk_is_said_before_and_meanwhile(monkeypatch, talk, speaker):
    """R7"""
    item = str(talk[1].id)
    where = speaker.begin(len(PDF), filename="a.pdf", item_id=item).headers["Location"]
    speaker.patch(where, 0, PDF[:10])
    monkeypatch.setattr(parts, "SPARE", 2**60)
    assert speaker.begin(9, filename="a.pdf", item_id=item).status_code == 507
    assert speaker.offset(where) == 10


def test_organisers_upload_for_a_talk_of_their_meeting(world, client, talk, organiser):
    event, item, _person, _token = talk
    begun = organiser.begin(
        len(PDF),
        filename="a.pdf",
        item_id=str(item.id),
        title_de="Folien",
        release="registered",
        licence="CC BY 4.0",
    )
    assert organiser.patch(begun.headers["Location"], 0, PDF).status_code == 204
    (material,) = files.of_event(world.store, event.id)
    assert (material.title.de, material.release, material.licence) == (
        "Folien",
        "registered",
        "CC BY 4.0",
    )
    other = world.event()
    elsewhere = begun.headers["Location"].replace(event.slug, other.slug)
    assert client.head(elsewhere, headers=TUS).status_code == 404
    strange = Sender(
        client,
        f"/organise/events/{other.slug}/uploads/",
        f"/organise/events/{other.slug}/speakers/slides/new",
    )
    assert strange.begin(9, filename="a.pdf", item_id=str(item.id)).status_code == 404


def test_without_script_the_plain_form_does_the_same(world, client, talk):
    event, item, _person, token = talk
    address = f"/speaking/{token}/slides/{item.id}"
    fields = {"csrf_token": client.token(address), "language": "de", "licence": "CC BY 4.0"}
    empty = client.post(address, data=fields)
    assert empty.status_code == 422
    lie = client.post(address, data=fields | {"file": (io.BytesIO(b"x"), "a.pdf")})
    assert lie.status_code == 422
    assert "Art von Datei" in lie.text
    link = client.post(address, data=fields | {"url": "https://example.org/slides"})
    assert link.status_code == 303
    (material,) = files.of_event(world.store, event.id)
    assert (material.url, material.licence) == ("https://example.org/slides", "CC BY 4.0")
    assert "https://example.org/slides" in client.get(address).text
