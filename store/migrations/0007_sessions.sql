-- +goose Up

-- A session, while it is live and for 15 minutes after. All that is known of it
-- is sealed in one piece, which who changes it locks. It lies in the schema keys,
-- so that a backup of the database leaves it out: what was in a room is for
-- nobody to bring back. `keys backup` takes the table without its rows.
CREATE TABLE keys.session (
    line_id uuid        NOT NULL,
    mark    bytea       NOT NULL CHECK (octet_length(mark) = 16), -- HMAC of the room's name
    state   bytea       NOT NULL, -- sealed, filled up to 8 KiB, or a double of that
    wake_at timestamptz, -- when it has something to do, to 100 ms; null: nothing more
    gone_at timestamptz NOT NULL, -- to the minute
    PRIMARY KEY (line_id, mark)
);

CREATE INDEX session_wake ON keys.session (line_id, wake_at) WHERE wake_at IS NOT NULL;

-- What is sealed does not compress. Each change leaves a dead row behind, which
-- should be gone as soon as those of keys.
ALTER TABLE keys.session ALTER COLUMN state SET STORAGE EXTERNAL;
ALTER TABLE keys.session SET (
    autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,
    toast.autovacuum_vacuum_threshold = 0, toast.autovacuum_vacuum_scale_factor = 0);

-- At which end a group's circle began last: the next one begins at the other.
CREATE TABLE circle (
    line_id  uuid    NOT NULL,
    group_id uuid    NOT NULL,
    date     date    NOT NULL, -- of the occurrence
    reversed boolean NOT NULL,
    PRIMARY KEY (line_id, group_id),
    FOREIGN KEY (line_id, group_id) REFERENCES groups ON DELETE CASCADE
);

-- The place of a facilitator in the file, in which order they are rung.
ALTER TABLE facilitator ADD COLUMN ordinal smallint NOT NULL DEFAULT 0;
