-- The whole model. JSON columns hold {"de": …, "en": …}; *_at columns hold UTC text with Z.

CREATE TABLE organisation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL CHECK (json_valid(name)),
    short_name TEXT NOT NULL DEFAULT '',
    accent TEXT NOT NULL DEFAULT '#7a2048' CHECK (accent GLOB '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),
    zone TEXT NOT NULL DEFAULT 'Europe/Berlin',
    language TEXT NOT NULL DEFAULT 'de' CHECK (language IN ('de', 'en')),
    email TEXT NOT NULL DEFAULT '',
    postal TEXT NOT NULL DEFAULT '',
    website TEXT NOT NULL DEFAULT '',
    introduction TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(introduction)),
    imprint TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(imprint)),
    privacy TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(privacy)),
    accessibility TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(accessibility)),
    logo TEXT REFERENCES files(sha256),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z')
) STRICT;

CREATE TABLE files (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z')
) STRICT;

CREATE TABLE topics (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE CHECK (slug <> ''),
    title TEXT NOT NULL CHECK (json_valid(title)),
    summary TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(summary)),
    body TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(body)),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z')
) STRICT;

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE CHECK (length(uid) >= 32),
    slug TEXT NOT NULL UNIQUE CHECK (slug <> ''),
    title TEXT NOT NULL CHECK (json_valid(title)),
    summary TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(summary)),
    description TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(description)),
    zone TEXT NOT NULL CHECK (zone <> ''),
    starts_at TEXT NOT NULL CHECK (starts_at LIKE '____-__-__T__:__:__Z'),
    ends_at TEXT NOT NULL CHECK (ends_at LIKE '____-__-__T__:__:__Z' AND ends_at > starts_at),
    all_day INTEGER NOT NULL DEFAULT 0 CHECK (all_day IN (0, 1)),
    doors_at TEXT CHECK (doors_at IS NULL OR doors_at LIKE '____-__-__T__:__:__Z'),
    stage TEXT NOT NULL DEFAULT 'draft' CHECK (stage IN ('draft', 'announced', 'cancelled', 'archived')),
    mode TEXT NOT NULL DEFAULT 'on_site' CHECK (mode IN ('on_site', 'online', 'hybrid')),
    place_name TEXT NOT NULL DEFAULT '',
    street TEXT NOT NULL DEFAULT '',
    postal_code TEXT NOT NULL DEFAULT '',
    town TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT '',
    latitude REAL CHECK (latitude IS NULL OR latitude BETWEEN -90 AND 90),
    longitude REAL CHECK (longitude IS NULL OR longitude BETWEEN -180 AND 180),
    map_url TEXT NOT NULL DEFAULT '',
    online_url TEXT NOT NULL DEFAULT '',
    directions TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(directions)),
    access TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(access)),
    capacity INTEGER CHECK (capacity IS NULL OR capacity BETWEEN 0 AND 100000),
    waiting_list INTEGER NOT NULL DEFAULT 1 CHECK (waiting_list IN (0, 1)),
    approval INTEGER NOT NULL DEFAULT 0 CHECK (approval IN (0, 1)),
    listed INTEGER NOT NULL DEFAULT 1 CHECK (listed IN (0, 1)),
    opens_at TEXT CHECK (opens_at IS NULL OR opens_at LIKE '____-__-__T__:__:__Z'),
    closes_at TEXT CHECK (closes_at IS NULL OR closes_at LIKE '____-__-__T__:__:__Z'),
    contact_name TEXT NOT NULL DEFAULT '',
    contact_email TEXT NOT NULL DEFAULT '',
    retention_days INTEGER NOT NULL DEFAULT 90 CHECK (retention_days BETWEEN 0 AND 3650),
    sequence INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z'),
    revised_at TEXT NOT NULL CHECK (revised_at LIKE '____-__-__T__:__:__Z'),
    announced_at TEXT,
    cancelled_at TEXT,
    cancellation TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(cancellation))
) STRICT;
CREATE INDEX events_by_time ON events (starts_at);

