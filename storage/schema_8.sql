-- A message's state is compared and not looked up: SQLite makes a table for a list of four, at each row that is written.
CREATE TABLE outbox_8 (
  key       TEXT NOT NULL PRIMARY KEY,
  chat      TEXT NOT NULL,
  room      TEXT NOT NULL,
  thread    TEXT NOT NULL,
  kind      TEXT NOT NULL,
  edits     TEXT,
  body      TEXT NOT NULL,
  state     TEXT NOT NULL DEFAULT 'due' CHECK (state = 'due' OR state = 'sending' OR state = 'sent' OR state = 'dropped'),
  remote_id TEXT,
  due       INTEGER NOT NULL,
  tries     INTEGER NOT NULL DEFAULT 0,
  error     TEXT
) STRICT;
INSERT INTO outbox_8 SELECT * FROM outbox ORDER BY rowid;
DROP TABLE outbox;
ALTER TABLE outbox_8 RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (chat, room) WHERE state IN ('due', 'sending');
CREATE INDEX outbox_remote ON outbox (chat, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX outbox_thread ON outbox (thread) WHERE thread <> '';

-- A row for each command, of which few are kept for long: one tree, and a look at all of them when some have ended.
CREATE TABLE reply_8 (
  thread TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  url    TEXT NOT NULL,
  uses   INTEGER NOT NULL DEFAULT 0,
  until  INTEGER NOT NULL,
  root   TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
INSERT INTO reply_8 SELECT * FROM reply;
DROP TABLE reply;
ALTER TABLE reply_8 RENAME TO reply;
