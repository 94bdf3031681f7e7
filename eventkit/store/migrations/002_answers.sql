-- Answers to invites: the mailbox they come from, what came in, what follows from a "no";
-- and what makes personal feeds revocable.

ALTER TABLE events ADD COLUMN decline_rule TEXT NOT NULL DEFAULT 'confirm'
    CHECK (decline_rule IN ('at_once', 'confirm', 'note'));
ALTER TABLE people ADD COLUMN nonce BLOB CHECK (nonce IS NULL OR length(nonce) >= 16);
ALTER TABLE registrations ADD COLUMN feed_nonce BLOB CHECK (feed_nonce IS NULL OR length(feed_nonce) >= 16);

-- What came into the mailbox. `message` is the SHA-256 of the Message-ID (or of the octets
-- without one), so that the same mail counts once. `open` means: a person should look at it.
CREATE TABLE replies (
    id INTEGER PRIMARY KEY,
    message TEXT NOT NULL UNIQUE CHECK (length(message) = 64),
    received_at TEXT NOT NULL CHECK (received_at LIKE '____-__-__T__:__:__Z'),
    sender TEXT NOT NULL DEFAULT '',
    attendee TEXT NOT NULL DEFAULT '',
    uid TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('matched', 'unmatched', 'unreadable')),
    reason TEXT NOT NULL DEFAULT '',
    open INTEGER NOT NULL DEFAULT 0 CHECK (open IN (0, 1)),
    event_id INTEGER REFERENCES events(id) ON DELETE CASCADE,
    registration_id INTEGER REFERENCES registrations(id) ON DELETE SET NULL,
    answer TEXT NOT NULL DEFAULT '',
    sequence INTEGER,
    stamp TEXT CHECK (stamp IS NULL OR stamp LIKE '____-__-__T__:__:__Z'),
    wanted_starts_at TEXT,
    wanted_ends_at TEXT,
    excerpt TEXT NOT NULL DEFAULT '' CHECK (length(excerpt) <= 1000)
) STRICT;
CREATE INDEX replies_by_registration ON replies (registration_id, id);
CREATE INDEX replies_open ON replies (open, id);

-- How far each mailbox was read and how it is. `name` is a hash of its address.
CREATE TABLE mailboxes (
    name TEXT PRIMARY KEY CHECK (length(name) = 64),
    validity INTEGER NOT NULL DEFAULT 0,
    last_uid INTEGER NOT NULL DEFAULT 0,
    asked_at TEXT,
    good_at TEXT,
    next_at TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- Invites to nobody's meeting, sent to one's own address to see what becomes of them.
CREATE TABLE trials (
    uid TEXT PRIMARY KEY CHECK (length(uid) >= 32),
    started_at TEXT NOT NULL CHECK (started_at LIKE '____-__-__T__:__:__Z'),
    answer TEXT NOT NULL DEFAULT '',
    answered_at TEXT
) STRICT, WITHOUT ROWID;
