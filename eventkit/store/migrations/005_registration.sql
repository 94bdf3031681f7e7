-- Registration in full: groups and quotas, codes and invitations, offers, companions, fees, imports.

ALTER TABLE events ADD COLUMN per_organisation INTEGER
    CHECK (per_organisation IS NULL OR per_organisation >= 1);
ALTER TABLE events ADD COLUMN offer_hours INTEGER NOT NULL DEFAULT 0
    CHECK (offer_hours BETWEEN 0 AND 720);
ALTER TABLE events ADD COLUMN admission TEXT NOT NULL DEFAULT 'open'
    CHECK (admission IN ('open', 'closed'));
ALTER TABLE events ADD COLUMN companions INTEGER NOT NULL DEFAULT 0
    CHECK (companions BETWEEN 0 AND 9);
ALTER TABLE events ADD COLUMN party_size INTEGER NOT NULL DEFAULT 1
    CHECK (party_size BETWEEN 1 AND 20);
ALTER TABLE events ADD COLUMN photo_consent INTEGER NOT NULL DEFAULT 0 CHECK (photo_consent IN (0, 1));
ALTER TABLE events ADD COLUMN attendee_list INTEGER NOT NULL DEFAULT 0 CHECK (attendee_list IN (0, 1));

-- Kinds of attendees (members, guests, press). `open_to`: whom the form offers it.
CREATE TABLE attendee_groups (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL CHECK (json_valid(name)),
    open_to TEXT NOT NULL DEFAULT 'everyone' CHECK (open_to IN ('everyone', 'code', 'invitation')),
    retired_at TEXT
) STRICT;
CREATE INDEX attendee_groups_by_event ON attendee_groups (event_id, position);

-- Places for some of the groups together. Quotas may overlap; a seat needs room in every one
-- that holds its group, and in the meeting's capacity.
CREATE TABLE quotas (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL CHECK (json_valid(name)),
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 0 AND 100000)
) STRICT;
CREATE INDEX quotas_by_event ON quotas (event_id, position);

CREATE TABLE quota_groups (
    quota_id INTEGER NOT NULL REFERENCES quotas(id) ON DELETE CASCADE,
    group_id INTEGER NOT NULL REFERENCES attendee_groups(id) ON DELETE CASCADE,
    PRIMARY KEY (quota_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX quota_groups_by_group ON quota_groups (group_id);

-- Words that open a closed meeting or a group to several people.
CREATE TABLE codes (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    code TEXT NOT NULL CHECK (code <> ''),
    code_key TEXT NOT NULL CHECK (code_key <> ''),
    group_id INTEGER REFERENCES attendee_groups(id),
    uses INTEGER CHECK (uses IS NULL OR uses >= 1),
    valid_until TEXT CHECK (valid_until IS NULL OR valid_until LIKE '____-__-__T__:__:__Z'),
    note TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    ended_at TEXT,
    UNIQUE (event_id, code_key)
) STRICT;

-- Personal invitations, one registration each. The link is derived from `nonce`.
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    organisation TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL CHECK (language IN ('de', 'en')),
    group_id INTEGER REFERENCES attendee_groups(id),
    nonce BLOB NOT NULL CHECK (length(nonce) >= 16),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    sent_at TEXT CHECK (sent_at IS NULL OR sent_at LIKE '____-__-__T__:__:__Z'),
    reminded_at TEXT CHECK (reminded_at IS NULL OR reminded_at LIKE '____-__-__T__:__:__Z'),
    reminders INTEGER NOT NULL DEFAULT 0,
    declined_at TEXT CHECK (declined_at IS NULL OR declined_at LIKE '____-__-__T__:__:__Z'),
    revoked_at TEXT CHECK (revoked_at IS NULL OR revoked_at LIKE '____-__-__T__:__:__Z'),
    registration_id INTEGER REFERENCES registrations(id) ON DELETE SET NULL,
    anonymised_at TEXT
) STRICT;
CREATE UNIQUE INDEX one_invitation ON invitations (event_id, email_key) WHERE anonymised_at IS NULL;
CREATE INDEX invitations_by_registration ON invitations (registration_id);

-- Whoever wants one letter when registration opens; the row goes when it was written.
CREATE TABLE openings (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('de', 'en')),
    nonce BLOB NOT NULL CHECK (length(nonce) >= 16),
    asked_at TEXT NOT NULL CHECK (asked_at LIKE '____-__-__T__:__:__Z'),
    UNIQUE (event_id, email_key)
) STRICT;

