-- +goose Up

-- Facilitators are asked who can hold an occurrence, and told that somebody does. Whom
-- a row of that kind goes to is a facilitator: its pseudonym is the facilitator's id,
-- and the number stays where it was.
ALTER TABLE firing
    DROP CONSTRAINT IF EXISTS firing_purpose_check,
    ADD CONSTRAINT firing_purpose_check
        CHECK (purpose ~ '^([1-9][0-9]{0,4}[mh]|start|skipped|held|message|cover|covered|masked|moved [0-9T:-]{16})$');

ALTER TABLE outbox
    DROP CONSTRAINT IF EXISTS outbox_kind_check,
    ADD CONSTRAINT outbox_kind_check
        CHECK (kind IN ('confirmation', 'recheck', 'reminder', 'call_me', 'change', 'message', 'cover', 'masked'));

-- What every yes and no is looked for in: few, and mostly none.
CREATE INDEX firing_cover ON firing (line_id, expires_at) WHERE purpose = 'cover';
