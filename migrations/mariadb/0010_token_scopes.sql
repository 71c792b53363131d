-- What a personal token may do. Those that were there before may do what they always might.
ALTER TABLE tokens ADD COLUMN scope VARCHAR(8) NOT NULL DEFAULT 'write';   -- read, write
