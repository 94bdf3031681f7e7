"""What taking part costs, to whom it is paid, and the invoices that say so. Money in euro cents."""

from dataclasses import dataclass
from datetime import date, datetime

from eventkit.model.text import NOTHING, Text


@dataclass(frozen=True, slots=True)
class Price:
    """What one person pays; 0 is free. With `group` only for those of that group.

    A retired one is offered to nobody any more and stays for those who chose it.
    """

    id: int
    name: Text
    cents: int
    group: int | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Where fees go, and what the organisation's invoices say of tax.

    `holder` may be longer than the 70 characters a Girocode takes; `days` is how long
    somebody has to pay after the day of the invoice.
    """

    holder: str = ""
    iban: str = ""
    bic: str = ""
    tax_number: str = ""
    tax_note: Text = NOTHING
    days: int = 14

    @property
    def complete(self) -> bool:
        """Whether money can be sent there."""
        return bool(self.holder and self.iban)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice: `count` times `cents` for `words`, in the invoice's language."""

    words: str
    count: int
    cents: int


@dataclass(frozen=True, slots=True)
class Sender:
    """Everything an invoice prints besides its lines, as it was on the day of issue.

    `served` is the day or days of the meeting in words of the invoice's language.
    """

    name: str = ""
    postal: str = ""
    email: str = ""
    website: str = ""
    tax_number: str = ""
    tax_note: str = ""
    holder: str = ""
    iban: str = ""
    bic: str = ""
    meeting: str = ""
    served: str = ""
    zone: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice, or (with `cancels`, the other's number) the cancellation of one.

    Issued ones never change. `cents` is the sum, negative for a cancellation. `cancelled_by`
    is the number of the one that cancels this. `paid_at`, `reminded_at` and `settled_at` are
    UTC; `settled` says what became of money that was paid by somebody who then did not come:
    "refunded" or "kept". `left` says that the registration ended.
    """

    id: int
    number: str
    event_id: int
    registration_id: int | None
    issued_at: datetime
    due_on: date
    language: str
    name: str
    address: str
    lines: tuple[Line, ...]
    cents: int
    sender: Sender
    cancels: str = ""
    cancelled_by: str = ""
    paid_at: datetime | None = None
    reminded_at: datetime | None = None
    reminders: int = 0
    settled: str = ""
    settled_at: datetime | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Fee:
    """What a letter or page says of somebody's fee.

    `state`: "later" (no place yet, nothing to pay), "open", "paid", "cancelled" (the invoice
    is cancelled by `cancelled_by`) or "returned" (paid, and the place given back). `due_on`
    is an ISO date; `holder`, `iban`, `bic` say where to, `number` is the invoice's and the
    words to give with the transfer.
    """

    cents: int
    state: str
    number: str = ""
    due_on: str = ""
    holder: str = ""
    iban: str = ""
    bic: str = ""
    cancelled_by: str = ""
    paid_on: str = ""
