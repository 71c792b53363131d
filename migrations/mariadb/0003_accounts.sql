-- Accounts that people make and keep by themselves: codes by mail, where a session began, and who did what.

-- One-time codes on their way by mail. Each waits in the browser that asked for it, and there is one per purpose and address.
CREATE TABLE codes (
    id            BIGINT AUTO_INCREMENT PRIMARY KEY,
    purpose       VARCHAR(16)  NOT NULL,            -- sign-up, reset-password, change-address
    email         VARCHAR(254) NOT NULL,            -- where the code went, lower case
    browser_hash  VARCHAR(64)  NOT NULL UNIQUE,     -- SHA-256 of the cookie of the browser that asked
    code_hash     VARCHAR(64)  NOT NULL,            -- HMAC-SHA-256; where no code was sent, of one that nobody knows
    user_id       BIGINT REFERENCES users (id) ON DELETE CASCADE, -- whose account it is about, if there is one
    password_hash VARCHAR(255),                     -- chosen at sign-up, argon2id
    expires_at    BIGINT       NOT NULL,
    created_at    BIGINT       NOT NULL,
    UNIQUE (purpose, email)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX codes_email ON codes (email);
CREATE INDEX codes_user ON codes (user_id);

-- Wrong codes, so that nobody may try for long.
CREATE TABLE code_failures (
    id    BIGINT AUTO_INCREMENT PRIMARY KEY,
    email VARCHAR(254) NOT NULL,
    at    BIGINT       NOT NULL
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX code_failures_email ON code_failures (email, at);
CREATE INDEX code_failures_at ON code_failures (at);

ALTER TABLE sessions ADD COLUMN ip VARCHAR(45) NOT NULL DEFAULT '';   -- where the person signed in

-- Everything that touches an account. Never holds a secret.
CREATE TABLE audit_events (
    id         BIGINT AUTO_INCREMENT PRIMARY KEY,
    user_id    BIGINT REFERENCES users (id) ON DELETE CASCADE, -- NULL: an account that does not exist was tried
    at         BIGINT       NOT NULL,
    action     VARCHAR(32)  NOT NULL,
    ip         VARCHAR(45)  NOT NULL,               -- empty: not over the network
    session_id BIGINT,
    device     VARCHAR(80)  NOT NULL,               -- the browser in words
    detail     VARCHAR(190)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX audit_events_user ON audit_events (user_id, id);
CREATE INDEX audit_events_at ON audit_events (at);
