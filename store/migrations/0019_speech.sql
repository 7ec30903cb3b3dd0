-- +goose Up

-- Whether callers may say what they could press: the carrier then listens. Null is what
-- was not said at the desk.
ALTER TABLE line ADD COLUMN speech boolean NOT NULL DEFAULT false;
ALTER TABLE setting ADD COLUMN speech text CHECK (speech IN ('on', 'off'));
