-- What the pictures of a stored file show: the words of each page, and the cover for lists.
ALTER TABLE previews ADD COLUMN words TEXT NOT NULL DEFAULT '';

-- One row for each file that was drawn; without a picture it could not be, and is not tried again.
CREATE TABLE covers (
    file TEXT PRIMARY KEY REFERENCES files(sha256) ON DELETE CASCADE,
    picture TEXT REFERENCES files(sha256),
    width INTEGER NOT NULL DEFAULT 0 CHECK (width >= 0),
    height INTEGER NOT NULL DEFAULT 0 CHECK (height >= 0),
    made_at TEXT NOT NULL CHECK (made_at LIKE '____-__-__T__:__:__Z')
) STRICT, WITHOUT ROWID;
