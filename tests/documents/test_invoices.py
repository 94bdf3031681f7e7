"""Invoices on paper: complete, tagged, addressed for a window, with a code banks can read."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from eventkit.documents import invoices
from eventkit.model.fees import Invoice, Line, Sender
from tests.documents.meeting import tags, words

pytestmark = pytest.mark.xdist_group("papers")
SENDER = Sender(
    name="Netzwerk Schule & Wirtschaft",
    postal="Musterstraße 1\n40210 Düsseldorf",
    email="buero@example.org",
    tax_number="133/5900/1234",
    tax_note="Umsatzsteuerfrei nach § 4 Nr. 22 a UStG.",
    holder="Netzwerk Schule & Wirtschaft e. V.",
    iban="DE89370400440532013000",
    meeting="Frühjahrstreffen der Mentor*innen",
    served="Freitag, 12. März 2027, 10–16 Uhr",
)
INVOICE = Invoice(
    id=1,
    number="2027-0012",
    event_id=1,
    registration_id=1,
    issued_at=datetime(2027, 1, 18, 23, 30, tzinfo=UTC),
    due_on=date(2027, 2, 2),
    language="de",
    name="Amt für Łukasz’ <Kunst>",
    address="Weg 1\n12345 Ort",
    lines=(Line("Gast", 2, 62550),),
    cents=125_100,
    sender=SENDER,
)


def test_an_invoice_says_everything_the_law_asks(shared_press):
    """R63"""
    octets = invoices.invoice(INVOICE, accent="#0f5b66", press=shared_press)
    reader = PdfReader(BytesIO(octets))
    assert len(reader.pages) == 1
    text = words(reader)
    for told in (
        "Rechnung 2027-0012",
        "19. Januar 2027",
        "Amt für Łukasz’ <Kunst>",
        "12345 Ort",
        "Netzwerk Schule & Wirtschaft · Musterstraße 1 · 40210 Düsseldorf",
        "Steuernummer 133/5900/1234",
        "Umsatzsteuerfrei nach § 4 Nr. 22 a UStG.",
        "Frühjahrstreffen der Mentor*innen",
        "Freitag, 12. März 2027, 10–16 Uhr",
        "625,50 €",
        "1.251,00 €",
        "bis zum 2. Februar 2027",
        "DE89 3704 0044 0532 0130 00",
    ):
        assert told in text.replace("\xa0", " "), told
    assert reader.trailer["/Root"]["/Lang"] == "de"
    assert {"/H1", "/H2", "/TH", "/Figure"} <= {name for name, _ in tags(reader)}
    assert octets == invoices.invoice(INVOICE, accent="#0f5b66", press=shared_press)
    cancelled = replace(INVOICE, number="2027-0013", cancels="2027-0012", cents=-125_100)
    lines = (Line("Guest", -2, 62550),)
    cancelled = replace(cancelled, lines=lines, language="en")
    reader = PdfReader(BytesIO(invoices.invoice(cancelled, accent="#0f5b66", press=shared_press)))
    text = words(reader)
    assert "Cancellation 2027-0013" in text
    assert "-€1,251.00" in text
    assert "IBAN" not in text
    paid = replace(INVOICE, paid_at=datetime(2027, 1, 20, 12, tzinfo=UTC))
    text = words(
        PdfReader(BytesIO(invoices.receipt(paid, accent="#0f5b66", press=shared_press)))
    ).replace("\xa0", " ")
    assert "am 20. Januar 2027 1.251,00 € dankend erhalten" in text


def test_the_code_holds_the_lines_banks_expect(monkeypatch):
    """EPC069-12: service tag, version, characters, kind, bank, name, account, amount, words."""
    kept = []
    make = invoices.helpers.segno.make_qr
    monkeypatch.setattr(
        invoices.helpers.segno,
        "make_qr",
        lambda data, **more: kept.append(data) or make(data, **more),
    )
    assert invoices.girocode(SENDER, 125_100, "2027-0012").startswith(b"\x89PNG")
    assert kept[0].decode().split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "",
        "Netzwerk Schule & Wirtschaft e. V.",
        "DE89370400440532013000",
        "EUR1251",
        "",
        "",
        "2027-0012",
    ]
    with pytest.raises(ValueError, match="amount"):
        invoices.girocode(SENDER, 0, "2027-0012")
