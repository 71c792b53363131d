-- Selling, claiming and giving back; households with more than one person.

-- The device's password, encrypted with the server's key: a broker outside must be told it in clear, and told again if
-- it forgets. NULL: made before there was this column.
ALTER TABLE devices ADD COLUMN password_sealed VARCHAR(255);
-- 1: a broker outside has not yet confirmed the credentials of this row.
ALTER TABLE devices ADD COLUMN pending SMALLINT NOT NULL DEFAULT 1;
-- When it left its last household: what it measured before is nobody's. NULL: it never left one.
ALTER TABLE devices ADD COLUMN cut_at BIGINT;
CREATE INDEX devices_pending ON devices (pending, id);

-- Orders whose secrets may be asked for once more: an answer that was lost on the way, a sheet still to be printed.
CREATE TABLE product_orders (
    id         VARCHAR(32)  PRIMARY KEY,            -- 128 random bits
    key_hash   VARCHAR(64)  NOT NULL UNIQUE,        -- who ordered, and the Idempotency-Key
    request    VARCHAR(64)  NOT NULL,               -- hash of what was ordered
    answer     MEDIUMTEXT   NOT NULL,               -- encrypted with the server's key
    created_at BIGINT       NOT NULL,
    INDEX product_orders_created (created_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who has been asked into a household and has not answered yet.
CREATE TABLE invitations (
    id           BIGINT AUTO_INCREMENT PRIMARY KEY,
    household_id BIGINT       NOT NULL REFERENCES households (id) ON DELETE CASCADE,
    email        VARCHAR(254) NOT NULL,             -- where the letter went, lower case
    role         VARCHAR(8)   NOT NULL,             -- member, viewer
    token_hash   VARCHAR(64)  NOT NULL UNIQUE,      -- SHA-256 of the link's token
    created_at   BIGINT       NOT NULL,
    expires_at   BIGINT       NOT NULL,
    UNIQUE (household_id, email)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
