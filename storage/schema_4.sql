-- Nobody wrote into it.
DROP TABLE lease;

-- What was said of when a server stops, one of a kind; over with its session.
--   keep    it is in use until then, whatever it reports
--   extend  it is not stopped before then
--   until   it stops then
--   moved   nobody answered before a stop, which was put off to then, once
CREATE TABLE hold (
  session INTEGER NOT NULL REFERENCES session (server_id),
  kind    TEXT NOT NULL CHECK (kind IN ('keep', 'extend', 'until', 'moved')),
  until   INTEGER NOT NULL,
  said    TEXT NOT NULL,
  person  INTEGER REFERENCES person (id),
  at      INTEGER NOT NULL,
  PRIMARY KEY (session, kind)
) STRICT;

-- What the reports of the session have come to (commands/activity).
ALTER TABLE report ADD COLUMN activity TEXT NOT NULL DEFAULT 'null';

-- "22-7" in the person's own zone: no reminders then.
ALTER TABLE person ADD COLUMN quiet TEXT NOT NULL DEFAULT '';
