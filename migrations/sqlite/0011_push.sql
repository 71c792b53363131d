-- Web Push: our key at the push services, the browsers that want to be told, and what was opened.

-- By which the push services know us. One row, shared by all instances.
CREATE TABLE vapid_keys (
    id         INTEGER PRIMARY KEY,                 -- always 1
    sealed     TEXT   NOT NULL,                     -- PKCS #8, base64, sealed with the server's key
    created_at BIGINT NOT NULL
);

CREATE TABLE push_subscriptions (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id       BIGINT       NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id    BIGINT       NOT NULL,            -- of sessions, which may have run out since
    endpoint_hash VARCHAR(64)  NOT NULL UNIQUE,     -- SHA-256, hex: one browser tells one account
    endpoint      TEXT         NOT NULL,            -- whoever knows it and our key can wake the browser
    p256dh        VARCHAR(100) NOT NULL,            -- the browser's public key, base64url
    auth          VARCHAR(32)  NOT NULL,            -- what it shares with us, base64url
    user_agent    VARCHAR(255) NOT NULL,            -- the browser, as it names itself
    created_at    BIGINT       NOT NULL,
    last_ok_at    BIGINT,                           -- when its push service last took a message
    failing_since BIGINT,                           -- since when it takes none
    last_error    VARCHAR(240)
);
CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id, id);
CREATE INDEX push_subscriptions_session ON push_subscriptions (session_id);

-- 1: messages to the browsers that were switched on.
ALTER TABLE notification_settings ADD COLUMN by_push SMALLINT NOT NULL DEFAULT 1;

-- When its reader first followed it.
ALTER TABLE notices ADD COLUMN opened_at BIGINT;
