-- The ways in besides a password, and what somebody has begun on the way in.

-- Accounts of other services that open an account here.
CREATE TABLE identities (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      BIGINT      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider     VARCHAR(16) NOT NULL,              -- kakao
    subject      VARCHAR(64) NOT NULL,              -- the person's number there; their address there may change
    name         VARCHAR(80) NOT NULL DEFAULT '',   -- what they call themselves there, to tell two apart
    created_at   BIGINT      NOT NULL,
    last_used_at BIGINT      NOT NULL,
    UNIQUE (provider, subject)
);
CREATE INDEX identities_user ON identities (user_id);

-- Begun and not finished: a trip to another service, a second step, a passkey's challenge. Bound to one browser by a
-- cookie of which only the SHA-256 is here; used once, for some minutes.
CREATE TABLE sign_in_steps (
    id         VARCHAR(64) PRIMARY KEY,             -- SHA-256 of the cookie
    kind       VARCHAR(16) NOT NULL,
    user_id    BIGINT REFERENCES users (id) ON DELETE CASCADE,
    data       TEXT        NOT NULL,                -- JSON, its shape depends on the kind
    tries      BIGINT      NOT NULL,
    expires_at BIGINT      NOT NULL
);
CREATE INDEX sign_in_steps_user ON sign_in_steps (user_id);
CREATE INDEX sign_in_steps_expiry ON sign_in_steps (expires_at);

-- Secrets of authenticator apps.
CREATE TABLE totps (
    user_id      BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret       VARCHAR(255) NOT NULL,             -- sealed with a key derived from the server's own
    last_step    BIGINT       NOT NULL,             -- of the last code accepted: none is accepted twice
    confirmed_at BIGINT,                            -- NULL: not in force yet
    created_at   BIGINT       NOT NULL
);

-- For who has lost the app: each opens once.
CREATE TABLE recovery_codes (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash    VARCHAR(64) NOT NULL,                   -- SHA-256 of 80 random bits and whose they are
    used_at BIGINT,
    UNIQUE (user_id, hash)
);

CREATE TABLE passkeys (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id         BIGINT      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_hash VARCHAR(64) NOT NULL UNIQUE,    -- SHA-256 of the credential's id
    name            VARCHAR(80) NOT NULL,
    data            TEXT        NOT NULL,           -- the public key and its counter, JSON
    created_at      BIGINT      NOT NULL,
    last_used_at    BIGINT
);
CREATE INDEX passkeys_user ON passkeys (user_id);