-- Old addresses of a meeting lead to its present one.
CREATE TABLE event_slugs (
    slug TEXT PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE event_topics (
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    topic_id INTEGER NOT NULL REFERENCES topics(id) ON DELETE CASCADE,
    PRIMARY KEY (event_id, topic_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_topics_by_topic ON event_topics (topic_id);

-- Further information: of one meeting, or (event_id NULL) of the organisation.
CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    event_id INTEGER REFERENCES events(id) ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,
    label TEXT NOT NULL CHECK (json_valid(label)),
    url TEXT NOT NULL CHECK (url LIKE 'https://%' OR url LIKE 'http://%' OR url LIKE 'mailto:%')
) STRICT;
CREATE INDEX links_by_event ON links (event_id, position);

CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL CHECK (json_valid(name)),
    capacity INTEGER CHECK (capacity IS NULL OR capacity >= 0),
    note TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(note))
) STRICT;
CREATE INDEX rooms_by_event ON rooms (event_id, position);

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE CHECK (slug <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    former_name TEXT NOT NULL DEFAULT '',
    function TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(function)),
    organisation TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(organisation)),
    biography TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(biography)),
    website TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    photo TEXT REFERENCES files(sha256),
    photo_alt TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(photo_alt)),
    photo_credit TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z')
) STRICT;

-- The draft of the programme: what organisers edit. The uid never changes.
CREATE TABLE agenda_items (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    uid TEXT NOT NULL UNIQUE CHECK (length(uid) >= 32),
    kind TEXT NOT NULL CHECK (kind IN ('opening', 'talk', 'panel', 'workshop', 'break', 'networking')),
    title TEXT NOT NULL CHECK (json_valid(title)),
    abstract TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(abstract)),
    language TEXT NOT NULL DEFAULT '',
    starts_at TEXT NOT NULL CHECK (starts_at LIKE '____-__-__T__:__:__Z'),
    ends_at TEXT NOT NULL CHECK (ends_at LIKE '____-__-__T__:__:__Z' AND ends_at > starts_at),
    room_id INTEGER REFERENCES rooms(id) ON DELETE SET NULL,
    track TEXT NOT NULL DEFAULT '',
    capacity INTEGER CHECK (capacity IS NULL OR capacity >= 0),
    removed_at TEXT,
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z')
) STRICT;
CREATE INDEX agenda_items_by_event ON agenda_items (event_id, starts_at);

CREATE TABLE item_people (
    item_id INTEGER NOT NULL REFERENCES agenda_items(id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people(id),
    role TEXT NOT NULL CHECK (role IN ('speaker', 'moderator', 'panellist', 'opening')),
    position INTEGER NOT NULL DEFAULT 0,
    function TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(function)),
    organisation TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(organisation)),
    PRIMARY KEY (item_id, person_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_people_by_person ON item_people (person_id);

-- Published programmes: numbered, never changed again.
CREATE TABLE programmes (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    version INTEGER NOT NULL CHECK (version >= 1),
    published_at TEXT NOT NULL CHECK (published_at LIKE '____-__-__T__:__:__Z'),
    published_by TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(note)),
    UNIQUE (event_id, version)
) STRICT;

CREATE TABLE programme_items (
    programme_id INTEGER NOT NULL REFERENCES programmes(id) ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES agenda_items(id),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    revised_at TEXT NOT NULL CHECK (revised_at LIKE '____-__-__T__:__:__Z'),
    cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1)),
    kind TEXT NOT NULL,
    title TEXT NOT NULL CHECK (json_valid(title)),
    abstract TEXT NOT NULL CHECK (json_valid(abstract)),
    language TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL CHECK (ends_at > starts_at),
    room TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(room)),
    room_id INTEGER,
    track TEXT NOT NULL,
    capacity INTEGER,
    PRIMARY KEY (programme_id, item_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE programme_people (
    programme_id INTEGER NOT NULL REFERENCES programmes(id) ON DELETE CASCADE,
    item_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES people(id),
    role TEXT NOT NULL,
    position INTEGER NOT NULL,
    function TEXT NOT NULL CHECK (json_valid(function)),
    organisation TEXT NOT NULL CHECK (json_valid(organisation)),
    PRIMARY KEY (programme_id, item_id, person_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX programme_people_by_person ON programme_people (person_id);

CREATE TABLE materials (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) >= 10),
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    item_id INTEGER REFERENCES agenda_items(id) ON DELETE SET NULL,
    position INTEGER NOT NULL DEFAULT 0,
    title TEXT NOT NULL CHECK (json_valid(title)),
    language TEXT NOT NULL DEFAULT '',
    licence TEXT NOT NULL DEFAULT '',
    release TEXT NOT NULL DEFAULT 'manual' CHECK (release IN ('now', 'after_item', 'manual', 'registered')),
    released_at TEXT,
    url TEXT NOT NULL DEFAULT '',
    downloads INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z'),
    removed_at TEXT
) STRICT;
CREATE INDEX materials_by_event ON materials (event_id, position);

CREATE TABLE material_versions (
    material_id INTEGER NOT NULL REFERENCES materials(id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 1),
    file TEXT NOT NULL REFERENCES files(sha256),
    filename TEXT NOT NULL CHECK (filename <> ''),
    pages INTEGER,
    uploaded_at TEXT NOT NULL CHECK (uploaded_at LIKE '____-__-__T__:__:__Z'),
    uploaded_by TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (material_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX material_versions_by_file ON material_versions (file);

CREATE TABLE registrations (
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
    cancelled_by TEXT CHECK (cancelled_by IN ('guest', 'organiser', 'meeting')),
    attended_at TEXT,
    anonymised_at TEXT,
    UNIQUE (event_id, attempt)
) STRICT;
CREATE UNIQUE INDEX one_live_registration ON registrations (event_id, email_key)
    WHERE state <> 'cancelled' AND anonymised_at IS NULL;
CREATE INDEX registrations_by_state ON registrations (event_id, state, id);
CREATE INDEX registrations_by_address ON registrations (email_key);

CREATE TABLE consents (
    id INTEGER PRIMARY KEY,
    registration_id INTEGER NOT NULL REFERENCES registrations(id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('privacy', 'sensitive', 'photo', 'attendee_list')),
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    given_at TEXT NOT NULL CHECK (given_at LIKE '____-__-__T__:__:__Z'),
    withdrawn_at TEXT
) STRICT;
CREATE INDEX consents_by_registration ON consents (registration_id);

CREATE TABLE questions (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (key GLOB '[a-z]*' AND key NOT GLOB '*[^a-z0-9_]*'),
    position INTEGER NOT NULL DEFAULT 0,
    kind TEXT NOT NULL CHECK (kind IN ('short', 'long', 'choice', 'several', 'number', 'date', 'yes_no', 'file', 'address', 'companion')),
    label TEXT NOT NULL CHECK (json_valid(label)),
    help TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(help)),
    purpose TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(purpose)),
    options TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(options)),
    required INTEGER NOT NULL DEFAULT 0 CHECK (required IN (0, 1)),
    shown_if TEXT CHECK (shown_if IS NULL OR json_valid(shown_if)),
    sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
    delete_after_days INTEGER,
    retired_at TEXT,
    UNIQUE (event_id, key)
) STRICT;

