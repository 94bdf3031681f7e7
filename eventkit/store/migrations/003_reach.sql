-- Ways to the rows that pages, the worker and upkeep ask for when there are many, and the
-- folded words of each meeting that a search reads.

CREATE INDEX invites_by_letter ON invites (letter_id);
CREATE INDEX letters_by_subscriber ON letters (subscriber_id);
CREATE INDEX materials_by_item ON materials (item_id);
CREATE INDEX photo_people_by_registration ON photo_people (registration_id);
CREATE INDEX events_by_end ON events (ends_at);
CREATE INDEX events_by_announcement ON events (announced_at, id);
CREATE INDEX recaps_by_publication ON recaps (published_at);

ALTER TABLE events ADD COLUMN search TEXT NOT NULL DEFAULT '';
UPDATE events SET search = fold(
    coalesce(json_extract(title, '$.de'), '') || ' ' || coalesce(json_extract(title, '$.en'), '')
    || ' ' || coalesce(json_extract(summary, '$.de'), '')
    || ' ' || coalesce(json_extract(summary, '$.en'), '')
    || ' ' || place_name || ' ' || town);
