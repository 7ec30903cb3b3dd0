-- +goose Up

-- Which versions of its flow a line has published, in order: the last that was not
-- taken back is heard by everybody; without one, that of the program or its folder.
CREATE TABLE flow_publication (
    line_id      uuid        NOT NULL REFERENCES line,
    seq          bigint      NOT NULL CHECK (seq > 0),
    hash         text        NOT NULL,
    published_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (line_id, seq),
    FOREIGN KEY (line_id, hash) REFERENCES flow_version
);

-- A version that testers alone hear.
CREATE TABLE flow_draft (
    line_id    uuid        PRIMARY KEY REFERENCES line,
    hash       text        NOT NULL,
    drafted_at timestamptz NOT NULL,
    FOREIGN KEY (line_id, hash) REFERENCES flow_version
);

-- The numbers of testers, sealed. They are few and are opened to be compared: no index
-- by which somebody who has the table could look for one.
CREATE TABLE flow_tester (
    line_id   uuid  NOT NULL REFERENCES line,
    tester_id uuid  NOT NULL,
    number    bytea NOT NULL,
    PRIMARY KEY (line_id, tester_id)
);
