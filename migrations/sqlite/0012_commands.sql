-- Commands: what devices are to be told as soon as they are there, and lamps that rules switch.

-- What the lamp of the device is to be while the rule is active: 1 on, 0 off; NULL: the rule leaves it alone.
ALTER TABLE rules ADD COLUMN lamp SMALLINT;

-- What a device is to be told. Of each kind the latest wins.
CREATE TABLE errands (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
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
    settled_at BIGINT
);
CREATE INDEX errands_next ON errands (next_at);
CREATE INDEX errands_device ON errands (device_id, name, id);
CREATE INDEX errands_alert ON errands (alert_id);
CREATE INDEX errands_request ON errands (request);
