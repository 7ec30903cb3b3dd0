-- +goose Up

-- What falls due for a group's members at one moment: planned once, whoever
-- plans it and however often. An occurrence that is moved is reminded of at its
-- new time as if it had not been before.
CREATE TABLE firing (
    line_id    uuid        NOT NULL,
    firing_id  uuid        NOT NULL,
    group_id   uuid        NOT NULL,
    meeting_id uuid        NOT NULL, -- one that may be gone by now
    date       date        NOT NULL, -- of the occurrence: the one that the rule gave, which names it for good
    purpose    text        NOT NULL CHECK (purpose ~ '^([1-9][0-9]{0,4}[mh]|start|skipped|held|moved [0-9T:-]{16})$'),
    start_at   timestamptz NOT NULL, -- of the occurrence; of one that was moved, the new one
    was_at     timestamptz, -- of one that was moved: the old one
    expires_at timestamptz NOT NULL, -- when it is of no use any more
    PRIMARY KEY (line_id, firing_id),
    UNIQUE (line_id, group_id, meeting_id, date, purpose, start_at),
    FOREIGN KEY (line_id, group_id) REFERENCES groups ON DELETE CASCADE,
    CHECK ((was_at IS NULL) = (purpose !~ '^moved'))
);

CREATE INDEX firing_expires ON firing (expires_at);

-- Who is reminded: a firing looks at its group's members alone, one of an offset
-- that is not the group's at those who chose their own.
CREATE INDEX membership_reminded ON membership (line_id, group_id) WHERE state = 'active';
CREATE INDEX membership_own ON membership (line_id, group_id) WHERE state = 'active' AND offsets IS NOT NULL;

-- A row is a member's or a membership's, so that no row ties the two.
ALTER TABLE outbox
    DROP CONSTRAINT outbox_kind_check,
    DROP CONSTRAINT outbox_state_check,
    ALTER COLUMN member_id DROP NOT NULL,
    ADD COLUMN pseudonym bytea CHECK (octet_length(pseudonym) = 16),
    ADD COLUMN firing_id uuid,
    ADD COLUMN intent_at timestamptz, -- when the carrier was last about to be asked
    ADD COLUMN clear_at  timestamptz, -- of an unknown one: when the carrier's list first lacked it
    ADD COLUMN outcome   text CHECK (outcome IN ('delivered', 'not delivered', 'answered', 'machine', 'busy', 'no answer', 'failed')),
    ADD COLUMN answer    text CHECK (answer IN ('in', 'out')), -- of who was reminded
    ADD CHECK (kind IN ('confirmation', 'recheck', 'reminder', 'call_me', 'change')),
    ADD CHECK (state IN ('due', 'intent', 'unknown', 'accepted', 'done', 'failed', 'lapsed')),
    ADD CHECK ((kind IN ('confirmation', 'recheck')) = (member_id IS NOT NULL)),
    ADD CHECK ((member_id IS NULL) = (pseudonym IS NOT NULL)),
    ADD CHECK ((pseudonym IS NULL) = (firing_id IS NULL)),
    ADD FOREIGN KEY (line_id, firing_id) REFERENCES firing ON DELETE CASCADE;

-- One live attempt for each purpose, whatever else goes wrong. Who was rung and
-- lost the line may ask to be rung again; nothing else comes twice.
DROP INDEX outbox_live;
CREATE UNIQUE INDEX outbox_live_member ON outbox (line_id, kind, member_id)
    WHERE member_id IS NOT NULL AND state IN ('due', 'intent', 'unknown', 'accepted', 'done');
CREATE UNIQUE INDEX outbox_live ON outbox (line_id, pseudonym, firing_id, kind)
    WHERE pseudonym IS NOT NULL AND (state IN ('due', 'intent', 'unknown', 'accepted') OR state = 'done' AND kind <> 'call_me');

DROP INDEX outbox_due;
-- What somebody waits for goes first, and then what is of use for the shortest time.
-- That it is due is told by the index too.
CREATE INDEX outbox_due ON outbox (line_id, channel, (kind NOT IN ('call_me', 'confirmation')), expires_at, due_at) WHERE state = 'due';
CREATE INDEX outbox_expires ON outbox (expires_at) WHERE state = 'due';
CREATE INDEX outbox_open ON outbox (line_id, state) WHERE state IN ('intent', 'unknown');
CREATE INDEX outbox_firing ON outbox (line_id, firing_id);
-- All that there is of one person, who may be on the line and wait for it to go.
CREATE INDEX outbox_member ON outbox (line_id, member_id) WHERE member_id IS NOT NULL;
CREATE INDEX outbox_pseudonym ON outbox (line_id, pseudonym) WHERE pseudonym IS NOT NULL;

-- What is under way while this runs begins its time of being looked for now.
UPDATE outbox SET intent_at = now() WHERE state IN ('intent', 'unknown');

-- What a sender may send now: a bucket that fills at the carrier's rate. It is
-- locked by whoever claims rows for it.
CREATE TABLE sender (
    line_id    uuid             NOT NULL REFERENCES line,
    sender     text             NOT NULL, -- "text", "call"
    tokens     double precision NOT NULL,
    at         timestamptz      NOT NULL, -- when there were so many
    per_second double precision NOT NULL CHECK (per_second >= 0), -- as last set
    burst      double precision NOT NULL CHECK (burst >= 0),
    hour_at    timestamptz      NOT NULL, -- when the hour began in which it sent
    sent       integer          NOT NULL DEFAULT 0 CHECK (sent >= 0), -- so many, and
    before     integer          NOT NULL DEFAULT 0 CHECK (before >= 0), -- so many in the one before
    PRIMARY KEY (line_id, sender)
);

-- Until when nothing goes to members, whose hour is full. Reminders go on.
ALTER TABLE sending ADD COLUMN full_until timestamptz;

-- The texts and calls that the carrier has told us it took, as HMACs of its own
-- ids: one in its list that is not here is one of which we do not know. They say
-- nothing of whose they were.
CREATE TABLE sent_mark (
    line_id    uuid        NOT NULL REFERENCES line,
    mark       bytea       NOT NULL CHECK (octet_length(mark) = 16),
    expires_at timestamptz NOT NULL, -- to the hour
    PRIMARY KEY (line_id, mark)
);

CREATE INDEX sent_mark_expires ON sent_mark (expires_at);

-- Until when a way of being reached is taken to be safe: a Monday, since more of
-- a time is not kept of anybody. Null of who has not confirmed.
ALTER TABLE member
    ADD COLUMN safe_until date CHECK (extract(isodow FROM safe_until) = 1);
-- Those who are members already are not asked all in one week: their random ids
-- spread them over the next 13.
UPDATE member
SET safe_until = date_trunc('week', now() AT TIME ZONE 'UTC')::date
    + 7 * (1 + (256 * get_byte(uuid_send(member_id), 0) + get_byte(uuid_send(member_id), 1)) % 13)
WHERE state = 'confirmed';

ALTER TABLE daily_count DROP CONSTRAINT daily_count_name_check;
ALTER TABLE daily_count ADD CONSTRAINT daily_count_name_check CHECK (name IN (
    'code_right', 'code_wrong', 'code_refused',
    'pin_right', 'pin_wrong', 'pin_refused', 'enrolled', 'confirmed', 'erased',
    'text_unanswered', 'sent', 'not_sent',
    'delivered', 'not_delivered', 'answered', 'machine', 'not_answered', 'lapsed', 'coming', 'not_coming'));
