-- Steps of editing a draft can be done again: what they made, and whether they were taken back.

ALTER TABLE draft_steps ADD COLUMN after TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(after));
ALTER TABLE draft_steps ADD COLUMN undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1));
