"""Prices, the organisation's account, and invoices, which are written once."""

import dataclasses
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from eventkit.model.fees import Account, Invoice, Line, Price, Sender
from eventkit.store.rows import Row, Store, column, instant, instant_or_none, pattern, text

_INVOICES = """SELECT i.*, o.number AS cancels, c.number AS cancelled_by,
       coalesce(r.state = 'cancelled', 0) AS gone
  FROM invoices i
  LEFT JOIN invoices o ON o.id = i.cancels_id
  LEFT JOIN invoices c ON c.cancels_id = i.id
  LEFT JOIN registrations r ON r.id = i.registration_id"""


def account(store: Store) -> Account:
    """Where fees go; an empty one before anything was set."""
    row = store.one("SELECT * FROM organisation WHERE id = 1")
    if row is None:
        return Account()
    return Account(
        holder=row["account_holder"],
        iban=row["iban"],
        bic=row["bic"],
        tax_number=row["tax_number"],
        tax_note=text(row["tax_note"]),
        days=row["payment_days"],
    )


def save_account(store: Store, wanted: Account) -> None:
    """Write down where fees go; the organisation must exist."""
    store.update(
        "organisation",
        1,
        account_holder=wanted.holder,
        iban=wanted.iban,
        bic=wanted.bic,
        tax_number=wanted.tax_number,
        tax_note=wanted.tax_note,
        payment_days=wanted.days,
    )


def prices(store: Store, event_id: int, *, retired: bool = False) -> tuple[Price, ...]:
    """The prices of a meeting in the organiser's order; with `retired` also the former ones."""
    sql = "SELECT * FROM prices WHERE event_id = :id"
    sql += "" if retired else " AND retired_at IS NULL"
    return tuple(_price(row) for row in store.all(f"{sql} ORDER BY position, id", id=event_id))


def _price(row: Row) -> Price:
    return Price(
        id=row["id"],
        name=text(row["name"]),
        cents=row["cents"],
        group=row["group_id"],
        retired=row["retired_at"] is not None,
    )


def save_price(store: Store, event_id: int, wanted: Price) -> int:
    """Write a price down; a new one (id 0) comes last. Returns its id."""
    values: dict[str, Any] = {"name": wanted.name, "cents": wanted.cents, "group_id": wanted.group}
    if wanted.id:
        store.update("prices", wanted.id, **values)
        return wanted.id
    sql = "SELECT coalesce(max(position), 0) FROM prices WHERE event_id = :id"
    last = store.value(sql, id=event_id)
    return store.insert("prices", event_id=event_id, position=last + 1, **values)


def remove_price(store: Store, price_id: int, *, at: datetime) -> None:
    """Delete a price nobody chose; retire one that somebody has."""
    if store.one("SELECT 1 FROM registrations WHERE price_id = :id", id=price_id):
        store.update("prices", price_id, retired_at=at)
    else:
        store.run("DELETE FROM prices WHERE id = :id", id=price_id)


def order(store: Store, price_ids: Sequence[int]) -> None:
    """Put prices in this order."""
    for position, price_id in enumerate(price_ids, 1):
        store.update("prices", price_id, position=position)


def users(store: Store, event_id: int) -> dict[int, int]:
    """How many live registrations chose each price, by its id."""
    rows = store.all(
        """SELECT price_id, count(*) AS n FROM registrations
           WHERE event_id = :id AND price_id IS NOT NULL AND state <> 'cancelled'
           GROUP BY price_id""",
        id=event_id,
    )
    return {row["price_id"]: row["n"] for row in rows}


def set_billing(store: Store, registration_id: int, billing: str) -> None:
    """Write down to whom somebody's invoice goes."""
    store.update("registrations", registration_id, billing=billing)


def set_price(store: Store, registration_id: int, price_id: int | None) -> None:
    """Write down which price somebody pays."""
    store.update("registrations", registration_id, price_id=price_id)


def last_number(store: Store, year: int) -> str | None:
    """The highest number of a year, None before its first invoice."""
    found: str | None = store.value(
        """SELECT number FROM invoices WHERE number LIKE :year || '-%'
           ORDER BY length(number) DESC, number DESC LIMIT 1""",
        year=str(year),
    )
    return found


def issue(store: Store, wanted: Invoice, *, cancels: int | None = None) -> int:
    """Insert an invoice (its id is not used) for good; returns the id."""
    return store.insert(
        "invoices",
        number=wanted.number,
        event_id=wanted.event_id,
        registration_id=wanted.registration_id,
        cancels_id=cancels,
        issued_at=wanted.issued_at,
        due_on=wanted.due_on.isoformat(),
        language=wanted.language,
        name=wanted.name,
        address=wanted.address,
        lines=json.dumps([dataclasses.asdict(line) for line in wanted.lines], ensure_ascii=False),
        cents=wanted.cents,
        printed=json.dumps(dataclasses.asdict(wanted.sender), ensure_ascii=False),
        paid_at=wanted.paid_at,
    )


