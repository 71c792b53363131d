-- The first schema. Times are Unix milliseconds, truth values 0 or 1, hashes lower-case hex.
-- Only types that the `Any` driver reads alike from SQLite and MariaDB: BIGINT, DOUBLE, SMALLINT, VARCHAR, TEXT.

-- People.
CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    email         VARCHAR(254) NOT NULL UNIQUE,     -- lower case
    password_hash VARCHAR(255),                     -- argon2id, PHC string; NULL: signs in another way
    locale        VARCHAR(8),
    verified_at   BIGINT,
    operator      SMALLINT     NOT NULL DEFAULT 0,
    created_at    BIGINT       NOT NULL
);

-- A row is a whole family of refresh tokens: the current one, and the one it replaced.
CREATE TABLE sessions (
    id            BIGINT PRIMARY KEY,               -- random, because the refresh token names it
    user_id       BIGINT       NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    refresh_hash  VARCHAR(64)  NOT NULL UNIQUE,
    previous_hash VARCHAR(64),
    rotated_at    BIGINT       NOT NULL,
    expires_at    BIGINT       NOT NULL,
    created_at    BIGINT       NOT NULL,
    last_used_at  BIGINT       NOT NULL,
    user_agent    VARCHAR(255) NOT NULL DEFAULT ''
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_previous ON sessions (previous_hash);

-- Personal tokens for scripts.
CREATE TABLE tokens (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      BIGINT       NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         VARCHAR(80)  NOT NULL,
    hash         VARCHAR(64)  NOT NULL UNIQUE,
    created_at   BIGINT       NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX tokens_user ON tokens (user_id);

CREATE TABLE households (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       VARCHAR(80) NOT NULL,
    zone       VARCHAR(64) NOT NULL,                -- IANA name
    demo       SMALLINT    NOT NULL DEFAULT 0,
    created_at BIGINT      NOT NULL
);

CREATE TABLE memberships (
    household_id BIGINT     NOT NULL REFERENCES households (id) ON DELETE CASCADE,
    user_id      BIGINT     NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role         VARCHAR(8) NOT NULL,               -- owner, member, viewer
    PRIMARY KEY (household_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE devices (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    serial        VARCHAR(16) NOT NULL UNIQUE,
    household_id  BIGINT REFERENCES households (id) ON DELETE SET NULL,
    name          VARCHAR(80) NOT NULL DEFAULT '',
    room          VARCHAR(80) NOT NULL DEFAULT '',
    position      BIGINT      NOT NULL DEFAULT 0,   -- order on the page
    zone          VARCHAR(64) NOT NULL,             -- IANA name
    interval_s    BIGINT      NOT NULL DEFAULT 60,
    t_offset      DOUBLE      NOT NULL DEFAULT 0,   -- calibration, added to what the device says
    h_offset      DOUBLE      NOT NULL DEFAULT 0,
    model         VARCHAR(80) NOT NULL,
    password_hash VARCHAR(64) NOT NULL,             -- SHA-256 of a 256-bit random token
    claim_hash    VARCHAR(64) NOT NULL,             -- SHA-256 of the claim code
    sold_at       BIGINT      NOT NULL,
    claimed_at    BIGINT,
    fw            VARCHAR(64)
);
CREATE INDEX devices_household ON devices (household_id);

-- What a device last said and the slot it is filling: one row per device, written with every reading.
-- It is also the row that a writer locks before it touches anything else of the device.
CREATE TABLE device_states (
    device_id    INTEGER PRIMARY KEY,            -- of `devices`; a foreign key would be checked with every reading
    max_at       BIGINT,                            -- greatest readings.at, faults included
    now_at       BIGINT,                            -- "now": the newest reading that may be shown
    now_t        DOUBLE,
    now_h        DOUBLE,
    seen_at      BIGINT,                            -- when we last heard anything
    will_at      BIGINT,                            -- when the broker said it is gone; NULL: connected
    memory       BLOB                   -- the sensor-fault gate and the slot being filled, packed: see server/src/db/memory.rs
);

-- Every reading as the device sent it. flags: 1 receive time, 2 distrusted clock, 4 back-filled, 8 fault, 16 unconfirmed.
CREATE TABLE readings (
    device_id BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    t         DOUBLE,
    h         DOUBLE,
    flags     BIGINT NOT NULL,
    PRIMARY KEY (device_id, at)
) WITHOUT ROWID;

-- Readings stored under our receive time, by the name the device gave them, so that a second delivery is recognised.
CREATE TABLE retimed (
    device_id BIGINT NOT NULL,
    boot      BIGINT NOT NULL,                      -- -1: the device gave no name, then seq is the time it claimed
    seq       BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (device_id, boot, seq)
) WITHOUT ROWID;
CREATE INDEX retimed_at ON retimed (at);

-- Finished slots: one twelfth of a local day each. Values are calibrated.
CREATE TABLE slots (
    device_id   BIGINT NOT NULL,
    start_at    BIGINT NOT NULL,
    end_at      BIGINT NOT NULL,
    day         VARCHAR(10) NOT NULL,               -- local date, YYYY-MM-DD
    cap_ms      BIGINT NOT NULL,
    n           BIGINT NOT NULL,
    covered_ms  BIGINT NOT NULL,
    t_sum       DOUBLE,                             -- value x seconds
    t_weight_ms BIGINT,
    t_min       DOUBLE,
    t_max       DOUBLE,
    h_sum       DOUBLE,
    h_weight_ms BIGINT,
    h_min       DOUBLE,
    h_max       DOUBLE,
    PRIMARY KEY (device_id, start_at)
) WITHOUT ROWID;

-- The last messages of a device that could not be understood, for its owner to see.
CREATE TABLE rejects (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    device_id BIGINT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    at        BIGINT NOT NULL,
    reason    VARCHAR(160) NOT NULL,
    excerpt   VARCHAR(240) NOT NULL
);
CREATE INDEX rejects_device ON rejects (device_id, id);
