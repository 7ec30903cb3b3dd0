-- +goose Up

-- What an owner said of the line at the desk. A column that is null was not said;
-- what the program's environment sets goes before it.
CREATE TABLE setting (
    line_id     uuid   PRIMARY KEY REFERENCES line,
    name        text   CHECK (name <> ''),
    zone        text,
    languages   text[] CHECK (cardinality(languages) > 0),
    crisis_name text   CHECK (crisis_name <> ''),
    crisis      bytea, -- sealed
    first_run   text   NOT NULL -- the step at which setting up goes on; 'done'
);

-- Somebody asked what is kept of them, or to be forgotten: that they did, and by
-- when it is due. Nothing here says who.
CREATE TABLE data_request (
    line_id     uuid NOT NULL REFERENCES line,
    request_id  uuid NOT NULL,
    reference   text NOT NULL, -- stands on the letter, as on the list
    kind        text NOT NULL CHECK (kind IN ('export', 'erase')),
    received_on date NOT NULL,
    due_on      date NOT NULL,
    done_on     date,
    PRIMARY KEY (line_id, request_id),
    UNIQUE (line_id, reference)
);

-- What waits for coordinators is counted on their home page.
CREATE INDEX membership_applied ON membership (line_id, group_id) WHERE state = 'applied';
CREATE INDEX outbox_failed ON outbox (line_id, firing_id) WHERE outcome IN ('not delivered', 'failed');
