-- Who was asked into a household and has not answered yet. The link in the mail holds the token; used once, the row is
-- gone.
CREATE TABLE invites (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    household_id BIGINT       NOT NULL REFERENCES households (id) ON DELETE CASCADE,
    token_hash   VARCHAR(64)  NOT NULL UNIQUE,      -- SHA-256 of the token
    email        VARCHAR(254) NOT NULL,             -- where the mail went, lower case
    role         VARCHAR(8)   NOT NULL,             -- member, viewer
    invited_by   BIGINT       NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   BIGINT       NOT NULL,
    expires_at   BIGINT       NOT NULL
);
CREATE INDEX invites_household ON invites (household_id);