CREATE TABLE answers (
    registration_id INTEGER NOT NULL REFERENCES registrations(id) ON DELETE CASCADE,
    question_id INTEGER NOT NULL REFERENCES questions(id),
    value TEXT NOT NULL CHECK (json_valid(value)),
    PRIMARY KEY (registration_id, question_id)
) STRICT, WITHOUT ROWID;

-- Workshops somebody chose; `id` is the order of arrival.
CREATE TABLE choices (
    id INTEGER PRIMARY KEY,
    registration_id INTEGER NOT NULL REFERENCES registrations(id) ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES agenda_items(id),
    uid TEXT NOT NULL UNIQUE CHECK (length(uid) >= 32),
    wish INTEGER NOT NULL DEFAULT 1 CHECK (wish IN (1, 2)),
    state TEXT NOT NULL CHECK (state IN ('confirmed', 'waiting', 'cancelled')),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z'),
    UNIQUE (registration_id, item_id)
) STRICT;
CREATE INDEX choices_by_item ON choices (item_id, state, id);

-- What a person received in their calendar and what they answered (the flight recorder).
CREATE TABLE invites (
    id INTEGER PRIMARY KEY,
    registration_id INTEGER NOT NULL REFERENCES registrations(id) ON DELETE CASCADE,
    letter_id INTEGER REFERENCES letters(id) ON DELETE SET NULL,
    method TEXT NOT NULL CHECK (method IN ('REQUEST', 'CANCEL')),
    sequence INTEGER NOT NULL,
    event_sequence INTEGER NOT NULL,
    queued_at TEXT NOT NULL CHECK (queued_at LIKE '____-__-__T__:__:__Z'),
    sent_at TEXT,
    answer TEXT CHECK (answer IN ('ACCEPTED', 'DECLINED', 'TENTATIVE')),
    answered_at TEXT
) STRICT;
CREATE INDEX invites_by_registration ON invites (registration_id, id);

CREATE TABLE subscribers (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL CHECK (language IN ('de', 'en')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'ended')),
    consent_text TEXT NOT NULL,
    nonce BLOB NOT NULL CHECK (length(nonce) >= 16),
    asked_at TEXT NOT NULL CHECK (asked_at LIKE '____-__-__T__:__:__Z'),
    confirmed_at TEXT,
    ended_at TEXT
) STRICT;

CREATE TABLE subscriber_topics (
    subscriber_id INTEGER NOT NULL REFERENCES subscribers(id) ON DELETE CASCADE,
    topic_id INTEGER NOT NULL REFERENCES topics(id) ON DELETE CASCADE,
    PRIMARY KEY (subscriber_id, topic_id)
) STRICT, WITHOUT ROWID;

