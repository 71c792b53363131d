-- Which of several servers does a job that is to be done once. A server holds a job until `ends_at` unless it renews that.
CREATE TABLE leases (
    job     VARCHAR(16) PRIMARY KEY,
    holder  VARCHAR(32) NOT NULL,       -- drawn at each start
    ends_at BIGINT      NOT NULL        -- Unix ms by the clock of the database, the only one all servers share
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO leases (job, holder, ends_at) VALUES ('clockwork', '', 0), ('retention', '', 0), ('accounts', '', 0);