-- What taking part costs; 0 is free. With a group only for that group. Money in cents of a euro.
CREATE TABLE prices (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL CHECK (json_valid(name)),
    cents INTEGER NOT NULL CHECK (cents BETWEEN 0 AND 99999999),
    group_id INTEGER REFERENCES attendee_groups(id),
    retired_at TEXT
) STRICT;
CREATE INDEX prices_by_event ON prices (event_id, position);

-- A file of attendees taken in as a whole, and taken back as a whole.
CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    at TEXT NOT NULL CHECK (at LIKE '____-__-__T__:__:__Z'),
    actor TEXT NOT NULL,
    filename TEXT NOT NULL DEFAULT '',
    rows INTEGER NOT NULL CHECK (rows >= 0),
    undone_at TEXT CHECK (undone_at IS NULL OR undone_at LIKE '____-__-__T__:__:__Z')
) STRICT;
CREATE INDEX imports_by_event ON imports (event_id, id);

-- The registrations with what is new; SQLite can't change a CHECK in place.
CREATE TABLE registrations_new (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id),
    uid TEXT NOT NULL UNIQUE CHECK (length(uid) >= 32),
    sequence INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
    attempt TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    organisation TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL DEFAULT '',
    access_needs TEXT NOT NULL DEFAULT '',
    diet TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL CHECK (language IN ('de', 'en')),
    state TEXT NOT NULL CHECK (state IN ('requested', 'offered', 'confirmed', 'waiting', 'cancelled', 'attended')),
    nonce BLOB NOT NULL CHECK (length(nonce) >= 16),
    offered_until TEXT,
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z'),
    confirmed_at TEXT,
    cancelled_at TEXT CHECK ((cancelled_at IS NOT NULL) = (state = 'cancelled')),
    cancelled_by TEXT CHECK (cancelled_by IN ('guest', 'organiser', 'meeting', 'lapse')),
    attended_at TEXT,
    anonymised_at TEXT,
    feed_nonce BLOB CHECK (feed_nonce IS NULL OR length(feed_nonce) >= 16),
    group_id INTEGER REFERENCES attendee_groups(id),
    places INTEGER NOT NULL DEFAULT 1 CHECK (places BETWEEN 1 AND 20),
    organisation_key TEXT NOT NULL DEFAULT '',
    party TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT 'form' CHECK (source IN ('form', 'invitation', 'desk', 'import', 'door')),
    code_id INTEGER REFERENCES codes(id) ON DELETE SET NULL,
    price_id INTEGER REFERENCES prices(id),
    import_id INTEGER REFERENCES imports(id) ON DELETE SET NULL,
    UNIQUE (event_id, attempt)
) STRICT;
INSERT INTO registrations_new (id, event_id, uid, sequence, attempt, name, email, email_key, organisation, role, access_needs, diet, language, state, nonce, offered_until, created_at, changed_at, confirmed_at, cancelled_at, cancelled_by, attended_at, anonymised_at, feed_nonce)
    SELECT id, event_id, uid, sequence, attempt, name, email, email_key, organisation, role, access_needs, diet, language, state, nonce, offered_until, created_at, changed_at, confirmed_at, cancelled_at, cancelled_by, attended_at, anonymised_at, feed_nonce FROM registrations;
UPDATE registrations_new SET organisation_key = fold(organisation);
DROP TABLE registrations;
ALTER TABLE registrations_new RENAME TO registrations;
CREATE UNIQUE INDEX one_live_registration ON registrations (event_id, email_key)
    WHERE state <> 'cancelled' AND anonymised_at IS NULL;
CREATE INDEX registrations_by_state ON registrations (event_id, state, id);
CREATE INDEX registrations_by_address ON registrations (email_key);
CREATE INDEX registrations_by_organisation ON registrations (event_id, organisation_key)
    WHERE organisation_key <> '';
