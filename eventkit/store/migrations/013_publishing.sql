-- Publishing tells: how much a version changed, and who lost a workshop that was taken out.

-- Changes since the first version; NULL where nobody counted them.
ALTER TABLE programmes ADD COLUMN changes INTEGER CHECK (changes IS NULL OR changes >= 0);
UPDATE programmes SET changes = 0 WHERE version = 1;

-- When a place in a workshop was lost because the workshop left the programme: the guest's
-- own calendar shows it as cancelled.
ALTER TABLE choices ADD COLUMN lost_at TEXT
    CHECK (lost_at IS NULL OR lost_at LIKE '____-__-__T__:__:__Z');
