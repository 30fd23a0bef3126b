-- What installs take from labd beside their order: users, keys and CA certificates of an environment; network settings of a NIC.

CREATE TABLE IF NOT EXISTS install_settings (
  id              UUID NOT NULL DEFAULT gen_random_uuid(),
  name            TEXT NOT NULL,
  labels          JSONB NOT NULL DEFAULT '{}',
  annotations     JSONB NOT NULL DEFAULT '{}',
  cloud           TEXT NOT NULL DEFAULT 'default',
  environment     TEXT NOT NULL DEFAULT 'default',
  ssh_keys        JSONB NOT NULL DEFAULT '[]',
  users           JSONB NOT NULL DEFAULT '[]',
  ca_certificates JSONB NOT NULL DEFAULT '[]',
  version         INT4 NOT NULL DEFAULT 1,
  created_at      TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at      TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT install_settings_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS install_settings_name_key ON install_settings (name);
CREATE UNIQUE INDEX IF NOT EXISTS install_settings_cloud_environment_key ON install_settings (cloud, environment);

ALTER TABLE server_nics ADD COLUMN IF NOT EXISTS settings JSONB;
