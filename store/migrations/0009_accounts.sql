-- +goose Up

-- Who signs in to the desk. The name stands in the audit log in clear, and so it does
-- here; the e-mail address and the telephone number are sealed. An address is found
-- by an HMAC; a number by none, as a facilitator's: there are few to open.
CREATE TABLE account (
    line_id    uuid        NOT NULL REFERENCES line,
    account_id uuid        NOT NULL,
    email      bytea       NOT NULL, -- sealed
    email_mark bytea       NOT NULL CHECK (octet_length(email_mark) = 16),
    name       text        NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 200),
    role       text        NOT NULL CHECK (role IN ('owner', 'coordinator', 'facilitator', 'viewer')),
    lang       text        NOT NULL,
    state      text        NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
    password   text, -- argon2id over a keyed HMAC
    totp       bytea, -- sealed
    totp_step  bigint      NOT NULL DEFAULT 0, -- the last step of which a code was taken
    handle     text        NOT NULL CHECK (handle ~ '^[1-9][0-9]{5}$'), -- signs in by telephone
    number     bytea, -- sealed
    number_proven boolean  NOT NULL DEFAULT false CHECK (NOT number_proven OR number IS NOT NULL), -- somebody has signed in from it
    pin_hash   text,
    -- Whoever sees accounts sees that there is one, and not which.
    has_number boolean     NOT NULL DEFAULT false CHECK (has_number = (number IS NOT NULL)),
    has_pin    boolean     NOT NULL DEFAULT false CHECK (has_pin = (pin_hash IS NOT NULL)),
    made_on    date        NOT NULL,
    PRIMARY KEY (line_id, account_id),
    UNIQUE (line_id, email_mark),
    UNIQUE (line_id, handle),
    CHECK (password IS NULL OR totp IS NOT NULL) -- a password alone opens nothing
);

-- The groups that are an account's; an owner has all.
CREATE TABLE account_group (
    line_id    uuid NOT NULL,
    account_id uuid NOT NULL,
    group_id   uuid NOT NULL,
    PRIMARY KEY (line_id, account_id, group_id),
    FOREIGN KEY (line_id, account_id) REFERENCES account ON DELETE CASCADE,
    FOREIGN KEY (line_id, group_id) REFERENCES groups ON DELETE CASCADE
);

CREATE INDEX account_group_group ON account_group (line_id, group_id);

CREATE TABLE passkey (
    line_id    uuid  NOT NULL,
    account_id uuid  NOT NULL,
    mark       bytea NOT NULL CHECK (octet_length(mark) = 32), -- SHA-256 of the credential's id
    credential bytea NOT NULL, -- sealed
    name       text  NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 100),
    made_on    date  NOT NULL,
    used_on    date,
    PRIMARY KEY (line_id, mark),
    FOREIGN KEY (line_id, account_id) REFERENCES account ON DELETE CASCADE
);

CREATE INDEX passkey_account ON passkey (line_id, account_id);

-- What signs in once in place of a code. 128 random bits need no slow hash.
CREATE TABLE recovery_code (
    line_id    uuid  NOT NULL,
    account_id uuid  NOT NULL,
    hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (line_id, account_id, hash),
    FOREIGN KEY (line_id, account_id) REFERENCES account ON DELETE CASCADE
);

-- A link that sets an account up, once: the whole of it, or the password alone.
CREATE TABLE invitation (
    line_id    uuid        NOT NULL,
    account_id uuid        NOT NULL,
    hash       bytea       NOT NULL CHECK (octet_length(hash) = 32),
    kind       text        NOT NULL CHECK (kind IN ('join', 'password')),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (line_id, account_id), -- a later one takes the place of it
    UNIQUE (line_id, hash),
    FOREIGN KEY (line_id, account_id) REFERENCES account ON DELETE CASCADE
);

-- A browser that is signed in, or is about to. What it holds is sealed.
CREATE TABLE desk_session (
    line_id    uuid        NOT NULL REFERENCES line,
    hash       bytea       NOT NULL CHECK (octet_length(hash) = 32), -- SHA-256 of the cookie's token
    account_id uuid, -- null before it is signed in
    agent      text        NOT NULL, -- which browser on what
    data       bytea       NOT NULL, -- sealed
    made_at    timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (line_id, hash),
    FOREIGN KEY (line_id, account_id) REFERENCES account ON DELETE CASCADE
);

CREATE INDEX desk_session_account ON desk_session (line_id, account_id);

-- A browser in which somebody has signed in before: its attempts have a budget of
-- their own, which a stranger cannot spend.
CREATE TABLE known_device (
    line_id    uuid  NOT NULL,
    account_id uuid  NOT NULL,
    hash       bytea NOT NULL CHECK (octet_length(hash) = 32), -- SHA-256 of the cookie
    seen_on    date  NOT NULL,
    PRIMARY KEY (line_id, account_id, hash),
    FOREIGN KEY (line_id, account_id) REFERENCES account ON DELETE CASCADE
);
