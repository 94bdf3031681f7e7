"""Forms about fees: the account, a price, a payment, the address of an invoice."""

from wtforms import SelectField, StringField, TextAreaField

from eventkit.errors import Invalid
from eventkit.model.fees import Account, Price
from eventkit.model.places import Group
from eventkit.rules import fees
from eventkit.web.forms.base import Form, Required, complain, day, line, number, options
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.forms.refusals import sentence
from eventkit.web.forms.visitors import VisitorForm, many_lines, one_line
from eventkit.web.language import gettext as _
from eventkit.web.language import plain


class AccountForm(Form):
    """Where fees go, and what invoices say of tax."""

    holder = line(_l("Account holder"), Required(), longest=70)
    iban = line(_l("IBAN"), Required(), longest=60)
    bic = line(_l("BIC"), longest=20)
    days = number(_l("Days to pay"), 0, 365, Required())
    tax_number = line(_l("Tax number or VAT id"), longest=60)
    tax_note_de = line(_l("Note on tax in German"), lang="de")
    tax_note_en = line(_l("Note on tax in English"), lang="en")

    def account(self) -> Account:
        """The account the fields make; the actions check it."""
        return Account(
            holder=self.holder.data or "",
            iban=self.iban.data or "",
            bic=self.bic.data or "",
            tax_number=self.tax_number.data or "",
            tax_note=self.text("tax_note"),
            days=self.days.data if self.days.data is not None else -1,
        )


def account_fields(found: Account) -> dict[str, object]:
    """The fields of the form for the account as it is."""
    return {
        "holder": found.holder,
        "iban": fees.spaced(found.iban),
        "bic": found.bic,
        "days": found.days,
        "tax_number": found.tax_number,
        "tax_note_de": found.tax_note.de,
        "tax_note_en": found.tax_note.en,
    }


class PriceForm(Form):
    """What taking part costs for one kind of people."""

    name_de = line(_l("Name in German"), lang="de", longest=120)
    name_en = line(_l("Name in English"), lang="en", longest=120)
    amount = StringField(_l("Amount in euro"), [Required()], filters=[one_line])
    group = SelectField(_l("Only for"), choices=[], validate_choice=False)

    def offer(self, groups: tuple[Group, ...]) -> None:
        """Give the groups of the meeting as choices."""
        pairs = [(str(group.id), plain(group.name)) for group in groups]
        self.group.choices = options([("", _("Everybody")), *pairs])

    def price(self, price_id: int) -> Price | None:
        """The price the fields make; None when the amount is none, said at its field."""
        try:
            cents = fees.amount(self.amount.data or "")
        except Invalid as error:
            complain(self, "amount", sentence(error.code))
            return None
        typed = self.group.data or ""
        known = typed.isascii() and typed.isdigit() and len(typed) < 10
        return Price(price_id, self.text("name"), cents, int(typed) if known else None)


class PaidForm(Form):
    """The day on which money arrived."""

    on = day(_l("Paid on"), Required())


class BillingForm(VisitorForm):
    """Name and address of an invoice, as a guest writes them."""

    billing = TextAreaField(_l("Address for the invoice"), filters=[many_lines])
