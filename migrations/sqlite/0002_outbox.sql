-- Messages to people, from the transaction that caused them until a mail server has accepted them.

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    channel    VARCHAR(16)  NOT NULL,               -- how it travels: mail
    kind       VARCHAR(32)  NOT NULL,               -- what it is: verify-address, ...
    recipient  VARCHAR(254) NOT NULL,
    payload    TEXT         NOT NULL,               -- what to send, ready made; emptied when it is settled
    message_id VARCHAR(32)  NOT NULL,               -- 128 random bits, the same at every attempt
    dedupe_key VARCHAR(190) NOT NULL UNIQUE,        -- the same cause never writes twice
    state      VARCHAR(8)   NOT NULL,               -- queued, accepted, dead
    attempts   BIGINT       NOT NULL,
    next_at    BIGINT       NOT NULL,               -- when it is due; while somebody sends it, when their claim lapses
    expires_at BIGINT,                              -- worth nothing afterwards; NULL: keeps its worth
    claimed_by VARCHAR(32),                         -- a random name per claim
    last_error VARCHAR(240),
    created_at BIGINT       NOT NULL,
    settled_at BIGINT                               -- when it was accepted or given up
);
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX outbox_recipient ON outbox (recipient);
