-- What is known of an order when it is given, and whether the disk of an install is still what it was.

-- What a bastion said that it has: NULL is one that is older than the question.
ALTER TABLE bastions ADD COLUMN IF NOT EXISTS layouts JSONB;
ALTER TABLE bastions ADD COLUMN IF NOT EXISTS install_roles JSONB;

ALTER TABLE installs ADD COLUMN IF NOT EXISTS warnings JSONB NOT NULL DEFAULT '[]';
ALTER TABLE installs ADD COLUMN IF NOT EXISTS kickstart_fetched_at TIMESTAMPTZ(3);
ALTER TABLE installs ADD COLUMN IF NOT EXISTS disk_touched_at TIMESTAMPTZ(3);