-- The outbox. `facts` is what the letter says, without any token.
CREATE TABLE letters (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
    language TEXT NOT NULL CHECK (language IN ('de', 'en')),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    event_id INTEGER REFERENCES events(id) ON DELETE CASCADE,
    registration_id INTEGER REFERENCES registrations(id) ON DELETE SET NULL,
    subscriber_id INTEGER REFERENCES subscribers(id) ON DELETE SET NULL,
    nonce BLOB NOT NULL DEFAULT x'',
    method TEXT CHECK (method IN ('REQUEST', 'CANCEL')),
    sequence INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    next_attempt_at TEXT CHECK (next_attempt_at IS NULL OR next_attempt_at LIKE '____-__-__T__:__:__Z'),
    leased_until TEXT,
    sent_at TEXT,
    error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX letters_due ON letters (state, next_attempt_at);
CREATE INDEX letters_by_event ON letters (event_id, id);
CREATE INDEX letters_by_registration ON letters (registration_id);
CREATE INDEX letters_by_address ON letters (email, kind, created_at);

-- Personal links: only the SHA-256 of a token is kept.
CREATE TABLE tokens (
    hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
    purpose TEXT NOT NULL CHECK (purpose IN ('registration', 'feed', 'speaker', 'speaker_feed', 'newsletter', 'password')),
    subject_id INTEGER NOT NULL,
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    expires_at TEXT,
    revoked_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_subject ON tokens (purpose, subject_id);

CREATE TABLE recaps (
    event_id INTEGER PRIMARY KEY REFERENCES events(id) ON DELETE CASCADE,
    title TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(title)),
    lead TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(lead)),
    body TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(body)),
    published_at TEXT,
    changed_at TEXT NOT NULL CHECK (changed_at LIKE '____-__-__T__:__:__Z')
) STRICT;

CREATE TABLE quotes (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,
    person_id INTEGER REFERENCES people(id),
    name TEXT NOT NULL,
    function TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(function)),
    text TEXT NOT NULL CHECK (json_valid(text))
) STRICT;
CREATE INDEX quotes_by_event ON quotes (event_id, position);

CREATE TABLE photos (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE CHECK (length(public_id) >= 10),
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,
    file TEXT NOT NULL REFERENCES files(sha256),
    caption TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(caption)),
    alt TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(alt)),
    credit TEXT NOT NULL DEFAULT '',
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    hidden_at TEXT
) STRICT;
CREATE INDEX photos_by_event ON photos (event_id, position);

CREATE TABLE photo_people (
    photo_id INTEGER NOT NULL REFERENCES photos(id) ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,
    person_id INTEGER REFERENCES people(id),
    registration_id INTEGER REFERENCES registrations(id) ON DELETE SET NULL,
    name TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (photo_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE organisers (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    access TEXT NOT NULL CHECK (access IN ('admin', 'organiser', 'door')),
    language TEXT NOT NULL DEFAULT 'de' CHECK (language IN ('de', 'en')),
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    disabled_at TEXT
) STRICT;

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    organiser_id INTEGER NOT NULL REFERENCES organisers(id) ON DELETE CASCADE,
    created_at TEXT NOT NULL CHECK (created_at LIKE '____-__-__T__:__:__Z'),
    seen_at TEXT NOT NULL CHECK (seen_at LIKE '____-__-__T__:__:__Z'),
    agent TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX sessions_by_organiser ON sessions (organiser_id);

-- Who changed what. `details` is JSON without secrets.
CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL CHECK (at LIKE '____-__-__T__:__:__Z'),
    actor TEXT NOT NULL,
    verb TEXT NOT NULL,
    event_id INTEGER REFERENCES events(id) ON DELETE CASCADE,
    registration_id INTEGER REFERENCES registrations(id) ON DELETE SET NULL,
    subject TEXT NOT NULL DEFAULT '',
    details TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details))
) STRICT;
CREATE INDEX history_by_event ON history (event_id, id);
CREATE INDEX history_by_registration ON history (registration_id, id);

-- Rate limits: how often something happened in a window of time.
CREATE TABLE counters (
    bucket TEXT NOT NULL,
    starts_at TEXT NOT NULL CHECK (starts_at LIKE '____-__-__T__:__:__Z'),
    count INTEGER NOT NULL,
    PRIMARY KEY (bucket, starts_at)
) STRICT, WITHOUT ROWID;

-- Signs of life and monotonic instants ("worker", "backup", "feed:…").
CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    at TEXT NOT NULL CHECK (at LIKE '____-__-__T__:__:__Z'),
    note TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
