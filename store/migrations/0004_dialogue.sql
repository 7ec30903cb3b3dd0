-- +goose Up

-- An open question to somebody who texts: sealed, found by the index of their
-- number, gone when it is answered or after a day. A row whose state is null
-- is an answered one, kept two minutes longer so that the carrier's repetition
-- of the last text gets the same answer.
CREATE TABLE dialogue (
    line_id    uuid        NOT NULL REFERENCES line,
    caller     bytea       NOT NULL CHECK (octet_length(caller) = 16),
    message    bytea       NOT NULL, -- HMAC of the last message's id
    reply      bytea       NOT NULL, -- sealed
    before_message bytea,            -- those of the one before, which may come again too
    before_reply   bytea,
    state      bytea,                -- sealed
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (line_id, caller)
);

CREATE INDEX dialogue_expires ON dialogue (expires_at);
