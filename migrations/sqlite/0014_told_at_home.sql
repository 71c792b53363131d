-- In which unit a person reads temperatures, in messages too. NULL: never chosen, °C.
ALTER TABLE users ADD COLUMN degrees VARCHAR(1);   -- c, f

-- What is not over, for the page that shows the whole home.
CREATE INDEX alerts_open ON alerts (device_id, cleared_at);
