-- +goose Up

-- What staff say to everybody in a group. Whom it went to, and what became of that,
-- are rows of the outbox, which go within days; how many they were stays here.
CREATE TABLE message (
    line_id    uuid        NOT NULL,
    message_id uuid        NOT NULL,
    group_id   uuid        NOT NULL,
    words      bytea       NOT NULL, -- sealed: by language, or where they are spoken
    state      text        NOT NULL CHECK (state IN ('waiting', 'taken back', 'sent')),
    goes_at    timestamptz NOT NULL, -- until then it can be taken back
    recipients integer     NOT NULL CHECK (recipients >= 0), -- once it is sent
    PRIMARY KEY (line_id, message_id),
    FOREIGN KEY (line_id, group_id) REFERENCES groups ON DELETE CASCADE
);

CREATE INDEX message_waits ON message (line_id, goes_at) WHERE state = 'waiting';
CREATE INDEX message_group ON message (line_id, group_id, goes_at);

-- A message is told of as a date is: its meeting is the message itself.
ALTER TABLE firing
    DROP CONSTRAINT IF EXISTS firing_purpose_check,
    ADD CONSTRAINT firing_purpose_check
        CHECK (purpose ~ '^([1-9][0-9]{0,4}[mh]|start|skipped|held|message|cover|masked|moved [0-9T:-]{16})$');

ALTER TABLE outbox
    DROP CONSTRAINT IF EXISTS outbox_kind_check,
    ADD CONSTRAINT outbox_kind_check
        CHECK (kind IN ('confirmation', 'recheck', 'reminder', 'call_me', 'change', 'message', 'cover', 'masked'));

-- What was spoken for us by the carrier's recorder: a message that a caller leaves
-- for the staff, or one that the staff have for a group. It is the carrier's until it
-- is here; until it is gone there, its id is kept. Of one that was erased nothing is
-- left but that it was, for a day: the carrier may tell of it once more.
CREATE TABLE voicemail (
    line_id      uuid        NOT NULL REFERENCES line,
    voicemail_id uuid        NOT NULL, -- HMAC of the carrier's id
    purpose      text        NOT NULL CHECK (purpose IN ('left', 'spoken')),
    group_id     uuid,       -- of one that the staff have spoken
    lang         text        NOT NULL,
    came_at      timestamptz NOT NULL, -- to the minute
    seconds      integer     NOT NULL CHECK (seconds >= 0),
    state        text        NOT NULL CHECK (state IN ('coming', 'here', 'lost', 'erased')),
    recording    bytea,      -- sealed: the carrier's id, until it has forgotten it
    tries        smallint    NOT NULL DEFAULT 0 CHECK (tries >= 0), -- that the carrier was asked
    try_at       timestamptz, -- when it is asked next; null: it has nothing any more
    number       bytea,      -- sealed under its own key, of who may be rung back
    sound        bytea,      -- the same
    heard_at     timestamptz,
    PRIMARY KEY (line_id, voicemail_id),
    CHECK ((recording IS NULL) = (try_at IS NULL)),
    CHECK ((state = 'here') = (sound IS NOT NULL)),
    CHECK (state <> 'erased' OR number IS NULL AND group_id IS NULL AND heard_at IS NULL AND seconds = 0 AND lang = '')
);

CREATE INDEX voicemail_try ON voicemail (line_id, try_at) WHERE try_at IS NOT NULL;

-- What is sealed does not compress.
ALTER TABLE voicemail ALTER COLUMN sound SET STORAGE EXTERNAL;

-- To destroy a key is to delete what it sealed, in every copy of the row there is.
CREATE TABLE keys.voicemail (
    line_id      uuid  NOT NULL,
    voicemail_id uuid  NOT NULL,
    data_key     bytea NOT NULL, -- sealed
    PRIMARY KEY (line_id, voicemail_id)
);

ALTER TABLE keys.voicemail SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
