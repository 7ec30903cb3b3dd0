-- +goose Up

-- A link with which whoever runs the server becomes the first owner of its desk. Each
-- start makes one while there is nobody; all end with the first owner.
CREATE TABLE first_link (
    line_id    uuid        NOT NULL REFERENCES line,
    hash       bytea       NOT NULL CHECK (octet_length(hash) = 32), -- SHA-256 of the link's token
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (line_id, hash)
);
