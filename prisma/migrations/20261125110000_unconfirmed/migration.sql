-- What nobody has confirmed is bounded: since when a person stands behind a server. What a bastion has to say of itself.

ALTER TABLE servers ADD COLUMN IF NOT EXISTS confirmed_at TIMESTAMPTZ(3);
ALTER TABLE bastions ADD COLUMN IF NOT EXISTS conditions JSONB NOT NULL DEFAULT '[]';
CREATE INDEX IF NOT EXISTS servers_bastion_id_confirmed_at_last_seen_at_idx ON servers (bastion_id, confirmed_at, last_seen_at);
