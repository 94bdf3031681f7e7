-- Fees: whom an invoice is for, what it said of its sender, what became of a paid one.

ALTER TABLE registrations ADD COLUMN billing TEXT NOT NULL DEFAULT '';

-- Sender, account and note on tax as they were when the invoice was issued.
ALTER TABLE invoices ADD COLUMN printed TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(printed));
ALTER TABLE invoices ADD COLUMN settled TEXT CHECK (settled IN ('refunded', 'kept'));
ALTER TABLE invoices ADD COLUMN settled_at TEXT
    CHECK (settled_at IS NULL OR settled_at LIKE '____-__-__T__:__:__Z');

-- What was issued stays as it was; only what happens to it afterwards is written beside it.
CREATE TRIGGER invoices_stay BEFORE UPDATE OF
    number, event_id, cancels_id, issued_at, due_on, language, name, address, lines, cents, printed
ON invoices BEGIN
    SELECT raise(ABORT, 'an issued invoice is never changed');
END;