def invoices(store: Store, event_id: int, words: str = "") -> list[Invoice]:
    """The invoices of a meeting in the order of issue; `words` search number and receiver."""
    sql = f"""{_INVOICES} WHERE i.event_id = :id AND (:words = '%%' OR
              fold(i.number || ' ' || i.name || ' ' || i.address) LIKE :words ESCAPE '!')
              ORDER BY i.id"""
    return [_invoice(row) for row in store.all(sql, id=event_id, words=pattern(words))]


def invoice(store: Store, event_id: int, number: str) -> Invoice | None:
    """An invoice of a meeting by its number."""
    sql = f"{_INVOICES} WHERE i.event_id = :id AND i.number = :number"
    row = store.one(sql, id=event_id, number=number)
    return _invoice(row) if row else None


def of_registration(store: Store, registration_id: int) -> list[Invoice]:
    """All invoices and cancellations of a registration, the oldest first."""
    sql = f"{_INVOICES} WHERE i.registration_id = :id ORDER BY i.id"
    return [_invoice(row) for row in store.all(sql, id=registration_id)]


def valid(store: Store, registration_id: int) -> Invoice | None:
    """The invoice of a registration that is not cancelled, if there is one."""
    found = of_registration(store, registration_id)
    return next((i for i in reversed(found) if not i.cancels and not i.cancelled_by), None)


def uninvoiced(store: Store, event_id: int) -> list[int]:
    """The registrations with a certain place and a fee for which no invoice stands."""
    rows = store.all(
        """SELECT r.id FROM registrations r JOIN prices p ON p.id = r.price_id
           WHERE r.event_id = :id AND r.state IN ('confirmed', 'attended') AND p.cents > 0
             AND r.anonymised_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM invoices i WHERE i.registration_id = r.id
               AND i.cancels_id IS NULL
               AND (i.settled IS NOT NULL OR NOT EXISTS
                 (SELECT 1 FROM invoices c WHERE c.cancels_id = i.id)))
           ORDER BY r.id""",
        id=event_id,
    )
    return [row["id"] for row in rows]


def set_paid(store: Store, invoice_id: int, at: datetime | None) -> None:
    """Note when an invoice was paid, or that it was not."""
    store.update("invoices", invoice_id, paid_at=at)


def settle(store: Store, invoice_id: int, how: str, *, at: datetime) -> None:
    """Note what became of money that was paid for nothing: "refunded" or "kept"."""
    store.update("invoices", invoice_id, settled=how, settled_at=at)


def reminded(store: Store, invoice_id: int, *, at: datetime) -> None:
    """Note that a reminder is on its way."""
    store.run(
        "UPDATE invoices SET reminded_at = :at, reminders = reminders + 1 WHERE id = :id",
        id=invoice_id,
        at=column(at),
    )


def forget_invoices(store: Store, issued_before: datetime) -> int:
    """Delete invoices whose time of keeping is over; one that a younger one cancels waits."""
    old = "issued_at < :before"
    touched = store.run(
        f"""DELETE FROM invoices WHERE {old} AND cancels_id IS NOT NULL AND cancels_id IN
            (SELECT id FROM invoices WHERE {old})""",
        before=column(issued_before),
    )
    return touched + store.run(
        f"""DELETE FROM invoices WHERE {old} AND NOT EXISTS
            (SELECT 1 FROM invoices c WHERE c.cancels_id = invoices.id)""",
        before=column(issued_before),
    )


def _invoice(row: Row) -> Invoice:
    return Invoice(
        id=row["id"],
        number=row["number"],
        event_id=row["event_id"],
        registration_id=row["registration_id"],
        issued_at=instant(row["issued_at"]),
        due_on=date.fromisoformat(row["due_on"]),
        language=row["language"],
        name=row["name"],
        address=row["address"],
        lines=tuple(Line(**line) for line in json.loads(row["lines"])),
        cents=row["cents"],
        sender=Sender(**json.loads(row["printed"])),
        cancels=row["cancels"] or "",
        cancelled_by=row["cancelled_by"] or "",
        paid_at=instant_or_none(row["paid_at"]),
        reminded_at=instant_or_none(row["reminded_at"]),
        reminders=row["reminders"],
        settled=row["settled"] or "",
        settled_at=instant_or_none(row["settled_at"]),
        left=bool(row["gone"]),
    )
