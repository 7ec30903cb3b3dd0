-- +goose Up

-- A call finishes on the flow version it started on, whichever replica
-- answers it next: versions are kept by the hash of their content.
CREATE TABLE flow_version (
    line_id       uuid  NOT NULL REFERENCES line,
    hash          text  NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    content       bytea NOT NULL,
    created_month date  NOT NULL CHECK (extract(day FROM created_month) = 1),
    PRIMARY KEY (line_id, hash)
);

-- Counts of what callers did, by day; never who.
CREATE TABLE daily_count (
    line_id uuid   NOT NULL REFERENCES line,
    day     date   NOT NULL,
    name    text   NOT NULL CHECK (name IN ('code_right', 'code_wrong', 'code_refused')),
    count   bigint NOT NULL CHECK (count > 0),
    PRIMARY KEY (line_id, day, name)
);
