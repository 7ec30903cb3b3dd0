-- +goose Up

-- What people dial in danger where the line is. On a line it is empty where nobody said,
-- in what was said at the desk it is null.
ALTER TABLE line ADD COLUMN emergency text NOT NULL DEFAULT '' CHECK (emergency ~ '^([0-9]{2,6})?$');
ALTER TABLE setting ADD COLUMN emergency text CHECK (emergency ~ '^[0-9]{2,6}$');
