-- What invited people say when they can't come, and who wants no letters about openings.

ALTER TABLE invitations ADD COLUMN word TEXT NOT NULL DEFAULT '';
CREATE INDEX letters_by_invitation ON letters (invitation_id) WHERE invitation_id IS NOT NULL;

-- A fingerprint made with the site's key, so that no address can be read from it.
CREATE TABLE opening_refusals (
    address TEXT PRIMARY KEY CHECK (length(address) = 64),
    at TEXT NOT NULL CHECK (at LIKE '____-__-__T__:__:__Z')
) STRICT, WITHOUT ROWID;
