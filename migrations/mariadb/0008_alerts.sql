-- Alerts: what people want to be told, what the rules remember, what happened, and who was told of it.

-- 1: has rules. The intake looks no further where there are none.
ALTER TABLE devices ADD COLUMN watched SMALLINT NOT NULL DEFAULT 0;

CREATE TABLE rules (
    id         BIGINT AUTO_INCREMENT PRIMARY KEY,
    device_id  BIGINT       NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    definition VARCHAR(240) NOT NULL,               -- kind and numbers, JSON as in the API
    enabled    SMALLINT     NOT NULL,
    by_mail    SMALLINT     NOT NULL,
    by_push    SMALLINT     NOT NULL,
    danger     SMALLINT     NOT NULL,               -- 1: quiet hours do not hold it back
    repeat_s   BIGINT       NOT NULL,               -- said again until acknowledged; 0: once
    quiet_from BIGINT,                              -- minute of the device's local day; NULL: no quiet hours of its own
    quiet_to   BIGINT,
    created_at BIGINT       NOT NULL,
    INDEX rules_device (device_id, id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What a rule remembers from one reading to the next. Written by whoever holds the device's row in device_states.
CREATE TABLE rule_states (
    rule_id BIGINT PRIMARY KEY,                     -- of rules; a foreign key would be checked with every reading
    memory  TEXT   NOT NULL,                        -- JSON
    due_at  BIGINT,                              -- when it wants to be asked even if nothing is measured
    INDEX rule_states_due (due_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What happened. Outlives its rule.
CREATE TABLE alerts (
    id            BIGINT AUTO_INCREMENT PRIMARY KEY,
    rule_id       BIGINT       NOT NULL,
    device_id     BIGINT       NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    household_id  BIGINT       NOT NULL REFERENCES households (id) ON DELETE CASCADE,
    definition    VARCHAR(240) NOT NULL,            -- of the rule as it was
    danger        SMALLINT     NOT NULL,
    repeat_s      BIGINT       NOT NULL,
    fired_at      BIGINT       NOT NULL,            -- when it became true
    noticed_at    BIGINT       NOT NULL,            -- when we decided so
    value         DOUBLE,
    from_value    DOUBLE,                           -- where a change began
    from_at       BIGINT,
    again_at      BIGINT,                           -- when it is to be said again
    acked_at      BIGINT,
    acked_by      BIGINT REFERENCES users (id) ON DELETE SET NULL,
    cleared_at    BIGINT,
    cleared_value DOUBLE,
    UNIQUE (rule_id, fired_at),
    INDEX alerts_household (household_id, id),
    INDEX alerts_device (device_id, id),
    INDEX alerts_again (again_at)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who was told of what, in which letter.
CREATE TABLE notices (
    alert_id   BIGINT       NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    user_id    BIGINT       NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    letter     VARCHAR(190) NOT NULL,               -- outbox.dedupe_key
    what       VARCHAR(8)   NOT NULL,               -- fired, again, over
    channel    VARCHAR(16)  NOT NULL,
    created_at BIGINT       NOT NULL,
    PRIMARY KEY (alert_id, letter),
    INDEX notices_letter (letter),
    INDEX notices_user (user_id)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How each person wants to be told. No row: by mail, at any hour.
CREATE TABLE notification_settings (
    user_id      BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    by_mail      SMALLINT NOT NULL,
    quiet_from   BIGINT,                            -- minute of the local day; NULL: no quiet hours
    quiet_to     BIGINT,
    danger_wakes SMALLINT NOT NULL                  -- 1: danger does not wait for the end of the quiet hours
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
