-- +goose Up

-- When it was first seen that nobody begins a call on a version any more; null of one that
-- is heard, was published or stands as a draft.
ALTER TABLE flow_version ADD COLUMN idle_since timestamptz;
