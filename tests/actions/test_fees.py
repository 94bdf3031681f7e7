"""Invoices come with a place and go with it; numbers have no gap; money decides no place."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from eventkit.actions import approval, fees, own_data, payments, prices, registration, upkeep
from eventkit.actions import events as event_actions
from eventkit.actions.wishes import Wish
from eventkit.errors import Invalid, NotFound, TooMany
from eventkit.identity import Identity
from eventkit.model.event import Event
from eventkit.model.fees import Account, Invoice, Price
from eventkit.model.letter import LetterKind
from eventkit.model.registration import CancelledBy, Source
from eventkit.model.text import Text
from eventkit.store import fees as fee_store
from eventkit.store import registrations
from eventkit.store.rows import Store
from tests.actions.test_places import group, leave, limits, named, states
from tests.processes import run_at_once
from tests.world import BY, World

ACCOUNT = Account(
    holder="Verein für Netzwerktreffen e. V.",
    iban="DE89370400440532013000",
    tax_number="133/5900/1234",
    tax_note=Text(de="Umsatzsteuerfrei nach § 4 Nr. 22 a UStG.", en="Free of VAT."),
)
IN_ORDER = ["2026-0001", "2026-0002", "2026-0003", "2026-0004"]


def account(world: World) -> None:
    prices.save_account(world.store, ACCOUNT, actor=BY, now=world.now)


def price(world: World, event: Event, name: str = "Gast", cents: int = 2500, **more) -> int:
    wanted = Price(0, Text(de=name, en=f"{name} (en)"), cents, **more)
    return prices.save_price(world.store, event.id, wanted, actor=BY, now=world.now)


def priced(world: World, cents: int = 2500, **changes: object) -> Event:
    account(world)
    event = world.event(**changes)
    price(world, event, cents=cents)
    return event


def invoices(world: World, event: Event) -> list[Invoice]:
    return fee_store.invoices(world.store, event.id)


def doing(world: World) -> dict:
    return {"actor": BY, "now": world.now, "identity": world.identity}


def paid(world: World, event: Event, *numbers: str, on: date = date(2026, 9, 1)) -> int:
    return payments.pay(world.store, event.id, numbers, on, **doing(world))


def fee_of(world: World, event: Event, name: str):
    return fees.fee(world.store, named(world, event, name))


def test_a_place_brings_its_invoice_and_the_letter_says_so(world: World) -> None:
    event = limits(world, priced(world, capacity=2), companions=1)
    world.register(event, "A", companions=("B",), organisation="Amt")
    world.register(event, "C")
    (issued,) = invoices(world, event)
    assert (issued.number, issued.cents, issued.due_on) == ("2026-0001", 5000, date(2026, 9, 15))
    assert (issued.name, issued.address, issued.lines[0].count) == ("A", "Amt", 2)
    assert issued.sender.tax_note == "Umsatzsteuerfrei nach § 4 Nr. 22 a UStG."
    first, second = world.letters(event)
    assert first.facts.fee is not None
    assert first.facts.fee.number == "2026-0001"
    assert (first.facts.fee.state, first.facts.fee.iban) == ("open", ACCOUNT.iban)
    with world.store.changing():
        assert fees.issue(world.store, event, named(world, event, "A").id, now=world.now) is None
    assert second.facts.fee is not None
    assert second.facts.fee.state == "later"
    leave(world, event, "A")
    assert states(world, event) == "xc"
    assert [i.number for i in invoices(world, event)] == IN_ORDER[:3]
    assert fee_of(world, event, "C").number == "2026-0003"
    assert world.letters(event)[-1].facts.fee.number == "2026-0003"


def test_who_is_free_or_waits_for_approval_gets_no_invoice(world: World) -> None:
    event = priced(world, approval=True)
    free = price(world, event, "Mitglied", 0)
    world.register(event, "A", price=free)
    dear = next(p.id for p in fee_store.prices(world.store, event.id) if p.cents)
    world.register(event, "B", price=dear)
    assert invoices(world, event) == []
    assert (fee_of(world, event, "A"), fee_of(world, event, "B").state) == (None, "later")
    ids = [each.id for each in world.registrations(event)]
    approval.approve(world.store, event.id, ids, **doing(world))
    assert [i.name for i in invoices(world, event)] == ["B"]


def test_a_price_must_be_one_of_those_offered(world: World) -> None:
    event = priced(world)
    members = group(world, event, "Mitglieder")
    for_members = price(world, event, "Mitglied", 0, group=members)
    with pytest.raises(Invalid) as refused:
        world.register(event, "A", group=members)
    assert (refused.value.code, refused.value.field) == ("price", "price")
    world.register(event, "A", group=members, price=for_members)
    other = world.event()
    alien = price(world, other)
    with pytest.raises(Invalid):
        world.register(event, "B", group=members, price=alien)
    world.register(event, "C", group=members, source=Source.DESK)
    assert named(world, event, "C").price_id is None
    assert invoices(world, event) == []


def test_a_changed_price_changes_no_invoice(world: World) -> None:
    event = priced(world)
    world.register(event, "A")
    (before,) = fee_store.prices(world.store, event.id)
    changed = Price(before.id, Text(de="Gast"), 9900)
    prices.save_price(world.store, event.id, changed, actor=BY, now=world.now)
    assert fee_of(world, event, "A").cents == 2500
    world.register(event, "B")
    assert [i.cents for i in invoices(world, event)] == [2500, 9900]
    prices.remove_price(world.store, event.id, before.id, actor=BY, now=world.now)
    assert fee_store.prices(world.store, event.id) == ()
    world.register(event, "C")
    assert fee_of(world, event, "C") is None
    assert fee_of(world, event, "B").cents == 9900


def test_an_issued_invoice_can_not_be_written_over(world: World) -> None:
    event = priced(world)
    world.register(event, "A")
    for change in ("cents = 1", "number = 'x'", "name = 'B'", "lines = '[]'", "printed = '{}'"):
        with pytest.raises(sqlite3.IntegrityError), world.store.changing():
            world.store.run(f"UPDATE invoices SET {change}")


def test_no_amount_without_an_account(world: World) -> None:
    event = world.event()
    with pytest.raises(Invalid) as refused:
        price(world, event)
    assert (refused.value.code, refused.value.field) == ("no_account", "amount")
    assert price(world, event, "Mitglied", 0)
    wrong = Account("Verein", "DE00370400440532013000")
    with pytest.raises(Invalid) as refused:
        prices.save_account(world.store, wrong, actor=BY, now=world.now)
    assert refused.value.field == "iban"


def test_prices_keep_the_organisers_order(world: World) -> None:
    account(world)
    event = world.event()
    a, b, c = (price(world, event, name) for name in "ABC")
    prices.move_price(world.store, event.id, c, -1, actor=BY, now=world.now)
    prices.move_price(world.store, event.id, a, -1, actor=BY, now=world.now)
    assert [p.id for p in fee_store.prices(world.store, event.id)] == [a, c, b]
    with pytest.raises(NotFound):
        prices.move_price(world.store, world.event().id, a, 1, actor=BY, now=world.now)


def test_paying_writes_a_receipt_once_and_can_be_taken_back(world: World) -> None:
    event = priced(world)
    world.register(event, "A")
    assert paid(world, event, "2026-0001", "2026-0001") == 1
    assert paid(world, event, "2026-0001") == 0
    kinds = [letter.kind for letter in world.letters(event)]
    assert kinds.count(LetterKind.RECEIPT) == 1
    assert fee_of(world, event, "A").paid_on == "2026-09-01"
    payments.unpay(world.store, event.id, "2026-0001", actor=BY, now=world.now)
    assert fee_of(world, event, "A").state == "open"
    for day, code in ((date(2026, 9, 2), "paid_later"), (date(2026, 8, 31), "paid_before")):
        with pytest.raises(Invalid) as refused:
            paid(world, event, "2026-0001", on=day)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        paid(world, world.event(), "2026-0001")


def test_money_paid_for_a_place_given_back_is_returned_or_kept(world: World) -> None:
    event = priced(world)
    for name in "AB":
        world.register(event, name)
    paid(world, event, "2026-0001", "2026-0002")
    for name in "AB":
        leave(world, event, name)
    assert fee_of(world, event, "A").state == "returned"
    settle = {"actor": BY, "now": world.now}
    payments.settle(world.store, event.id, "2026-0001", refunded=True, **settle)
    payments.settle(world.store, event.id, "2026-0002", refunded=False, **settle)
    assert [i.cancels for i in invoices(world, event)] == ["", "", "2026-0001"]
    assert fee_of(world, event, "A").state == "refunded"
    assert fee_of(world, event, "B").state == "kept"
    with pytest.raises(Invalid):
        payments.settle(world.store, event.id, "2026-0002", refunded=True, **settle)
    assert sum(i.cents for i in invoices(world, event)) == 2500


def test_a_meeting_called_off_cancels_what_is_unpaid(world: World) -> None:
    event = priced(world)
    for name in "AB":
        world.register(event, name)
    paid(world, event, "2026-0002")
    event_actions.call_off(world.store, event.id, Text(de="Sturm"), **doing(world))
    assert [i.cancels for i in invoices(world, event)] == ["", "", "2026-0001"]
    assert fee_of(world, event, "B").state == "returned"


def test_reminders_are_for_those_overdue_and_not_twice_a_week(world: World) -> None:
    event = priced(world)
    for name in "ABC":
        world.register(event, name)
    paid(world, event, "2026-0002")

    def remind() -> int:
        return payments.remind(world.store, event.id, IN_ORDER, **doing(world))

    assert remind() == 0
    world.pass_time(days=15)
    assert [i.number for i in payments.due_reminders(world.store, event.id, now=world.now)] == [
        "2026-0001",
        "2026-0003",
    ]
    assert (remind(), remind()) == (2, 0)
    world.pass_time(days=7)
    leave(world, event, "C")
    assert remind() == 1
    told = [x.name for x in world.letters(event) if x.kind is LetterKind.PAYMENT_REMINDER]
    assert told == ["A", "C", "A"]


def test_r39_a_guest_cannot_fill_the_books(world: World) -> None:
    event = priced(world)
    world.register(event, "A")
    found = named(world, event, "A")
    for number in range(fees.ANEW_A_DAY):
        payments.readdress(world.store, found.id, f"Amt {number}", now=world.now)
    with pytest.raises(TooMany):
        payments.readdress(world.store, found.id, "Noch ein Amt", now=world.now)
    assert len(invoices(world, event)) == 1 + 2 * fees.ANEW_A_DAY
    world.pass_time(days=2)
    assert payments.readdress(world.store, found.id, "Noch ein Amt", now=world.now) is not None


def test_r70_who_is_late_is_asked_with_as_many_queries_however_many(world: World) -> None:
    event, asked = priced(world), []

    def statements() -> int:
        told: list[str] = []
        connection = world.store.database.conn
        connection.set_trace_callback(told.append)
        asked.append(len(payments.due_reminders(world.store, event.id, now=world.now)))
        connection.set_trace_callback(None)
        return len(told)

    world.register(event, "A")
    world.pass_time(days=15)
    few = statements()
    for name in "BCDE":
        world.register(event, name)
    world.pass_time(days=15)
    assert statements() == few
    assert asked == [1, 5]


def test_another_address_is_another_invoice(world: World) -> None:
    event = priced(world)
    world.register(event, "A", billing="Amt für Kunst\nWeg 1\n12345 Ort")
    found = named(world, event, "A")
    paid(world, event, "2026-0001")
    readdress = payments.readdress
    assert readdress(world.store, found.id, found.billing, now=world.now).number == "2026-0001"
    issued = readdress(world.store, found.id, "Schule\nHof 2\n12345 Ort", now=world.now)
    assert (issued.number, issued.name, issued.paid_at is None) == ("2026-0003", "Schule", False)
    first, storno, last = invoices(world, event)
    assert (first.cancelled_by, first.paid_at) == (storno.number, None)
    assert (storno.cents, storno.name, last.cancelled_by) == (-2500, "Amt für Kunst", "")
    with pytest.raises(Invalid) as refused:
        readdress(world.store, found.id, "\n".join("12345678"), now=world.now)
    assert refused.value.code == "billing_lines"


def test_a_cancelled_invoice_is_not_written_again_but_a_missing_one_is(world: World) -> None:
    event = priced(world)
    world.register(event, "A")
    payments.cancel(world.store, event.id, "2026-0001", **doing(world))
    assert states(world, event) == "c", "paying decides no place"
    missing = {"now": world.now, "identity": world.identity}
    assert payments.issue_missing(world.store, event.id, **missing) == 0
    world.register(event, "B", source=Source.DESK)
    (the_price,) = fee_store.prices(world.store, event.id)
    with world.store.changing():
        fee_store.set_price(world.store, named(world, event, "B").id, the_price.id)
    assert payments.issue_missing(world.store, event.id, **missing) == 1
    assert payments.issue_missing(world.store, event.id, **missing) == 0
    assert world.letters(event)[-1].kind is LetterKind.INVOICE


def test_an_organiser_lets_somebody_pay_another_price(world: World) -> None:
    event = priced(world)
    dear = price(world, event, "Dear", 9000)
    world.register(event, "A", source=Source.DESK)
    found = named(world, event, "A")

    def change(to: int | None) -> list[tuple[str, int]]:
        payments.set_price(world.store, event.id, found.id, to, **doing(world))
        return [(i.number, i.cents) for i in invoices(world, event)]

    assert change(None) == []
    assert change(dear) == [("2026-0001", 9000)]
    assert world.letters(event)[-1].facts.fee.number == "2026-0001"
    (cheap,) = (p.id for p in fee_store.prices(world.store, event.id) if p.cents == 2500)
    assert change(cheap)[1:] == [("2026-0002", -9000), ("2026-0003", 2500)]
    assert change(None)[3:] == [("2026-0004", -2500)]
    assert world.letters(event)[-1].facts.fee.cancelled_by == "2026-0004"
    change(dear)
    paid(world, event, "2026-0005")
    for wrong, code in ((cheap, "settled"), (price(world, world.event()), "price_unknown")):
        with pytest.raises(Invalid) as refused:
            change(wrong)
        assert refused.value.code == code


def test_forgetting_keeps_the_invoice_for_eight_years_alone(world: World, settings) -> None:
    """R55"""
    event = priced(world)
    world.register(event, "Anna Beispiel", billing="Anna Beispiel\nWeg 1")
    found = named(world, event, "Anna Beispiel")
    mail = settings.mail
    own_data.delete(world.store, found.id, mail, now=world.now, identity=world.identity)
    kept = registrations.by_id(world.store, found.id)
    assert kept is not None
    assert (kept.name, kept.billing) == ("", "")
    first, storno = invoices(world, event)
    assert (first.name, storno.cancels) == ("Anna Beispiel", first.number)
    goodbye, *others = world.letters(event)[::-1]
    assert goodbye.kind is LetterKind.CANCELLED
    assert all(letter.facts.fee is None for letter in others)
    for year, left in ((2034, 2), (2035, 0)):
        world.now = datetime(year, 1, 1, 0, 0, 1, tzinfo=UTC)
        upkeep.run(world.store, mail, now=world.now)
        assert len(invoices(world, event)) == left


def _issue(folder: Path, event_id: int, process: int, now: datetime) -> None:
    store, identity = Store(folder), Identity(b"a key only tests use")
    for number in range(6):
        name = f"{process}-{number}"
        wish = Wish(name, f"g{name}@example.com", "en", name, "yes", network=str(process))
        registration.register(store, event_id, wish, now=now, identity=identity)
        if number % 2:
            (found,) = registrations.attendees(store, event_id, words=f"g{name}@")
            by = {"actor": "guest", "now": now, "identity": identity}
            registration.cancel(store, found.id, CancelledBy.GUEST, **by)
    store.close()


@pytest.mark.xdist_group("race")
def test_numbers_have_no_gap_when_processes_race(world: World, store: Store) -> None:
    event = priced(world)
    store.close()
    racers = [(store.folder, event.id, number, world.now) for number in range(3)]
    assert run_at_once(_issue, racers) == [0, 0, 0]
    expected = [f"2026-{n:04d}" for n in range(1, 28)]
    assert [i.number for i in invoices(world, event)] == expected
