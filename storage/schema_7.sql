-- The `delete` that has put it into the trash: its end is told where that was said.
ALTER TABLE workspace ADD COLUMN trashed_by TEXT REFERENCES operation (id);

-- What the servers of an operation had cost at its end; currency '' where it had none.
ALTER TABLE audit ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN currency TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_operation ON audit (operation) WHERE operation IS NOT NULL;
CREATE INDEX audit_person ON audit (person);
