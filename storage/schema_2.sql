-- What a workspace keeps while it is down, as billed: a row for each stretch of one size and one price, shown
-- side (net or gross by configuration). `monthly` of a volume is its whole size's price.
CREATE TABLE holding (
  kind      TEXT NOT NULL CHECK (kind IN ('volume', 'ipv4')),
  remote_id INTEGER NOT NULL,
  since     INTEGER NOT NULL,
  until     INTEGER,
  workspace INTEGER NOT NULL REFERENCES workspace (id),
  gb        INTEGER NOT NULL,
  hourly    INTEGER NOT NULL,
  monthly   INTEGER NOT NULL,
  currency  TEXT NOT NULL,
  PRIMARY KEY (kind, remote_id, since)
) STRICT;
CREATE INDEX holding_of ON holding (workspace, since);

-- Somebody waits for a server type to be orderable, and is told once.
CREATE TABLE watch (
  id       INTEGER PRIMARY KEY,
  person   INTEGER NOT NULL REFERENCES person (id),
  type     TEXT NOT NULL,
  location TEXT NOT NULL,
  chat     TEXT NOT NULL,
  room     TEXT NOT NULL,
  thread   TEXT NOT NULL,
  since    INTEGER NOT NULL,
  told     INTEGER
) STRICT;
CREATE UNIQUE INDEX watch_open ON watch (person, type, location) WHERE told IS NULL;

-- What the reconciler sees and has told, while it lasts: told again only after it had gone.
CREATE TABLE finding (
  key   TEXT NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  text  TEXT NOT NULL
) STRICT;

-- Where to answer when the deadline has come, and in whose name.
ALTER TABLE deadline ADD COLUMN person INTEGER REFERENCES person (id);
ALTER TABLE deadline ADD COLUMN chat TEXT NOT NULL DEFAULT '';
ALTER TABLE deadline ADD COLUMN room TEXT NOT NULL DEFAULT '';
ALTER TABLE deadline ADD COLUMN thread TEXT NOT NULL DEFAULT '';

-- The key's id in the Hetzner project, once it is there.
ALTER TABLE ssh_key ADD COLUMN remote_id INTEGER;
