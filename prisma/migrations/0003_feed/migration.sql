-- Where a resource was and how it was labelled before a change, if that differs: a watcher who could see it then, and can't
-- now, is told that it is gone. And what the sequencers look for: rows without a number.

ALTER TABLE feed_events ADD COLUMN IF NOT EXISTS was JSONB;
CREATE INDEX IF NOT EXISTS feed_events_unnumbered_idx ON feed_events (at) WHERE seq IS NULL;
CREATE INDEX IF NOT EXISTS audit_log_unsealed_idx ON audit_log (at) WHERE seq IS NULL;
