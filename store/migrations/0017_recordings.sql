-- +goose Up

-- What a line's voice says in somebody's own voice. A draft waits for an owner; what is
-- kept is heard by whoever dials, so that nothing of it is secret: it is not sealed. What
-- was said is known by the hash of its words: once they are others, it is not played.
CREATE TABLE recording (
    line_id    uuid     NOT NULL REFERENCES line,
    lang       text     NOT NULL,
    prompt     text     NOT NULL, -- the key in the catalogue; of an option, with the key that it names
    state      text     NOT NULL CHECK (state IN ('draft', 'kept')),
    text_hash  text     NOT NULL CHECK (text_hash ~ '^[0-9a-f]{64}$'),
    sound      bytea    NOT NULL, -- WAV, 8,000 samples a second of 16 bits
    sound_hash text     NOT NULL CHECK (sound_hash ~ '^[0-9a-f]{64}$'), -- SHA-256; the address that it is fetched from
    account_id uuid,    -- whose voice it is; null for who is no account
    month      date     NOT NULL CHECK (extract(day FROM month) = 1),
    seconds    real     NOT NULL CHECK (seconds >= 0),
    peak       real     NOT NULL, -- in dBFS, as it came
    silence_ms integer  NOT NULL CHECK (silence_ms >= 0), -- the longest between words
    PRIMARY KEY (line_id, lang, prompt, state)
);

CREATE INDEX recording_sound ON recording (line_id, sound_hash);

ALTER TABLE recording ALTER COLUMN sound SET STORAGE EXTERNAL;

-- What somebody has spoken as a prompt and not kept yet is brought home as any message.
ALTER TABLE voicemail
    DROP CONSTRAINT IF EXISTS voicemail_purpose_check,
    ADD CONSTRAINT voicemail_purpose_check CHECK (purpose IN ('left', 'spoken', 'script'));
