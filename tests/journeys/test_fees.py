"""What taking part costs: set up, chosen, billed, paid, reminded, returned, without JavaScript."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from eventkit.model.account import Access
from eventkit.model.letter import LetterKind
from eventkit.store import fees as fee_store
from tests.actions.test_fees import account, invoices, paid, price, priced
from tests.actions.test_places import group, leave, limits, named

PRIVATE = "private, no-store"


@pytest.fixture
def send(client):
    """Post a form as a browser without JavaScript would: `send(path, at="…", name=…)`."""

    def fill(path, at=None, **fields):
        return client.post(path, data={"csrf_token": client.token(at or path)} | fields)

    return fill


def guest(**fields):
    return {"name": "Anna Müller", "email": "anna@example.com", "consent_privacy": "y"} | fields


def own_page(client, world, event, name):
    found = named(world, event, name)
    return f"/my/{world.identity.token('registration', found.nonce)}/"


def test_an_organiser_sets_account_and_prices(client, world, send):
    world.login(client)
    event = world.event()
    fees = f"/organise/events/{event.slug}/fees"
    page = client.get(f"{fees}?lang=de").text
    assert "Für Beiträge ist kein Konto bekannt." in page
    wanted = {"name_de": "Gast", "name_en": "Guest", "amount": "25,00", "group": ""}
    assert "ein Konto" in send(f"{fees}/new", **wanted).text
    where = "/organise/organisation/account"
    typed = {"holder": "Verein", "iban": "DE89 3704 0044 0532 0130 01", "days": "14"}
    refused = send(where, **typed)
    assert refused.status_code == 422
    assert "keine IBAN" in refused.text
    assert "0130 01" in refused.text, "what was typed is kept"
    typed["iban"] = "DE89 3704 0044 0532 0130 00"
    assert send(where, **typed).status_code == 303
    for hostile in ("1e9", "−5", "25,000", "0x1", "<b>", "9" * 400):
        refused = send(f"{fees}/new", **(wanted | {"amount": hostile}))
        assert refused.status_code == 422, hostile
        assert "kein Betrag" in refused.text
    assert send(f"{fees}/new", **(wanted | {"group": "999"})).status_code == 422
    assert send(f"{fees}/new", **wanted).status_code == 303
    assert (
        send(f"{fees}/new", **(wanted | {"name_de": "Mitglied", "amount": "0"})).status_code == 303
    )
    first, second = fee_store.prices(world.store, event.id)
    assert (first.cents, second.cents) == (2500, 0)
    assert send(f"{fees}/{second.id}/move", at=fees, to="up").status_code == 303
    assert fee_store.prices(world.store, event.id)[0] == second
    assert send(f"{fees}/{second.id}/remove").status_code == 303
    page = client.get(fees).text
    assert "25,00" in page
    assert "Mitglied" not in page
    other = world.event()
    assert client.get(f"/organise/events/{other.slug}/fees/{first.id}").status_code == 404


def test_an_organiser_who_is_no_admin_is_told_whom_to_ask(client, world):
    world.login(client, "desk@example.org", Access.ORGANISER)
    event = world.event()
    page = client.get(f"/organise/events/{event.slug}/fees?lang=en").text
    assert "Please ask somebody who looks after" in page


def test_the_form_says_nothing_of_money_without_prices(client, world):
    event = world.event()
    page = client.get(f"/events/{event.slug}/register?lang=en").text
    for absent in ('name="price"', 'name="billing"', "invoice"):
        assert absent not in page


def test_a_guest_chooses_a_price_and_finds_the_invoice(client, world, send):
    account(world)
    event = limits(world, world.event(), companions=2)
    members = group(world, event, "Mitglieder")
    guests = group(world, event, "Gäste")
    full = price(world, event, "Voll", 13000)
    free = price(world, event, "Mitglied", 0, group=members)
    path = f"/events/{event.slug}/register"
    page = client.get(f"{path}?lang=de").text.replace("\xa0", " ")
    assert "Voll: 130,00 €" in page
    assert "Mitglied: kostenlos (nur für Mitglieder)" in page
    refused = send(path, **guest(group=guests, price=free, billing="Amt\nWeg 1"))
    assert refused.status_code == 422
    assert "Dieser Preis wird Ihnen nicht angeboten" in refused.text
    assert "Weg 1" in refused.text
    assert "Bitte wählen Sie, was Sie bezahlen." in send(path, **guest(group=members)).text
    for hostile in ("x", "-1", "9" * 40, "1e1"):
        assert send(path, **guest(group=guests, price=hostile)).status_code == 422
    wanted = guest(group=guests, price=full, billing="Amt für Kunst")
    answer = send(path, **wanted, **{"companions-0": "Kim Lee"})
    assert answer.status_code == 303
    assert "260,00 €" in client.get(answer.location).text.replace("\xa0", " ")
    again = send(path, **wanted, **{"companions-0": "Kim Lee"})
    assert "260,00 €" in client.get(again.location).text.replace("\xa0", " "), "R11"
    mine = own_page(client, world, event, "Anna Müller")
    page = client.get(mine).text.replace("\xa0", " ")
    for told in ("260,00 €", "DE89 3704 0044 0532 0130 00", "2026-0001", "mehr als 250 €"):
        assert told in page, told
    answer = client.get(f"{mine}invoice.pdf")
    assert answer.headers["Cache-Control"] == PRIVATE
    assert "Amt für Kunst" in PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    assert client.get(f"{mine}receipt.pdf").status_code == 404
    assert client.get(f"{mine}invoice.pdf?number=2026-0009").status_code == 404
    assert "höchstens sieben Zeilen" in send(f"{mine}invoice", billing="\n".join("abcdefgh")).text
    assert send(f"{mine}invoice", billing="Amt für Kunst\nWeg 1\n12345 Ort").status_code == 303
    page = client.get(mine).text
    assert "2026-0003" in page
    assert "Stornorechnung 2026-0002" in page
    assert "mehr als 250" not in page
    assert "acht Jahre" in client.get(f"{mine}delete").text
    assert send(path, **guest(email="frei@example.com", name="Frei", group=members, price=free))
    page = client.get(own_page(client, world, event, "Frei")).text
    assert 'id="fee"' not in page
    assert client.get(f"{own_page(client, world, event, 'Frei')}invoice.pdf").status_code == 404


def test_who_waits_is_told_not_to_pay_yet(client, world, send):
    event = priced(world, capacity=1)
    world.register(event, "Erste")
    answer = send(f"/events/{event.slug}/register", **guest())
    assert "Bitte bezahlen Sie noch nicht" in client.get(answer.location).text
    page = client.get(own_page(client, world, event, "Anna Müller")).text
    assert "Bitte bezahlen Sie noch nicht" in page
    assert "IBAN" not in page


def test_payments_from_open_to_returned(client, world, send):
    event = priced(world)
    for name in ("Anna", "Berta", "Carla"):
        world.register(event, name)
    world.login(client)
    where = f"/organise/events/{event.slug}/payments"
    page = client.get(f"{where}?lang=de").text.replace("\xa0", " ")
    assert "75,00 €" in page
    assert send(f"{where}/paid", at=where, on="2026-09-01").status_code == 303
    refused = send(f"{where}/paid", at=where, on="2026-09-02", number="2026-0001")
    assert refused.status_code == 422
    assert "Dieser Tag ist noch nicht gekommen." in refused.text
    assert re.search(r'value="2026-0001"[^>]*checked', refused.text), "what was ticked is kept"
    assert send(f"{where}/paid", at=where, on="gestern", number="2026-0001").status_code == 422
    answer = send(f"{where}/paid", at=where, on="2026-09-01", number=["2026-0001", "2026-0002"])
    assert answer.status_code == 303
    page = client.get(f"{where}?state=paid").text
    assert 'id="paid"' not in page, "nothing is left to tick"
    assert "Anna" in page
    assert "Carla" not in page
    assert "Berta" in client.get(f"{where}?q=BERTA").text
    assert send(f"{where}/2026-0002/unpaid", at=where).status_code == 303
    world.pass_time(days=20)
    world.login(client, "later@example.org")
    page = client.get(f"{where}/remind").text
    assert "2 Personen werden angeschrieben" in page
    assert send(f"{where}/remind", number="2026-0002").status_code == 303
    reminded = [x.name for x in world.letters(event) if x.kind is LetterKind.PAYMENT_REMINDER]
    assert reminded == ["Berta"]
    leave(world, event, "Anna")
    assert "Zurückzuzahlen" in client.get(where).text
    assert send(f"{where}/2026-0001/settle", at=where, how="refunded").status_code == 303
    assert send(f"{where}/2026-0003/cancel").status_code == 303
    standings = [i.cancels for i in invoices(world, event)]
    assert standings == ["", "", "", "2026-0001", "2026-0003"]
    table = client.get(f"{where}.csv?lang=de").data.decode("utf-8-sig").splitlines()
    assert table[0].startswith("Nummer;Datum;Name")
    assert table[1].split(";")[:5] == ["2026-0001", "01.09.2026", "Anna", "", "25,0"]
    sheet = load_workbook(BytesIO(client.get(f"{where}.xlsx").data)).active
    assert [row[4].value for row in sheet.iter_rows(min_row=2)] == [25, 25, 25, -25, -25]


def test_numbers_of_another_meeting_are_not_there(client, world, send):
    """R10"""
    event, other = priced(world), world.event()
    world.register(event, "Anna")
    paid(world, event, "2026-0001")
    world.login(client)
    where = f"/organise/events/{other.slug}/payments"
    for path in ("2026-0001.pdf", "2026-0001/receipt.pdf", "2026-0001/cancel"):
        assert client.get(f"{where}/{path}").status_code == 404, path
    for path in ("2026-0001/unpaid", "2026-0001/settle"):
        assert send(f"{where}/{path}", at=f"/organise/events/{other.slug}/fees").status_code == 404
    page = client.get(own_page(client, world, event, "Anna"))
    assert "Quittung" in page.text or "Receipt" in page.text


def test_an_organiser_changes_what_somebody_pays(client, world, send):
    event = priced(world)
    dear = price(world, event, "Teuer", 9000)
    cheap = fee_store.prices(world.store, event.id)[0]
    world.register(event, "Anna", price=cheap.id)
    world.login(client)
    page = f"/organise/events/{event.slug}/attendees/{named(world, event, 'Anna').id}"
    assert "Rechnung 2026-0001" in client.get(f"{page}?lang=de").text
    assert send(f"{page}/price", at=page, price=dear).status_code == 303
    assert [i.cents for i in invoices(world, event)] == [2500, -2500, 9000]
    paid(world, event, "2026-0003")
    assert send(f"{page}/price", at=page, price="0").status_code == 303
    assert "Es wurde nichts geändert" in client.get(page).text
    assert 'name="price"' not in client.get(page).text
    other = f"/organise/events/{world.event().slug}/attendees/{page.rsplit('/', 1)[1]}/price"
    assert send(other, at=page, price="0").status_code == 404
