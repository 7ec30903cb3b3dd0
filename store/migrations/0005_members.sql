-- +goose Up

-- Who enrolled, and who is in which group, are two things that do not join:
-- they share no key, column, time or transaction. What ties them is a member's
-- link secret, which lies with the data keys in a schema of its own, so that a
-- backup can leave it out and an erasure can destroy it.
CREATE SCHEMA keys;

CREATE TABLE member (
    line_id       uuid     NOT NULL REFERENCES line,
    member_id     uuid     NOT NULL,
    number_index  bytea    NOT NULL CHECK (octet_length(number_index) = 16),
    handle_index  bytea    NOT NULL CHECK (octet_length(handle_index) = 16), -- of the six-digit member number
    index_key     bigint   NOT NULL, -- id of the key that both are under
    number        bytea    NOT NULL, -- sealed under the member's own data key, as are the next two
    profile       bytea    NOT NULL,
    pin           bytea    NOT NULL,
    state         text     NOT NULL CHECK (state IN ('asked', 'confirmed')),
    expires_on    date,    -- of who was asked and has not answered
    seen_month    date     NOT NULL CHECK (extract(day FROM seen_month) = 1),
    PRIMARY KEY (line_id, member_id),
    UNIQUE (line_id, number_index),
    UNIQUE (line_id, handle_index),
    CHECK ((state = 'asked') = (expires_on IS NOT NULL))
);

CREATE TABLE keys.member (
    line_id     uuid  NOT NULL,
    member_id   uuid  NOT NULL,
    data_key    bytea NOT NULL, -- sealed
    link_secret bytea NOT NULL, -- sealed
    PRIMARY KEY (line_id, member_id)
);

-- Somebody in a group, under a pseudonym that only this group knows.
CREATE TABLE membership (
    line_id    uuid   NOT NULL,
    pseudonym  bytea  NOT NULL CHECK (octet_length(pseudonym) = 16),
    group_id   uuid   NOT NULL,
    number     bytea  NOT NULL, -- sealed under the membership's own data key, as is the next
    profile    bytea  NOT NULL,
    channel    text   NOT NULL CHECK (channel IN ('text', 'call')),
    offsets    text[],          -- of reminders; null: the group's
    state      text   NOT NULL CHECK (state IN ('applied', 'active', 'stopped')),
    PRIMARY KEY (line_id, pseudonym),
    FOREIGN KEY (line_id, group_id) REFERENCES groups ON DELETE CASCADE
);

CREATE INDEX membership_group ON membership (line_id, group_id);

CREATE TABLE keys.membership (
    line_id   uuid  NOT NULL,
    pseudonym bytea NOT NULL,
    data_key  bytea NOT NULL, -- sealed
    PRIMARY KEY (line_id, pseudonym)
);

-- Dead rows of these are keys that should be gone: they are vacuumed at once.
ALTER TABLE keys.member SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
ALTER TABLE keys.membership SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);

-- What was done once, so that the carrier's repetition does nothing and hears
-- the same. The id is an HMAC of the event and the turn.
CREATE TABLE effect (
    line_id    uuid        NOT NULL REFERENCES line,
    effect_id  bytea       NOT NULL CHECK (octet_length(effect_id) = 16),
    outcome    bytea,      -- sealed; null while it is being done
    expires_at timestamptz NOT NULL, -- to the hour
    PRIMARY KEY (line_id, effect_id)
);

CREATE INDEX effect_expires ON effect (expires_at);

-- Attempts at a PIN. The counter is an HMAC of whose it is and of the day.
CREATE TABLE attempt (
    line_id    uuid             NOT NULL REFERENCES line,
    counter    bytea            NOT NULL CHECK (octet_length(counter) = 16),
    spent      double precision NOT NULL CHECK (spent >= 0), -- of the short budget, which refills
    total      integer          NOT NULL CHECK (total >= 0), -- of the day
    since      timestamptz      NOT NULL,
    expires_at timestamptz      NOT NULL,
    PRIMARY KEY (line_id, counter)
);

CREATE INDEX attempt_expires ON attempt (expires_at);

-- Everything that we send by ourselves. No row holds a number: it is opened
-- from the member or the membership when the row is claimed.
CREATE TABLE outbox (
    line_id     uuid        NOT NULL REFERENCES line,
    outbox_id   uuid        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('confirmation')),
    channel     text        NOT NULL CHECK (channel IN ('text', 'call')),
    member_id   uuid        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('due', 'intent', 'unknown', 'accepted', 'failed', 'lapsed')),
    due_at      timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    -- until when its person is taken to be on the line with us: a text may go
    -- at any hour, a call would find them busy. Null: they are not.
    on_line_until timestamptz,
    lease_until timestamptz, -- of the replica that has it in hand
    fence       integer     NOT NULL DEFAULT 0 CHECK (fence >= 0), -- rises with each claim: who had it before changes nothing any more
    attempts    smallint    NOT NULL CHECK (attempts >= 0), -- that went to the carrier
    reason      text,       -- of a failure, for an operator
    ended_at    timestamptz,
    PRIMARY KEY (line_id, outbox_id)
);

-- One live attempt for each purpose, whatever else goes wrong.
CREATE UNIQUE INDEX outbox_live ON outbox (line_id, kind, member_id) WHERE state IN ('due', 'intent', 'unknown', 'accepted');
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'due';

