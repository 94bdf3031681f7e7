-- The form an organiser builds: bounds of numbers, the built-in questions that can be switched
-- off, and a consent for each sensitive answer.
ALTER TABLE questions ADD COLUMN lowest INTEGER;
ALTER TABLE questions ADD COLUMN highest INTEGER;
ALTER TABLE events ADD COLUMN asks_access INTEGER NOT NULL DEFAULT 1 CHECK (asks_access IN (0, 1));
ALTER TABLE events ADD COLUMN asks_diet INTEGER NOT NULL DEFAULT 1 CHECK (asks_diet IN (0, 1));
CREATE INDEX answers_by_question ON answers (question_id);

-- `answer:<key>` is the consent to one sensitive answer; SQLite can't change a CHECK in place.
CREATE TABLE consents_new (
    id INTEGER PRIMARY KEY,
    registration_id INTEGER NOT NULL REFERENCES registrations(id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('privacy', 'sensitive', 'photo', 'attendee_list')
        OR purpose GLOB 'answer:[a-z]*'),
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    given_at TEXT NOT NULL CHECK (given_at LIKE '____-__-__T__:__:__Z'),
    withdrawn_at TEXT
) STRICT;
INSERT INTO consents_new (id, registration_id, purpose, text, language, given_at, withdrawn_at)
    SELECT id, registration_id, purpose, text, language, given_at, withdrawn_at FROM consents;
DROP TABLE consents;
ALTER TABLE consents_new RENAME TO consents;
CREATE INDEX consents_by_registration ON consents (registration_id);
