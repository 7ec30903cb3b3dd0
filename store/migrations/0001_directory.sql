-- +goose Up

-- Every primary key starts with line_id, so that a deployment can be sharded
-- by line. No column holds a telephone number in clear: what is dialled is
-- sealed by the program before it is sent, what is looked up is a keyed index.

CREATE TABLE line (
    line_id     uuid     PRIMARY KEY,
    ordinal     integer  NOT NULL UNIQUE CHECK (ordinal >= 1), -- 1: the line that the environment describes
    name        text     NOT NULL CHECK (name <> ''),
    zone        text     NOT NULL,
    languages   text[]   NOT NULL CHECK (cardinality(languages) > 0),
    code_length smallint NOT NULL CHECK (code_length BETWEEN 4 AND 8),
    crisis_name text     NOT NULL,
    keysets     text[]   NOT NULL CHECK (cardinality(keysets) > 0) -- fingerprints of the keys its rows are sealed under
);

CREATE TABLE line_number (
    line_id      uuid  NOT NULL REFERENCES line,
    number_index bytea NOT NULL CHECK (octet_length(number_index) = 16),
    number       bytea NOT NULL, -- sealed
    PRIMARY KEY (line_id, number_index)
);

CREATE TABLE groups (
    line_id       uuid     NOT NULL REFERENCES line,
    group_id      uuid     NOT NULL,
    code          text     NOT NULL CHECK (code ~ '^[1-9][0-9]{3,7}$'),
    name          jsonb    NOT NULL, -- words by language; "" for any
    discreet_name jsonb    NOT NULL,
    topics        text[]   NOT NULL,
    languages     text[]   NOT NULL CHECK (cardinality(languages) > 0),
    format        text     NOT NULL CHECK (format IN ('peer-led', 'professional-led')),
    access        text     NOT NULL CHECK (access IN ('open', 'code', 'approval')),
    host          text     NOT NULL CHECK (host IN ('none', 'required')),
    stage         text     NOT NULL CHECK (stage IN ('forming', 'open', 'paused', 'adjourning', 'closed')),
    capacity      smallint NOT NULL CHECK (capacity BETWEEN 2 AND 250),
    reminders     text[]   NOT NULL,
    place         text     NOT NULL,
    bridge_number bytea, -- sealed; null unless the group is held on another bridge
    bridge_keys   bytea, -- sealed
    PRIMARY KEY (line_id, group_id),
    UNIQUE (line_id, code),
    CHECK ((bridge_number IS NULL) = (bridge_keys IS NULL)),
    CHECK (place = '' OR bridge_number IS NULL)
);

CREATE TABLE meeting (
    line_id    uuid     NOT NULL,
    group_id   uuid     NOT NULL,
    meeting_id uuid     NOT NULL,
    start      timestamp(0) NOT NULL, -- wall time in zone
    zone       text     NOT NULL,
    rule       text     NOT NULL,
    minutes    smallint NOT NULL CHECK (minutes > 0),
    skipped    date[]   NOT NULL,
    moved      jsonb    NOT NULL, -- date -> wall time
    PRIMARY KEY (line_id, group_id, meeting_id),
    FOREIGN KEY (line_id, group_id) REFERENCES groups ON DELETE CASCADE
);

-- The number has no index: nobody may look a facilitator up by number.
CREATE TABLE facilitator (
    line_id        uuid  NOT NULL,
    group_id       uuid  NOT NULL,
    facilitator_id uuid  NOT NULL,
    alias          text  NOT NULL CHECK (alias <> ''),
    number         bytea NOT NULL, -- sealed
    pin_hash       text  NOT NULL, -- argon2id over a keyed hash
    PRIMARY KEY (line_id, group_id, facilitator_id),
    UNIQUE (line_id, group_id, alias),
    FOREIGN KEY (line_id, group_id) REFERENCES groups ON DELETE CASCADE
);
