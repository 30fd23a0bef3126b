-- What a token may do at most, and what every resource has.

ALTER TABLE api_tokens ADD COLUMN IF NOT EXISTS scope JSONB;
ALTER TABLE api_tokens ADD COLUMN IF NOT EXISTS version INT4 NOT NULL DEFAULT 1;
ALTER TABLE api_tokens ADD COLUMN IF NOT EXISTS updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT now();
