"""Coming in, going out, and what the cookie is worth."""

import dataclasses

from eventkit.actions import accounts
from eventkit.model.account import Access
from eventkit.model.material import Stored
from eventkit.store import accounts as account_store
from eventkit.store import files
from tests.conftest import make_settings
from tests.world import BY, PASSWORD

EN = {"Accept-Language": "en"}


def log_in(client, form_token, email=BY, password=PASSWORD, **fields):
    data = {"csrf_token": form_token(client, "/organise/login"), "email": email} | fields
    return client.post("/organise/login", data=data | {"password": password}, headers=EN)


def test_the_cookie_is_for_this_site_and_no_script(client, world, form_token):
    world.organiser()
    answer = log_in(client, form_token)
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("organiser="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_secure(app, client, world, form_token, tmp_path):
    world.organiser()
    site = app.extensions["eventkit"]
    https = make_settings(tmp_path, base_url="https://events.example.org")
    app.extensions["eventkit"] = dataclasses.replace(site, settings=https)
    cookies = log_in(client, form_token).headers.getlist("Set-Cookie")
    assert "Secure" in next(c for c in cookies if c.startswith("organiser="))


def test_every_login_opens_a_session_of_its_own(client, world, form_token, app):
    """R13"""
    world.organiser()
    first = log_in(client, form_token).headers.getlist("Set-Cookie")
    second = log_in(app.test_client(), form_token).headers.getlist("Set-Cookie")
    assert [c for c in first if "organiser=" in c] != [c for c in second if "organiser=" in c]


def test_a_wrong_address_and_a_wrong_password_get_the_same_answer(client, world, form_token):
    """R11"""
    world.organiser()
    answers = [
        log_in(client, form_token, password="wrong wrong wrong"),
        log_in(client, form_token, email="nobody@example.org"),
    ]
    bodies = {answer.text.replace(BY, "X").replace("nobody@example.org", "X") for answer in answers}
    shorn = {body[: body.index("csrf_token")] for body in bodies}
    assert [answer.status_code for answer in answers] == [422, 422]
    assert len(shorn) == 1


def test_after_ten_tries_there_is_a_pause(client, world, form_token):
    world.organiser()
    for _ in range(10):
        assert log_in(client, form_token, password="wrong wrong wrong").status_code == 422
    assert log_in(client, form_token).status_code == 429
    world.pass_time(minutes=16)
    assert log_in(client, form_token).status_code == 303


def test_reading_goes_on_while_nothing_can_be_written(client, world):
    """R7"""
    world.login(client)
    lock = world.store.folder / "writing.lock"
    lock.unlink()
    lock.mkdir()
    world.pass_time(minutes=20)  # the session would be touched now
    assert client.get("/organise/").status_code == 200
    lock.rmdir()


def test_next_leads_only_inside(app, client, world, form_token):
    """R33"""
    world.organiser()
    for wanted in ("https://evil.example/", "//evil.example", "/organise\\..", "/newsletter/"):
        assert log_in(app.test_client(), form_token, next=wanted).location == "/organise/"
    assert log_in(client, form_token, next="/organise/people").location == "/organise/people"


def test_a_page_behind_the_login_comes_back_after_it(client, world):
    answer = client.get("/organise/people?q=a")
    assert answer.status_code == 303
    assert answer.location == "/organise/login?next=/organise/people?q%3Da"


def test_log_out_ends_the_session_for_good(client, world, form_token):
    world.login(client)
    cookie = client.get_cookie("organiser").value
    token = form_token(client, "/organise/")
    assert client.post("/organise/logout", data={"csrf_token": token}).status_code == 303
    client.set_cookie("organiser", cookie)
    assert client.get("/organise/").status_code == 303


def test_a_change_of_password_ends_every_session(client, world, form_token):
    world.login(client)
    data = {"old": PASSWORD, "password": "another good sentence"}
    token = form_token(client, "/organise/account")
    wrong = client.post(
        "/organise/account", data=data | {"old": "no", "csrf_token": token}, headers=EN
    )
    assert "not your present password" in wrong.text
    assert client.post("/organise/account", data=data | {"csrf_token": token}).status_code == 303
    assert client.get("/organise/").status_code == 303
    assert log_in(client, form_token, password="another good sentence").status_code == 303


def test_one_ends_ones_own_sessions_and_no_other(client, world, form_token, store):
    """R13"""
    me = world.login(client)
    other = world.organiser("other@example.org")
    for who in (me, other):
        accounts.log_in(
            store,
            email=who.email,
            password=PASSWORD,
            agent="Safari iPhone",
            network="n",
            now=world.now,
            identity=world.identity,
        )
    token = form_token(client, "/organise/account")
    for session_id in (2, 3):
        client.post(f"/organise/account/sessions/{session_id}/end", data={"csrf_token": token})
    left = {s.id for who in (me, other) for s in account_store.sessions_of(store, who.id)}
    assert left == {1, 3}


def test_administrators_make_accounts(client, world, form_token):
    world.login(client)
    data = {
        "name": "Ana",
        "email": "ana@example.org",
        "access": "door",
        "language": "de",
        "password": PASSWORD,
        "csrf_token": form_token(client, "/organise/organisers"),
    }
    assert client.post("/organise/organisers", data=data).status_code == 303
    again = client.post("/organise/organisers", data=data, headers=EN)
    assert "There is an account with this address already." in again.text
    assert client.post("/organise/organisers", data=data | {"access": "god"}).status_code == 422


def test_an_organiser_makes_none(client, world):
    world.login(client, access=Access.ORGANISER)
    assert client.get("/organise/organisers").status_code == 404
    assert client.get("/organise/organisation").status_code == 404
    page = client.get("/organise/").text
    assert "/organise/organisers" not in page


def test_helpers_at_the_door_are_told_what_their_account_is_for(client, world):
    world.login(client, access=Access.DOOR)
    page = client.get("/organise/", headers=EN, follow_redirects=True).text
    assert "Good that you help at the door." in page


def test_the_desk_shows_the_logo_from_its_address(client, world):
    world.login(client)
    logo = "ab" * 32
    with world.store.changing():
        files.record(world.store, Stored(logo, "image/png", 11), now=world.now)
        world.store.run("UPDATE organisation SET logo = :hash", hash=logo)
    for address in ("/organise/", "/"):
        page = client.get(address).text
        assert 'src="/logo?v=ababababab"' in page
        assert logo not in page
