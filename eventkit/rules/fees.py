"""Fees: amounts as people type them, accounts, who pays what, how an invoice stands."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from eventkit.errors import Invalid
from eventkit.model.fees import Invoice, Price

MOST = 99_999_999  # cents
ADDRESS_FROM = 250_00  # above it an invoice names its receiver's address (UStDV section 33)
KEPT_YEARS = 8  # AO section 147 (3), UStG section 14b (1), both since 2025
BETWEEN_REMINDERS = timedelta(days=7)
LONGEST_BILLING = 400
BILLING_LINES = 7  # name and address fit the window of the envelope (DIN 5008)

_PLAIN = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?")
_GROUPED = (
    re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d{2})"),
    re.compile(r"(\d{1,3}(?:,\d{3})+)\.(\d{2})"),
)
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
# Countries of the Single Euro Payments Area with the length of their IBAN (ISO 13616).
_IBAN = {
    code: int(length)
    for code, length in (
        pair.split(":")
        for pair in (
            "AD:24 AL:28 AT:20 BE:16 BG:22 CH:21 CY:28 CZ:24 DE:22 DK:18 EE:20 ES:24 FI:18 FR:27 "
            "GB:22 GI:23 GR:27 HR:21 HU:28 IE:22 IS:26 IT:27 LI:21 LT:20 LU:20 LV:21 MC:27 MD:24 "
            "ME:22 MK:19 MT:31 NL:18 NO:15 PL:28 PT:25 RO:24 RS:22 SE:24 SI:19 SK:24 SM:27 VA:22"
        ).split()
    )
}


class Standing(StrEnum):
    """How an invoice stands; `RETURN` is paid although the place was given back."""

    OPEN = "open"
    OVERDUE = "overdue"
    REMINDED = "reminded"
    PAID = "paid"
    RETURN = "return"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    CANCELLATION = "cancellation"


UNPAID = frozenset({Standing.OPEN, Standing.OVERDUE, Standing.REMINDED})


def amount(typed: str) -> int:
    """Cents of an amount as people write it: "25", "25,00", "25.5", "1.250,00", "1,250.00 €".

    Raises Invalid `amount`: no amount, negative, in doubt ("25,000"), or a million and more.
    """
    words = "".join(typed.split()).removesuffix("€").removesuffix("EUR")
    if not words.isascii():
        raise Invalid("amount", field="amount")
    found = _PLAIN.fullmatch(words)
    for pattern in _GROUPED:
        found = found or pattern.fullmatch(words)
    if found is None:
        raise Invalid("amount", field="amount")
    euros = found[1].replace(".", "").replace(",", "")
    cents = int(euros) * 100 + int((found[2] or "0").ljust(2, "0"))
    if cents > MOST:
        raise Invalid("amount", field="amount")
    return cents


def iban(typed: str) -> str:
    """An account number without blanks (ISO 13616: length by country, remainder of 97 is 1).

    Raises Invalid `iban`, also for a country outside the euro payments area.
    """
    number = "".join(typed.split()).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]+", number, re.ASCII):
        raise Invalid("iban", field="iban")
    if _IBAN.get(number[:2]) != len(number):
        raise Invalid("iban", field="iban")
    if int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 != 1:
        raise Invalid("iban", field="iban")
    return number


def bic(typed: str) -> str:
    """A bank's code of 8 or 11 signs (ISO 9362), or nothing. Raises Invalid `bic`."""
    code = "".join(typed.split()).upper()
    if code and not _BIC.fullmatch(code):
        raise Invalid("bic", field="bic")
    return code


def spaced(number: str) -> str:
    """An IBAN in groups of four, as it is read aloud."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def open_to(prices: Iterable[Price], group: int | None) -> list[Price]:
    """The prices somebody of a group may choose from."""
    return [p for p in prices if not p.retired and p.group in (None, group)]


def chosen(prices: Sequence[Price], wanted: int | None, group: int | None) -> int | None:
    """The price somebody registers with; where one alone is possible nothing need be chosen.

    Raises Invalid `price` (one must be chosen) or `price_unknown` (not offered to them).
    """
    possible = open_to(prices, group)
    if wanted is not None:
        if all(price.id != wanted for price in possible):
            raise Invalid("price_unknown", field="price")
        return wanted
    if len(possible) > 1:
        raise Invalid("price", field="price")
    return possible[0].id if possible else None


def today(now: datetime, zone: str) -> date:
    """The day `now` is in the organisation's zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def numbered(year: int, last: str | None) -> str:
    """The number after `last` of a year ("2026-0007"), or its first one."""
    count = int(last.split("-")[1]) if last else 0
    return f"{year}-{count + 1:04d}"


def billed(typed: str, name: str, organisation: str) -> tuple[str, str]:
    """Name and address on an invoice: what was typed, else whoever registered."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines:
        return name, organisation
    return lines[0], "\n".join(lines[1:])


def standing(invoice: Invoice, on: date) -> Standing:
    """How an invoice stands on a day."""
    if invoice.cancels:
        return Standing.CANCELLATION
    if invoice.cancelled_by:
        return Standing.REFUNDED if invoice.settled == "refunded" else Standing.CANCELLED
    if invoice.paid_at is not None:
        return Standing.RETURN if invoice.left and not invoice.settled else Standing.PAID
    if invoice.reminders:
        return Standing.REMINDED
    return Standing.OVERDUE if on > invoice.due_on else Standing.OPEN


def may_remind(invoice: Invoice, now: datetime, zone: str) -> bool:
    """Whether to write again: unpaid after its day, and never twice within seven days."""
    on = today(now, zone)
    if standing(invoice, on) not in UNPAID or on <= invoice.due_on or invoice.left:
        return False
    return invoice.reminded_at is None or now - invoice.reminded_at >= BETWEEN_REMINDERS


def needs_address(invoice: Invoice) -> bool:
    """Whether an invoice is so high that it should name its receiver's address, and does not."""
    return invoice.cents > ADDRESS_FROM and "\n" not in invoice.address


def delete_before(on: date) -> date:
    """The day before which invoices were issued that the law lets go on a day.

    The eight years begin with the end of the year of issue.
    """
    return date(on.year - KEPT_YEARS, 1, 1)