-- How much a line has sent in the hour, and whether it must send nothing for
-- now. Its row is locked by whoever is about to send.
CREATE TABLE sending (
    line_id       uuid        NOT NULL REFERENCES line,
    since         timestamptz NOT NULL, -- when the hour began
    sent          integer     NOT NULL CHECK (sent >= 0),
    barred        integer     NOT NULL CHECK (barred >= 0), -- by the carrier's or the law's rules
    stopped_until timestamptz,
    PRIMARY KEY (line_id)
);

-- Calls and texts by hour: how many, and nothing else.
CREATE TABLE traffic (
    line_id uuid        NOT NULL REFERENCES line,
    hour    timestamptz NOT NULL,
    kind    text        NOT NULL CHECK (kind IN ('call_in', 'call_out', 'text_in', 'text_out')),
    count   bigint      NOT NULL CHECK (count > 0),
    PRIMARY KEY (line_id, hour, kind)
);

-- What staff did. Append-only, and chained by hash.
CREATE TABLE audit (
    line_id  uuid        NOT NULL REFERENCES line,
    seq      bigint      NOT NULL CHECK (seq >= 1),
    entry_id uuid        NOT NULL, -- of the act: recorded again, it is not written again
    at       timestamptz NOT NULL,
    actor    text        NOT NULL,
    act      text        NOT NULL,
    subject  bytea       CHECK (octet_length(subject) = 16), -- a pseudonym of that day
    detail   text        NOT NULL,
    before   bytea       NOT NULL CHECK (octet_length(before) = 32),
    hash     bytea       NOT NULL CHECK (octet_length(hash) = 32),
    mac      bytea       NOT NULL CHECK (octet_length(mac) = 16),
    PRIMARY KEY (line_id, seq),
    UNIQUE (line_id, entry_id)
);

-- The last entry that was retired, without what it said: the chain goes on from
-- its hash, and its mac proves that there was such an entry at that time.
CREATE TABLE audit_anchor (
    line_id uuid        PRIMARY KEY REFERENCES line,
    seq     bigint      NOT NULL,
    at      timestamptz NOT NULL,
    hash    bytea       NOT NULL,
    mac     bytea       NOT NULL
);

-- Entries are kept as they are for a year, whoever asks. Only what an anchor
-- stands for may go.
-- +goose StatementBegin
CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
        IF EXISTS (SELECT FROM audit_anchor a WHERE a.line_id = OLD.line_id AND a.seq >= OLD.seq) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd

CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_keep();
CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_keep();

-- An anchor only moves on, to an entry that is there and a year old.
-- +goose StatementBegin
CREATE FUNCTION audit_anchor_holds() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        IF NEW.at < now() - interval '1 year'
            AND (TG_OP = 'INSERT' OR NEW.line_id = OLD.line_id AND NEW.seq > OLD.seq)
            AND EXISTS (SELECT FROM audit a WHERE (a.line_id, a.seq, a.at, a.hash, a.mac) = (NEW.line_id, NEW.seq, NEW.at, NEW.hash, NEW.mac)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit log is kept for a year' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd

CREATE TRIGGER audit_anchor_holds BEFORE INSERT OR UPDATE OR DELETE ON audit_anchor FOR EACH ROW EXECUTE FUNCTION audit_anchor_holds();
CREATE TRIGGER audit_anchor_holds_all BEFORE TRUNCATE ON audit_anchor FOR EACH STATEMENT EXECUTE FUNCTION audit_anchor_holds();

-- Retires the entries of a line that come before the first one of cutoff or
-- later, and are a year old by the server's clock; returns how many. It runs as
-- its owner: whoever may call it can neither delete nor write an anchor.
-- +goose StatementBegin
CREATE FUNCTION audit_retire(line uuid, cutoff timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    upto bigint;
    retired bigint;
BEGIN
    SELECT coalesce(min(seq) FILTER (WHERE at >= least(cutoff, now() - interval '1 year')) - 1, max(seq))
    INTO upto
    FROM audit
    WHERE line_id = line;
    INSERT INTO audit_anchor AS a (line_id, seq, at, hash, mac)
    SELECT line_id, seq, at, hash, mac
    FROM audit
    WHERE line_id = line AND seq = upto
    ON CONFLICT (line_id) DO UPDATE
    SET seq = excluded.seq, at = excluded.at, hash = excluded.hash, mac = excluded.mac;
    DELETE FROM audit WHERE line_id = line AND seq <= upto;
    GET DIAGNOSTICS retired = ROW_COUNT;
    RETURN retired;
END $$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION audit_retire FROM PUBLIC;

-- What the nightly sweep removed, by rule.
CREATE TABLE sweep (
    line_id uuid   NOT NULL REFERENCES line,
    day     date   NOT NULL,
    rule    text   NOT NULL,
    removed bigint NOT NULL CHECK (removed >= 0),
    PRIMARY KEY (line_id, day, rule)
);

-- Which keyset each running program holds, so that a rotation waits for all.
CREATE TABLE replica (
    line_id    uuid        NOT NULL REFERENCES line,
    replica_id uuid        NOT NULL,
    keyset     text        NOT NULL,
    seen_at    timestamptz NOT NULL,
    PRIMARY KEY (line_id, replica_id)
);

ALTER TABLE line
    ADD COLUMN probe bytea; -- sealed: opens under the line's keys alone

ALTER TABLE daily_count DROP CONSTRAINT daily_count_name_check;
ALTER TABLE daily_count ADD CONSTRAINT daily_count_name_check CHECK (name IN (
    'code_right', 'code_wrong', 'code_refused',
    'pin_right', 'pin_wrong', 'pin_refused', 'enrolled', 'confirmed', 'erased',
    'text_unanswered', 'sent', 'not_sent'));
