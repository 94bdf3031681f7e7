"""What a letter says of somebody's fee, in words of its language."""

from datetime import date

from eventkit import language as words
from eventkit.model.letter import Facts
from eventkit.rules import fees


def context(facts: Facts, language: str) -> dict[str, object]:
    """The fee as the templates name it; None where nothing is to be paid."""
    fee = facts.fee
    if fee is None:
        return {"fee": None}
    return {
        "fee": {
            "state": fee.state,
            "amount": words.money(fee.cents, language),
            "number": fee.number,
            "cancelled_by": fee.cancelled_by,
            "holder": fee.holder,
            "iban": fees.spaced(fee.iban),
            "bic": fee.bic,
            "due": _day(fee.due_on, language),
            "paid": _day(fee.paid_on, language),
        }
    }


def _day(iso: str, language: str) -> str:
    return words.day(date.fromisoformat(iso), "UTC", language, weekday=False) if iso else ""
