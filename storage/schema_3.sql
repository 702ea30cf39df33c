-- What we know of a chat's rooms. A chat tells most of it once, and goes on from there after a restart.
CREATE TABLE room (
  chat      TEXT NOT NULL,
  id        TEXT NOT NULL,
  alias     TEXT NOT NULL DEFAULT '',
  state     TEXT NOT NULL CHECK (state IN ('invited', 'awaited', 'unwelcome', 'joined', 'left')),
  admitted  INTEGER NOT NULL DEFAULT 0 CHECK (admitted IN (0, 1)),
  partner   TEXT NOT NULL DEFAULT '',
  members   INTEGER NOT NULL DEFAULT 0,
  encrypted INTEGER NOT NULL DEFAULT 0 CHECK (encrypted IN (0, 1)),
  successor TEXT NOT NULL DEFAULT '',
  since     INTEGER NOT NULL,
  PRIMARY KEY (chat, id)
) STRICT;

-- Pictures that a chat has already, by the key of their message.
CREATE TABLE upload (
  key TEXT NOT NULL PRIMARY KEY,
  uri TEXT NOT NULL
) STRICT;

-- Few messages have a second id: those that have none need not be in an index.
CREATE TABLE inbox_3 (
  key       TEXT NOT NULL PRIMARY KEY,
  alias     TEXT,
  chat      TEXT NOT NULL,
  room      TEXT NOT NULL,
  thread    TEXT NOT NULL,
  sender    TEXT NOT NULL,
  text      TEXT NOT NULL,
  direct    INTEGER NOT NULL CHECK (direct IN (0, 1)),
  answer_to TEXT,
  at        INTEGER NOT NULL,
  state     TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done'))
) STRICT;
INSERT INTO inbox_3 SELECT * FROM inbox ORDER BY rowid;
DROP TABLE inbox;
ALTER TABLE inbox_3 RENAME TO inbox;
CREATE INDEX inbox_new ON inbox (state) WHERE state = 'new';
CREATE UNIQUE INDEX inbox_alias ON inbox (alias) WHERE alias IS NOT NULL;

-- A press names the message it was put under.
CREATE INDEX outbox_remote ON outbox (chat, remote_id) WHERE remote_id IS NOT NULL;

-- They are counted at every scrape of /metrics, all that ever were.
CREATE INDEX operation_counted ON operation (verb, state);
