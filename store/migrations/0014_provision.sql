-- +goose Up

-- What was entered at the carrier for a line, and what stood there before, so that it
-- can be put back. Addresses that were somebody else's may hold what is secret to
-- them: all of it is sealed.
CREATE TABLE provision (
    line_id      uuid        NOT NULL REFERENCES line,
    provision_id uuid        NOT NULL,
    at           timestamptz NOT NULL,
    changes      bytea       NOT NULL,
    undone_at    timestamptz,
    PRIMARY KEY (line_id, provision_id)
);

-- That the carrier calls: one row a line, and nothing of who called. A finer hour
-- would tell when somebody did.
CREATE TABLE contact (
    line_id  uuid    PRIMARY KEY REFERENCES line,
    hour     timestamptz CHECK (hour = date_trunc('hour', hour, 'UTC')), -- the last in which it did
    advanced boolean NOT NULL DEFAULT false, -- the carrier answers opt-out words in the service's own words
    day      date    NOT NULL, -- of refused, in UTC
    refused  integer NOT NULL DEFAULT 0, -- requests with a wrong signature
    before   integer NOT NULL DEFAULT 0  -- the same, on the day before
);
