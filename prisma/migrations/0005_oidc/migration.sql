-- Users that an identity provider vouches for, and sessions that end whatever is refreshed.

ALTER TABLE users ADD COLUMN IF NOT EXISTS identity TEXT;
CREATE UNIQUE INDEX IF NOT EXISTS users_identity_key ON users (identity);
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS ends_at TIMESTAMPTZ(3);