CREATE INDEX registrations_offered ON registrations (offered_until) WHERE state = 'offered';
CREATE INDEX registrations_by_code ON registrations (code_id) WHERE code_id IS NOT NULL;
CREATE INDEX registrations_by_import ON registrations (import_id) WHERE import_id IS NOT NULL;

-- Persons that somebody brings along; `places` of the registration counts them.
CREATE TABLE companions (
    registration_id INTEGER NOT NULL REFERENCES registrations(id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 1),
    name TEXT NOT NULL,
    PRIMARY KEY (registration_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens_new (
    hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
    purpose TEXT NOT NULL CHECK (purpose IN ('registration', 'feed', 'speaker', 'speaker_feed', 'newsletter', 'password',
        'ticket', 'invitation', 'opening')),
    subject_id INTEGER NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    expires_at TEXT,
    revoked_at TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO tokens_new SELECT * FROM tokens;
DROP TABLE tokens;
ALTER TABLE tokens_new RENAME TO tokens;
CREATE INDEX tokens_by_subject ON tokens (purpose, subject_id);

-- Letters in an organisation's own words: of one meeting, or (event_id NULL) of all.
CREATE TABLE wordings (
    id INTEGER PRIMARY KEY,
    event_id INTEGER REFERENCES events(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(subject)),
    body TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(body)),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z')
) STRICT;
CREATE UNIQUE INDEX one_wording ON wordings (coalesce(event_id, 0), kind);

-- Letters to many: to a filtered group, at once or later, or a reminder before the meeting
-- (`before_minutes`), which moves with it.
CREATE TABLE mailings (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('message', 'reminder')),
    subject TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(subject)),
    body TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(body)),
    filter TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(filter)),
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'scheduled', 'paused', 'sent')),
    before_minutes INTEGER CHECK (before_minutes IS NULL OR before_minutes > 0),
    due_at TEXT CHECK (due_at IS NULL OR due_at LIKE '____-__-__T__:__:__Z'),
    sent_at TEXT CHECK (sent_at IS NULL OR sent_at LIKE '____-__-__T__:__:__Z'),
    receivers INTEGER,
    created_by TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z')
) STRICT;
CREATE INDEX mailings_by_event ON mailings (event_id, id);
CREATE INDEX mailings_due ON mailings (state, due_at);
ALTER TABLE letters ADD COLUMN mailing_id INTEGER REFERENCES mailings(id) ON DELETE SET NULL;
CREATE INDEX letters_by_mailing ON letters (mailing_id);
ALTER TABLE letters ADD COLUMN invitation_id INTEGER REFERENCES invitations(id) ON DELETE SET NULL;

-- Where fees go, and how invoices are numbered.
ALTER TABLE organisation ADD COLUMN account_holder TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN iban TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN bic TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN tax_number TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN tax_note TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(tax_note));
ALTER TABLE organisation ADD COLUMN payment_days INTEGER NOT NULL DEFAULT 14
    CHECK (payment_days BETWEEN 0 AND 365);

-- Invoices are never changed or deleted: a mistake is cancelled by another one (`cancels_id`).
-- The law keeps them ten years (§ 147 AO), longer than the registration keeps its person.
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE CHECK (number <> ''),
    event_id INTEGER NOT NULL REFERENCES events(id),
    registration_id INTEGER REFERENCES registrations(id) ON DELETE SET NULL,
    cancels_id INTEGER UNIQUE REFERENCES invoices(id),
    issued_at TEXT NOT NULL CHECK (issued_at LIKE '____-__-__T__:__:__Z'),
    due_on TEXT NOT NULL CHECK (due_on LIKE '____-__-__'),
    language TEXT NOT NULL CHECK (language IN ('de', 'en')),
    name TEXT NOT NULL,
    address TEXT NOT NULL DEFAULT '',
    lines TEXT NOT NULL CHECK (json_valid(lines)),
    cents INTEGER NOT NULL,
    paid_at TEXT CHECK (paid_at IS NULL OR paid_at LIKE '____-__-__T__:__:__Z'),
    reminded_at TEXT CHECK (reminded_at IS NULL OR reminded_at LIKE '____-__-__T__:__:__Z'),
    reminders INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX invoices_by_event ON invoices (event_id, id);
CREATE INDEX invoices_by_registration ON invoices (registration_id);
