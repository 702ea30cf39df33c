-- The whole of what devbox keeps. Times are unix milliseconds; money is in 1e-10 of the row's currency;
-- requests, results, bodies and reports are JSON text. NULL is "none".
PRAGMA application_id = 1684172664;  -- "dbox"

CREATE TABLE person (
  id       INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  user     TEXT NOT NULL,
  tz       TEXT NOT NULL DEFAULT '',
  role     TEXT NOT NULL DEFAULT '',
  UNIQUE (platform, user)
) STRICT;

CREATE TABLE workspace (
  id            INTEGER PRIMARY KEY,
  owner         INTEGER NOT NULL REFERENCES person (id),
  name          TEXT NOT NULL,
  hostname      TEXT NOT NULL UNIQUE,
  location      TEXT NOT NULL DEFAULT '',
  volume_id     INTEGER,
  volume_gb     INTEGER NOT NULL DEFAULT 0,
  ip_id         INTEGER,
  ipv4          TEXT NOT NULL DEFAULT '',
  policy        TEXT NOT NULL DEFAULT '{}',
  state         TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'trashed', 'deleted')),
  trashed_until INTEGER,
  UNIQUE (owner, name)
) STRICT;

CREATE TABLE inbox (
  key       TEXT NOT NULL PRIMARY KEY,
  alias     TEXT UNIQUE,
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
CREATE INDEX inbox_new ON inbox (state) WHERE state = 'new';

-- How far a chat has been read; committed together with the inbox rows it covers.
CREATE TABLE cursor (
  chat  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE operation (
  id        TEXT NOT NULL PRIMARY KEY,
  origin    TEXT NOT NULL UNIQUE,
  verb      TEXT NOT NULL,
  request   TEXT NOT NULL,
  workspace INTEGER REFERENCES workspace (id),
  actor     INTEGER REFERENCES person (id),
  chat      TEXT NOT NULL,
  room      TEXT NOT NULL,
  thread    TEXT NOT NULL,
  state     TEXT NOT NULL
            CHECK (state IN ('queued', 'running', 'waiting', 'undoing', 'done', 'failed', 'cancelled')),
  error     TEXT NOT NULL DEFAULT '',
  created   INTEGER NOT NULL,
  finished  INTEGER
) STRICT;
CREATE INDEX operation_unfinished ON operation (workspace, created) WHERE finished IS NULL;
CREATE INDEX operation_recent ON operation (verb, finished);

CREATE TABLE step (
  operation TEXT NOT NULL REFERENCES operation (id),
  name      TEXT NOT NULL,
  result    TEXT NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (operation, name)
) STRICT;

-- Written before an effect, so that a restart knows what may exist.
CREATE TABLE note (
  id        INTEGER PRIMARY KEY,
  operation TEXT NOT NULL REFERENCES operation (id),
  name      TEXT NOT NULL,
  value     TEXT NOT NULL
) STRICT;
CREATE INDEX note_of ON note (operation, name);

CREATE TABLE question (
  id          INTEGER PRIMARY KEY,
  operation   TEXT NOT NULL REFERENCES operation (id),
  name        TEXT NOT NULL,
  nonce       TEXT NOT NULL,
  who         INTEGER REFERENCES person (id),
  choices     TEXT NOT NULL,
  message     TEXT NOT NULL,
  expires     INTEGER NOT NULL,
  answer      TEXT,
  answered_by INTEGER REFERENCES person (id),
  UNIQUE (operation, name)
) STRICT;
CREATE INDEX question_open ON question (who) WHERE answer IS NULL;

CREATE TABLE outbox (
  key       TEXT NOT NULL PRIMARY KEY,
  chat      TEXT NOT NULL,
  room      TEXT NOT NULL,
  thread    TEXT NOT NULL,
  kind      TEXT NOT NULL,
  edits     TEXT,
  body      TEXT NOT NULL,
  state     TEXT NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'sending', 'sent', 'dropped')),
  remote_id TEXT,
  due       INTEGER NOT NULL,
  tries     INTEGER NOT NULL DEFAULT 0,
  error     TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox (chat, room) WHERE state IN ('due', 'sending');

CREATE TABLE session (
  server_id INTEGER PRIMARY KEY,
  workspace INTEGER NOT NULL REFERENCES workspace (id),
  operation TEXT NOT NULL REFERENCES operation (id),
  type      TEXT NOT NULL,
  location  TEXT NOT NULL,
  image     TEXT NOT NULL,
  hourly    INTEGER NOT NULL,
  monthly   INTEGER NOT NULL,
  currency  TEXT NOT NULL,
  node_id   TEXT,
  node_name TEXT,
  created   INTEGER NOT NULL,
  ended     INTEGER
) STRICT;
CREATE INDEX session_of ON session (workspace, created);
CREATE INDEX session_running ON session (workspace) WHERE ended IS NULL;

-- When a workspace will be reminded or stopped, and by what: idle, schedule, for/until, hard cap.
CREATE TABLE deadline (
  workspace INTEGER NOT NULL REFERENCES workspace (id),
  kind      TEXT NOT NULL,
  at        INTEGER NOT NULL,
  by        TEXT NOT NULL,
  PRIMARY KEY (workspace, kind)
) STRICT;

CREATE TABLE lease (
  id        INTEGER PRIMARY KEY,
  workspace INTEGER NOT NULL REFERENCES workspace (id),
  person    INTEGER REFERENCES person (id),
  until     INTEGER NOT NULL,
  reason    TEXT NOT NULL DEFAULT '',
  created   INTEGER NOT NULL
) STRICT;
CREATE INDEX lease_of ON lease (workspace, until);

CREATE TABLE share (
  workspace INTEGER NOT NULL REFERENCES workspace (id),
  person    INTEGER NOT NULL REFERENCES person (id),
  until     INTEGER NOT NULL,
  by        INTEGER REFERENCES person (id),
  PRIMARY KEY (workspace, person)
) STRICT;

CREATE TABLE ssh_key (
  id          INTEGER PRIMARY KEY,
  person      INTEGER NOT NULL REFERENCES person (id),
  name        TEXT NOT NULL,
  public_key  TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  added       INTEGER NOT NULL,
  UNIQUE (person, fingerprint)
) STRICT;

-- The last one only; the workspace's own claim.
CREATE TABLE report (
  workspace INTEGER PRIMARY KEY REFERENCES workspace (id),
  operation TEXT NOT NULL,
  report    TEXT NOT NULL,
  at        INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
  id        INTEGER PRIMARY KEY,
  at        INTEGER NOT NULL,
  person    INTEGER REFERENCES person (id),
  chat      TEXT NOT NULL,
  room      TEXT NOT NULL,
  command   TEXT NOT NULL,
  operation TEXT,
  result    TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
