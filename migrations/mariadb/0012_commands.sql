-- Commands: what devices are to be told as soon as they are there, and lamps that rules switch.

-- What the lamp of the device is to be while the rule is active: 1 on, 0 off; NULL: the rule leaves it alone.
ALTER TABLE rules ADD COLUMN lamp SMALLINT;

-- What a device is to be told. Of each kind the latest wins.
CREATE TABLE errands (
    id         BIGINT AUTO_INCREMENT PRIMARY KEY,
    device_id  BIGINT       NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    alert_id   BIGINT,                              -- whose rule wants it; NULL: a person does
    name       VARCHAR(32)  NOT NULL,               -- set, led
    payload    VARCHAR(120) NOT NULL,               -- JSON as in the API
    made_at    BIGINT       NOT NULL,
    expires_at BIGINT       NOT NULL,               -- nobody wants it any more
    next_at    BIGINT,                              -- when it is to be told (again); NULL: settled
    attempts   BIGINT       NOT NULL,
    request    VARCHAR(32),                         -- id of the newest attempt
    outcome    VARCHAR(16),                         -- done, refused, expired, replaced
    answer     VARCHAR(240),                        -- why the device refused
    settled_at BIGINT,
    INDEX errands_next (next_at),
    INDEX errands_device (device_id, name, id),
    INDEX errands_alert (alert_id),
    INDEX errands_request (request)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
