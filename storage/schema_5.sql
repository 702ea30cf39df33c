-- Where both are told that a share has ended.
ALTER TABLE share ADD COLUMN chat TEXT NOT NULL DEFAULT '';
ALTER TABLE share ADD COLUMN room TEXT NOT NULL DEFAULT '';
ALTER TABLE share ADD COLUMN thread TEXT NOT NULL DEFAULT '';
CREATE INDEX share_end ON share (until);

-- What somebody asks operators for; its id is the number of `approve N`.
CREATE TABLE request (
  id      INTEGER PRIMARY KEY,
  origin  TEXT NOT NULL UNIQUE,
  person  INTEGER NOT NULL REFERENCES person (id),
  ask     TEXT NOT NULL,
  type    TEXT NOT NULL,
  why     TEXT NOT NULL,
  chat    TEXT NOT NULL,
  room    TEXT NOT NULL,
  thread  TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  state   TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'denied', 'expired')),
  decided INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX request_open ON request (expires) WHERE state = 'open';
