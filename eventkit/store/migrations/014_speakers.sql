-- The photo as it was given (drawn anew), so that its crop can be changed; and what happened to a person.

ALTER TABLE people ADD COLUMN photo_source TEXT REFERENCES files(sha256);
ALTER TABLE people ADD COLUMN photo_crop TEXT NOT NULL DEFAULT '';

CREATE INDEX history_by_person ON history (json_extract(details, '$.person'), id)
    WHERE json_extract(details, '$.person') IS NOT NULL;
