-- Planning and publishing a programme; what speakers say and deliver; what guests marked.

-- The speaker's own page: its link is derived from `link_nonce` (the feed's from `nonce`).
ALTER TABLE people ADD COLUMN link_nonce BLOB CHECK (link_nonce IS NULL OR length(link_nonce) >= 16);
ALTER TABLE people ADD COLUMN language TEXT NOT NULL DEFAULT '' CHECK (language IN ('', 'de', 'en'));

-- What somebody says about taking part in a meeting.
CREATE TABLE appearances (
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'declined')),
    answered_at TEXT CHECK (answered_at IS NULL OR answered_at LIKE '____-__-__T__:__:__Z'),
    remark TEXT NOT NULL DEFAULT '',
    technical TEXT NOT NULL DEFAULT '',
    asked_at TEXT CHECK (asked_at IS NULL OR asked_at LIKE '____-__-__T__:__:__Z'),
    reminded_at TEXT CHECK (reminded_at IS NULL OR reminded_at LIKE '____-__-__T__:__:__Z'),
    reminders INTEGER NOT NULL DEFAULT 0 CHECK (reminders >= 0),
    PRIMARY KEY (event_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX appearances_by_person ON appearances (person_id);

-- When somebody can be there; no row means at any time of the meeting.
CREATE TABLE availabilities (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
    starts_at TEXT NOT NULL CHECK (starts_at LIKE '____-__-__T__:__:__Z'),
    ends_at TEXT NOT NULL CHECK (ends_at LIKE '____-__-__T__:__:__Z' AND ends_at > starts_at)
) STRICT;
CREATE INDEX availabilities_by_event ON availabilities (event_id, person_id, starts_at);

-- Steps of editing a draft, newest last: `before` restores the items a step touched.
CREATE TABLE draft_steps (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    at TEXT NOT NULL CHECK (at LIKE '____-__-__T__:__:__Z'),
    actor TEXT NOT NULL,
    verb TEXT NOT NULL,
    before TEXT NOT NULL CHECK (json_valid(before))
) STRICT;
CREATE INDEX draft_steps_by_event ON draft_steps (event_id, id);

ALTER TABLE letters ADD COLUMN person_id INTEGER REFERENCES people(id) ON DELETE SET NULL;
CREATE INDEX letters_by_person ON letters (person_id);

-- Items a guest wants to see, beyond the workshops chosen.
CREATE TABLE marked_items (
    registration_id INTEGER NOT NULL REFERENCES registrations(id) ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES agenda_items(id) ON DELETE CASCADE,
    PRIMARY KEY (registration_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX marked_items_by_item ON marked_items (item_id);

ALTER TABLE events ADD COLUMN site_plan TEXT REFERENCES files(sha256);
ALTER TABLE events ADD COLUMN site_plan_alt TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(site_plan_alt));

-- Uploads under way: parts lie in the data folder until all `size` bytes are there.
CREATE TABLE uploads (
    public_id TEXT PRIMARY KEY CHECK (length(public_id) >= 10),
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    person_id INTEGER REFERENCES people(id) ON DELETE CASCADE,
    organiser_id INTEGER REFERENCES organisers(id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    received INTEGER NOT NULL DEFAULT 0 CHECK (received BETWEEN 0 AND size),
    wish TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(wish)),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z'),
    CHECK ((person_id IS NULL) <> (organiser_id IS NULL))
) STRICT;
CREATE INDEX uploads_by_time ON uploads (changed_at);

-- Pictures of the pages of a stored file.
CREATE TABLE previews (
    file TEXT NOT NULL REFERENCES files(sha256) ON DELETE CASCADE,
    page INTEGER NOT NULL CHECK (page >= 1),
    picture TEXT NOT NULL REFERENCES files(sha256),
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    PRIMARY KEY (file, page)
) STRICT, WITHOUT ROWID;

-- How often a download was fetched on a day (UTC); nothing of who did.
CREATE TABLE download_counts (
    material_id INTEGER NOT NULL REFERENCES materials(id) ON DELETE CASCADE,
    day TEXT NOT NULL CHECK (day LIKE '____-__-__'),
    count INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (material_id, day)
) STRICT, WITHOUT ROWID;
