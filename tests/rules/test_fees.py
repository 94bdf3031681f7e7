"""Amounts as they are typed, accounts, prices of groups, how an invoice stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventkit.errors import Invalid
from eventkit.model.fees import Invoice, Price, Sender
from eventkit.model.text import Text
from eventkit.rules import fees
from eventkit.rules.fees import Standing

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("25", 2500),
        ("25,00", 2500),
        ("25.00", 2500),
        ("25,5", 2550),
        (" 0 ", 0),
        ("0,01 €", 1),
        ("12.50 EUR", 1250),
        ("1.250,00", 125_000),
        ("25,000.00", 2_500_000),
        ("999999,99", 99_999_999),
    ],
)
def test_amounts_of_two_countries_are_read(typed: str, cents: int) -> None:
    assert fees.amount(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1e9",
        "-5",
        "−5",
        "25,000",
        "1.250",
        "1.25,00",
        "12,345,6.00",
        "1000000,00",
        "٢٥",
        "½",
        "NaN",
        "0x10",
        "25,,0",
        "€",
        "9" * 5000,
    ],
)
def test_what_is_no_amount_or_in_doubt_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        fees.amount(typed)
    assert (refused.value.code, refused.value.field) == ("amount", "amount")


def test_account_numbers_are_checked_by_length_and_sum() -> None:
    assert fees.iban("de89 3704 0044 0532 0130 00") == "DE89370400440532013000"
    assert fees.iban("NL91ABNA0417164300") == "NL91ABNA0417164300"
    for wrong in (
        "DE89370400440532013001",
        "DE8937040044053201300",
        "US64SVBKUS6S3300958879",
        "",
        "DE",
        "DE89 3704 ﹟044",
    ):
        with pytest.raises(Invalid):
            fees.iban(wrong)
    assert (fees.bic("cobadeff xxx"), fees.bic("")) == ("COBADEFFXXX", "")
    with pytest.raises(Invalid):
        fees.bic("COBA")
    assert fees.spaced("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"


def test_a_price_of_a_group_is_only_for_it() -> None:
    everybody = Price(1, Text(de="Gast"), 2500)
    members = Price(2, Text(de="Mitglied"), 0, group=7)
    former = Price(3, Text(de="Früh"), 1000, retired=True)
    offered = (everybody, members, former)
    assert fees.chosen(offered, 2, 7) == 2
    assert fees.chosen(offered, None, None) == 1, "where there is one, nothing need be chosen"
    for wanted, group, code in (
        (2, None, "price_unknown"),
        (3, 7, "price_unknown"),
        (99, 7, "price_unknown"),
        (None, 7, "price"),
    ):
        with pytest.raises(Invalid) as refused:
            fees.chosen(offered, wanted, group)
        assert refused.value.code == code
    assert fees.chosen((members,), None, None) is None


def test_numbers_follow_each_other_and_begin_each_year() -> None:
    assert fees.numbered(2026, None) == "2026-0001"
    assert fees.numbered(2026, "2026-0009") == "2026-0010"
    assert fees.numbered(2026, "2026-9999") == "2026-10000"


def test_the_receiver_is_what_was_typed_or_who_registered() -> None:
    assert fees.billed("", "Anna", "Verein") == ("Anna", "Verein")
    assert fees.billed("Amt\n\n Weg 1 \nOrt", "Anna", "X") == ("Amt", "Weg 1\nOrt")


def invoice(**changes: object) -> Invoice:
    values: dict = {
        "id": 1,
        "number": "2026-0001",
        "event_id": 1,
        "registration_id": 1,
        "issued_at": NOW,
        "due_on": date(2026, 9, 15),
        "language": "de",
        "name": "Anna",
        "address": "",
        "lines": (),
        "cents": 2500,
        "sender": Sender(),
    }
    return Invoice(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, Standing.OPEN),
        ({"due_on": date(2026, 9, 1)}, Standing.OPEN),
        ({"due_on": date(2026, 8, 31)}, Standing.OVERDUE),
        ({"reminders": 1}, Standing.REMINDED),
        ({"paid_at": NOW}, Standing.PAID),
        ({"paid_at": NOW, "left": True}, Standing.RETURN),
        ({"paid_at": NOW, "left": True, "settled": "kept"}, Standing.PAID),
        ({"paid_at": NOW, "settled": "refunded", "cancelled_by": "2"}, Standing.REFUNDED),
        ({"cancelled_by": "2026-0002"}, Standing.CANCELLED),
        ({"cancels": "2026-0001"}, Standing.CANCELLATION),
    ],
)
def test_how_an_invoice_stands(changes: dict, standing: Standing) -> None:
    assert fees.standing(invoice(**changes), date(2026, 9, 1)) is standing


def test_nobody_is_reminded_twice_within_a_week() -> None:
    late = {"due_on": date(2026, 8, 31)}
    assert fees.may_remind(invoice(**late), NOW, "Europe/Berlin")
    assert not fees.may_remind(invoice(), NOW, "Europe/Berlin")
    for days, may in ((6, False), (7, True)):
        again = invoice(**late, reminders=1, reminded_at=NOW - timedelta(days=days))
        assert fees.may_remind(again, NOW, "Europe/Berlin") is may
    assert not fees.may_remind(invoice(**late, paid_at=NOW), NOW, "Europe/Berlin")
    assert not fees.may_remind(invoice(**late, left=True), NOW, "Europe/Berlin")


def test_more_than_250_euros_want_an_address() -> None:
    assert not fees.needs_address(invoice(cents=250_00))
    assert fees.needs_address(invoice(cents=250_01, address="Verein"))
    assert not fees.needs_address(invoice(cents=250_01, address="Weg 1\n12345 Ort"))
    assert fees.delete_before(date(2034, 12, 31)) == date(2026, 1, 1)
    assert fees.delete_before(date(2035, 1, 1)) == date(2027, 1, 1)
