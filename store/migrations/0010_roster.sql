-- +goose Up

-- What coordinators decide about who is in a group. Who waits for their yes has a
-- short number on the line, by which a text or a call names them.
ALTER TABLE membership
    DROP CONSTRAINT membership_state_check,
    ADD CONSTRAINT membership_state_check CHECK (state IN ('applied', 'active', 'stopped', 'blocked')),
    ADD COLUMN waiting smallint CHECK (waiting IS NULL OR state = 'applied' AND waiting BETWEEN 10 AND 999),
    ADD COLUMN said bytea; -- what coordinators call somebody and noted, sealed under the membership's own data key; null: nothing

CREATE UNIQUE INDEX membership_waiting ON membership (line_id, waiting) WHERE waiting IS NOT NULL;
