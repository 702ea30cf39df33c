-- Where a command without a message of its own is answered (Slack's slash commands): by their URL, a secret
-- that ends after half an hour, or below the message that was the first answer.
CREATE TABLE reply (
  thread TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  url    TEXT NOT NULL,
  uses   INTEGER NOT NULL DEFAULT 0,
  until  INTEGER NOT NULL,
  root   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX reply_until ON reply (until);
-- The first answer is the first that was sent.
CREATE INDEX outbox_thread ON outbox (thread) WHERE thread <> '';

-- What others call them, where the id says nothing; the first one heard of stays.
ALTER TABLE person ADD COLUMN name TEXT NOT NULL DEFAULT '';
