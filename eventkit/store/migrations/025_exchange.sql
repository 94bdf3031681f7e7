-- The identity an item had in the file it came from, so that a newer file changes it.

ALTER TABLE agenda_items ADD COLUMN origin TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX one_origin ON agenda_items (event_id, origin) WHERE origin <> '';
