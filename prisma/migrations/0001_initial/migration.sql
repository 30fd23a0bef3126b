-- The first schema. CockroachDB and PostgreSQL run this same text: INT4 and INT8 (CockroachDB's INTEGER has 64 bits), TEXT,
-- gen_random_uuid(). Every statement may run again: CockroachDB can't take a half-done series of them back.

CREATE TABLE IF NOT EXISTS bastions (
  id                      UUID NOT NULL DEFAULT gen_random_uuid(),
  name                    TEXT NOT NULL,
  labels                  JSONB NOT NULL DEFAULT '{}',
  annotations             JSONB NOT NULL DEFAULT '{}',
  cloud                   TEXT NOT NULL DEFAULT 'default',
  environment             TEXT NOT NULL DEFAULT 'default',
  credential_hash         TEXT,
  certificate_fingerprint TEXT,
  certificate_not_after   TIMESTAMPTZ(3),
  revoked_at              TIMESTAMPTZ(3),
  software_version        TEXT,
  profiles                JSONB NOT NULL DEFAULT '[]',
  url                     TEXT,
  link_state              TEXT NOT NULL DEFAULT 'disconnected',
  link_replica            TEXT,
  link_changed_at         TIMESTAMPTZ(3),
  last_seen_at            TIMESTAMPTZ(3),
  plan_generation         INT8 NOT NULL DEFAULT 0,
  plan_acked              INT8 NOT NULL DEFAULT 0,
  version                 INT4 NOT NULL DEFAULT 1,
  created_at              TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at              TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT bastions_pkey PRIMARY KEY (id),
  CONSTRAINT bastions_link_state_check CHECK (link_state IN ('connected', 'disconnected'))
);
CREATE UNIQUE INDEX IF NOT EXISTS bastions_name_key ON bastions (name);
CREATE UNIQUE INDEX IF NOT EXISTS bastions_credential_hash_key ON bastions (credential_hash);
CREATE UNIQUE INDEX IF NOT EXISTS bastions_certificate_fingerprint_key ON bastions (certificate_fingerprint);
CREATE INDEX IF NOT EXISTS bastions_cloud_environment_name_idx ON bastions (cloud, environment, name);

CREATE TABLE IF NOT EXISTS servers (
  id                 UUID NOT NULL DEFAULT gen_random_uuid(),
  name               TEXT NOT NULL,
  labels             JSONB NOT NULL DEFAULT '{}',
  annotations        JSONB NOT NULL DEFAULT '{}',
  cloud              TEXT NOT NULL DEFAULT 'default',
  environment        TEXT NOT NULL DEFAULT 'default',
  role               TEXT,
  phase              TEXT NOT NULL DEFAULT 'discovered',
  conditions         JSONB NOT NULL DEFAULT '[]',
  arch               TEXT,
  cpu_model          TEXT,
  cpu_cores          INT4,
  memory_bytes       INT8,
  manufacturer       TEXT,
  model              TEXT,
  serial             TEXT,
  smbios_uuid        TEXT,
  boot_mode          TEXT,
  profile            TEXT,
  os_name            TEXT,
  kernel_version     TEXT,
  addresses          TEXT[] NOT NULL DEFAULT '{}',
  host_keys          JSONB NOT NULL DEFAULT '[]',
  bastion_id         UUID,
  current_install_id UUID,
  plan_generation    INT8 NOT NULL DEFAULT 0,
  version            INT4 NOT NULL DEFAULT 1,
  last_seen_at       TIMESTAMPTZ(3),
  created_at         TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at         TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT servers_pkey PRIMARY KEY (id),
  CONSTRAINT servers_bastion_id_fkey FOREIGN KEY (bastion_id) REFERENCES bastions (id) ON DELETE SET NULL,
  CONSTRAINT servers_phase_check CHECK (phase IN ('discovered', 'provisioning', 'installed', 'failed')),
  CONSTRAINT servers_boot_mode_check CHECK (boot_mode IN ('uefi', 'bios'))
);
CREATE UNIQUE INDEX IF NOT EXISTS servers_name_key ON servers (name);
CREATE INDEX IF NOT EXISTS servers_phase_name_idx ON servers (phase, name);
CREATE INDEX IF NOT EXISTS servers_role_name_idx ON servers (role, name);
CREATE INDEX IF NOT EXISTS servers_cloud_environment_name_idx ON servers (cloud, environment, name);
CREATE INDEX IF NOT EXISTS servers_environment_name_idx ON servers (environment, name);
CREATE INDEX IF NOT EXISTS servers_bastion_id_name_idx ON servers (bastion_id, name);
CREATE INDEX IF NOT EXISTS servers_smbios_uuid_idx ON servers (smbios_uuid);
CREATE INDEX IF NOT EXISTS servers_serial_idx ON servers (serial);

CREATE TABLE IF NOT EXISTS networks (
  id           UUID NOT NULL DEFAULT gen_random_uuid(),
  name         TEXT NOT NULL,
  labels       JSONB NOT NULL DEFAULT '{}',
  annotations  JSONB NOT NULL DEFAULT '{}',
  cloud        TEXT NOT NULL DEFAULT 'default',
  environment  TEXT NOT NULL DEFAULT 'default',
  cidr         TEXT NOT NULL,
  vlan         INT4,
  gateway      TEXT,
  domain       TEXT,
  dhcp_enabled BOOLEAN NOT NULL DEFAULT false,
  bastion_id   UUID,
  version      INT4 NOT NULL DEFAULT 1,
  created_at   TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at   TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT networks_pkey PRIMARY KEY (id),
  CONSTRAINT networks_bastion_id_fkey FOREIGN KEY (bastion_id) REFERENCES bastions (id) ON DELETE SET NULL,
  CONSTRAINT networks_vlan_check CHECK (vlan BETWEEN 1 AND 4094)
);
CREATE UNIQUE INDEX IF NOT EXISTS networks_name_key ON networks (name);
CREATE INDEX IF NOT EXISTS networks_cloud_environment_name_idx ON networks (cloud, environment, name);
CREATE INDEX IF NOT EXISTS networks_bastion_id_idx ON networks (bastion_id);

CREATE TABLE IF NOT EXISTS server_nics (
  id         UUID NOT NULL DEFAULT gen_random_uuid(),
  server_id  UUID NOT NULL,
  name       TEXT NOT NULL,
  mac        TEXT NOT NULL,
  driver     TEXT,
  speed_mbps INT4,
  link_up    BOOLEAN,
  addresses  TEXT[] NOT NULL DEFAULT '{}',
  boot       BOOLEAN NOT NULL DEFAULT false,
  network_id UUID,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT server_nics_pkey PRIMARY KEY (id),
  CONSTRAINT server_nics_server_id_fkey FOREIGN KEY (server_id) REFERENCES servers (id) ON DELETE CASCADE,
  CONSTRAINT server_nics_network_id_fkey FOREIGN KEY (network_id) REFERENCES networks (id) ON DELETE SET NULL,
  CONSTRAINT server_nics_mac_check CHECK (mac ~ '^[0-9a-f]{2}(:[0-9a-f]{2}){5}$')
);
CREATE UNIQUE INDEX IF NOT EXISTS server_nics_mac_key ON server_nics (mac);
CREATE INDEX IF NOT EXISTS server_nics_server_id_name_idx ON server_nics (server_id, name);
CREATE INDEX IF NOT EXISTS server_nics_network_id_idx ON server_nics (network_id);

CREATE TABLE IF NOT EXISTS server_disks (
  id         UUID NOT NULL DEFAULT gen_random_uuid(),
  server_id  UUID NOT NULL,
  name       TEXT NOT NULL,
  size_bytes INT8 NOT NULL,
  model      TEXT,
  serial     TEXT,
  wwn        TEXT,
  by_id      TEXT,
  rotational BOOLEAN,
  removable  BOOLEAN,
  transport  TEXT,
  has_data   BOOLEAN,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT server_disks_pkey PRIMARY KEY (id),
  CONSTRAINT server_disks_server_id_fkey FOREIGN KEY (server_id) REFERENCES servers (id) ON DELETE CASCADE,
  CONSTRAINT server_disks_size_bytes_check CHECK (size_bytes >= 0)
);
CREATE UNIQUE INDEX IF NOT EXISTS server_disks_server_id_name_key ON server_disks (server_id, name);

CREATE TABLE IF NOT EXISTS clusters (
  id                   UUID NOT NULL DEFAULT gen_random_uuid(),
  name                 TEXT NOT NULL,
  labels               JSONB NOT NULL DEFAULT '{}',
  annotations          JSONB NOT NULL DEFAULT '{}',
  cloud                TEXT NOT NULL DEFAULT 'default',
  environment          TEXT NOT NULL DEFAULT 'default',
  distribution         TEXT NOT NULL DEFAULT 'k3s',
  distribution_version TEXT,
  endpoint             TEXT,
  domain               TEXT,
  conditions           JSONB NOT NULL DEFAULT '[]',
  version              INT4 NOT NULL DEFAULT 1,
  created_at           TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at           TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT clusters_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS clusters_name_key ON clusters (name);
CREATE INDEX IF NOT EXISTS clusters_cloud_environment_name_idx ON clusters (cloud, environment, name);

CREATE TABLE IF NOT EXISTS cluster_members (
  server_id  UUID NOT NULL,
  cluster_id UUID NOT NULL,
  role       TEXT NOT NULL,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT cluster_members_pkey PRIMARY KEY (server_id),
  CONSTRAINT cluster_members_server_id_fkey FOREIGN KEY (server_id) REFERENCES servers (id) ON DELETE CASCADE,
  CONSTRAINT cluster_members_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES clusters (id) ON DELETE CASCADE,
  CONSTRAINT cluster_members_role_check CHECK (role IN ('control-plane', 'worker'))
);
CREATE INDEX IF NOT EXISTS cluster_members_cluster_id_role_idx ON cluster_members (cluster_id, role);

CREATE TABLE IF NOT EXISTS bastion_streams (
  bastion_id    UUID NOT NULL,
  stream        TEXT NOT NULL,
  epoch         TEXT NOT NULL,
  committed_seq INT8 NOT NULL DEFAULT 0,
  created_at    TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at    TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT bastion_streams_pkey PRIMARY KEY (bastion_id, stream, epoch),
  CONSTRAINT bastion_streams_bastion_id_fkey FOREIGN KEY (bastion_id) REFERENCES bastions (id) ON DELETE CASCADE,
  CONSTRAINT bastion_streams_stream_check CHECK (stream IN ('facts', 'logs')),
  CONSTRAINT bastion_streams_committed_seq_check CHECK (committed_seq >= 0)
);

CREATE TABLE IF NOT EXISTS agents (
  id                      UUID NOT NULL DEFAULT gen_random_uuid(),
  name                    TEXT NOT NULL,
  server_id               UUID NOT NULL,
  certificate_fingerprint TEXT,
  certificate_not_after   TIMESTAMPTZ(3),
  revoked_at              TIMESTAMPTZ(3),
  software_version        TEXT,
  last_seen_at            TIMESTAMPTZ(3),
  version                 INT4 NOT NULL DEFAULT 1,
  created_at              TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at              TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT agents_pkey PRIMARY KEY (id),
  CONSTRAINT agents_server_id_fkey FOREIGN KEY (server_id) REFERENCES servers (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS agents_name_key ON agents (name);
CREATE UNIQUE INDEX IF NOT EXISTS agents_server_id_key ON agents (server_id);
CREATE UNIQUE INDEX IF NOT EXISTS agents_certificate_fingerprint_key ON agents (certificate_fingerprint);

CREATE TABLE IF NOT EXISTS installs (
  id             UUID NOT NULL DEFAULT gen_random_uuid(),
  server_id      UUID NOT NULL,
  attempt        INT4 NOT NULL,
  state          TEXT NOT NULL DEFAULT 'queued',
  phase_before   TEXT NOT NULL,
  profile        TEXT NOT NULL,
  role           TEXT NOT NULL,
  hostname       TEXT NOT NULL,
  disk_rule      JSONB NOT NULL,
  allow_erase    BOOLEAN NOT NULL DEFAULT false,
  layout         TEXT NOT NULL,
  parameters     JSONB NOT NULL DEFAULT '{}',
  requested_by   TEXT NOT NULL,
  bastion_id     UUID,
  failure        JSONB,
  facts          JSONB,
  stage_revision INT4 NOT NULL DEFAULT 0,
  log_count      INT4 NOT NULL DEFAULT 0,
  queued_at      TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  booted_at      TIMESTAMPTZ(3),
  started_at     TIMESTAMPTZ(3),
  finished_at    TIMESTAMPTZ(3),
  version        INT4 NOT NULL DEFAULT 1,
  created_at     TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at     TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT installs_pkey PRIMARY KEY (id),
  CONSTRAINT installs_server_id_fkey FOREIGN KEY (server_id) REFERENCES servers (id) ON DELETE CASCADE,
  CONSTRAINT installs_bastion_id_fkey FOREIGN KEY (bastion_id) REFERENCES bastions (id) ON DELETE SET NULL,
  CONSTRAINT installs_attempt_check CHECK (attempt >= 1),
  CONSTRAINT installs_phase_before_check CHECK (phase_before IN ('discovered', 'provisioning', 'installed', 'failed')),
  CONSTRAINT installs_state_check CHECK (state IN ('queued', 'booting', 'installing', 'finishing', 'succeeded', 'failed', 'cancelled'))
);
CREATE UNIQUE INDEX IF NOT EXISTS installs_server_id_attempt_key ON installs (server_id, attempt);
CREATE INDEX IF NOT EXISTS installs_state_queued_at_idx ON installs (state, queued_at);
CREATE INDEX IF NOT EXISTS installs_bastion_id_state_idx ON installs (bastion_id, state);
CREATE INDEX IF NOT EXISTS installs_queued_at_idx ON installs (queued_at);
-- One running install of a server, whatever the program believes. Not in schema.prisma, which has no partial indexes.
CREATE UNIQUE INDEX IF NOT EXISTS installs_one_running ON installs (server_id) WHERE finished_at IS NULL;

CREATE TABLE IF NOT EXISTS install_stages (
  install_id UUID NOT NULL,
  name       TEXT NOT NULL,
  position   INT4 NOT NULL,
  state      TEXT NOT NULL DEFAULT 'pending',
  started_at TIMESTAMPTZ(3),
  ended_at   TIMESTAMPTZ(3),
  message    TEXT,
  failure    JSONB,
  revision   INT4 NOT NULL DEFAULT 0,
  CONSTRAINT install_stages_pkey PRIMARY KEY (install_id, name),
  CONSTRAINT install_stages_install_id_fkey FOREIGN KEY (install_id) REFERENCES installs (id) ON DELETE CASCADE,
  CONSTRAINT install_stages_state_check CHECK (state IN ('pending', 'running', 'succeeded', 'failed'))
);
CREATE INDEX IF NOT EXISTS install_stages_install_id_revision_idx ON install_stages (install_id, revision);

CREATE TABLE IF NOT EXISTS install_log_lines (
  install_id UUID NOT NULL,
  number     INT4 NOT NULL,
  at         TIMESTAMPTZ(3) NOT NULL,
  source     TEXT NOT NULL,
  stage      TEXT,
  text       TEXT NOT NULL,
  CONSTRAINT install_log_lines_pkey PRIMARY KEY (install_id, number),
  CONSTRAINT install_log_lines_install_id_fkey FOREIGN KEY (install_id) REFERENCES installs (id) ON DELETE CASCADE,
  CONSTRAINT install_log_lines_number_check CHECK (number >= 1)
);

CREATE TABLE IF NOT EXISTS users (
  id                  UUID NOT NULL DEFAULT gen_random_uuid(),
  name                TEXT NOT NULL,
  display_name        TEXT,
  password_hash       TEXT,
  password_changed_at TIMESTAMPTZ(3),
  disabled_at         TIMESTAMPTZ(3),
  failed_logins       INT4 NOT NULL DEFAULT 0,
  locked_until        TIMESTAMPTZ(3),
  last_login_at       TIMESTAMPTZ(3),
  version             INT4 NOT NULL DEFAULT 1,
  created_at          TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at          TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS users_name_key ON users (name);

CREATE TABLE IF NOT EXISTS roles (
  id          UUID NOT NULL DEFAULT gen_random_uuid(),
  name        TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  built_in    BOOLEAN NOT NULL DEFAULT false,
  version     INT4 NOT NULL DEFAULT 1,
  created_at  TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at  TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT roles_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS roles_name_key ON roles (name);

CREATE TABLE IF NOT EXISTS permissions (
  id          UUID NOT NULL DEFAULT gen_random_uuid(),
  pattern     TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  created_at  TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT permissions_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS permissions_pattern_key ON permissions (pattern);

CREATE TABLE IF NOT EXISTS role_permissions (
  role_id       UUID NOT NULL,
  permission_id UUID NOT NULL,
  CONSTRAINT role_permissions_pkey PRIMARY KEY (role_id, permission_id),
  CONSTRAINT role_permissions_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE,
  CONSTRAINT role_permissions_permission_id_fkey FOREIGN KEY (permission_id) REFERENCES permissions (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS role_permissions_permission_id_idx ON role_permissions (permission_id);

CREATE TABLE IF NOT EXISTS user_roles (
  user_id    UUID NOT NULL,
  role_id    UUID NOT NULL,
  granted_by TEXT NOT NULL,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role_id),
  CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT user_roles_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS user_roles_role_id_idx ON user_roles (role_id);

CREATE TABLE IF NOT EXISTS sessions (
  id                          UUID NOT NULL DEFAULT gen_random_uuid(),
  user_id                     UUID NOT NULL,
  access_token_hash           TEXT NOT NULL,
  refresh_token_hash          TEXT NOT NULL,
  previous_refresh_token_hash TEXT,
  access_expires_at           TIMESTAMPTZ(3) NOT NULL,
  refresh_expires_at          TIMESTAMPTZ(3) NOT NULL,
  revoked_at                  TIMESTAMPTZ(3),
  last_used_at                TIMESTAMPTZ(3),
  user_agent                  TEXT,
  address                     TEXT,
  created_at                  TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT sessions_pkey PRIMARY KEY (id),
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS sessions_access_token_hash_key ON sessions (access_token_hash);
CREATE UNIQUE INDEX IF NOT EXISTS sessions_refresh_token_hash_key ON sessions (refresh_token_hash);
CREATE UNIQUE INDEX IF NOT EXISTS sessions_previous_refresh_token_hash_key ON sessions (previous_refresh_token_hash);
CREATE INDEX IF NOT EXISTS sessions_user_id_idx ON sessions (user_id);
CREATE INDEX IF NOT EXISTS sessions_refresh_expires_at_idx ON sessions (refresh_expires_at);

CREATE TABLE IF NOT EXISTS api_tokens (
  id           UUID NOT NULL DEFAULT gen_random_uuid(),
  user_id      UUID NOT NULL,
  name         TEXT NOT NULL,
  token_hash   TEXT NOT NULL,
  expires_at   TIMESTAMPTZ(3),
  revoked_at   TIMESTAMPTZ(3),
  last_used_at TIMESTAMPTZ(3),
  created_at   TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT api_tokens_pkey PRIMARY KEY (id),
  CONSTRAINT api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS api_tokens_token_hash_key ON api_tokens (token_hash);
CREATE UNIQUE INDEX IF NOT EXISTS api_tokens_user_id_name_key ON api_tokens (user_id, name);

CREATE TABLE IF NOT EXISTS join_tokens (
  id          UUID NOT NULL DEFAULT gen_random_uuid(),
  name        TEXT NOT NULL,
  kind        TEXT NOT NULL,
  token_hash  TEXT NOT NULL,
  cloud       TEXT NOT NULL DEFAULT 'default',
  environment TEXT NOT NULL DEFAULT 'default',
  max_uses    INT4 NOT NULL DEFAULT 1,
  uses_left   INT4 NOT NULL DEFAULT 1,
  expires_at  TIMESTAMPTZ(3) NOT NULL,
  revoked_at  TIMESTAMPTZ(3),
  created_by  TEXT NOT NULL,
  version     INT4 NOT NULL DEFAULT 1,
  created_at  TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at  TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT join_tokens_pkey PRIMARY KEY (id),
  CONSTRAINT join_tokens_kind_check CHECK (kind IN ('bastion', 'agent')),
  CONSTRAINT join_tokens_uses_left_check CHECK (uses_left BETWEEN 0 AND max_uses)
);
CREATE UNIQUE INDEX IF NOT EXISTS join_tokens_name_key ON join_tokens (name);
CREATE UNIQUE INDEX IF NOT EXISTS join_tokens_token_hash_key ON join_tokens (token_hash);
CREATE INDEX IF NOT EXISTS join_tokens_expires_at_idx ON join_tokens (expires_at);

CREATE TABLE IF NOT EXISTS audit_log (
  id            UUID NOT NULL DEFAULT gen_random_uuid(),
  seq           INT8,
  at            TIMESTAMPTZ(3) NOT NULL,
  actor         TEXT NOT NULL,
  action        TEXT NOT NULL,
  kind          TEXT NOT NULL,
  resource_id   TEXT,
  resource_name TEXT,
  cloud         TEXT,
  environment   TEXT,
  before        JSONB,
  after         JSONB,
  request_id    TEXT,
  source        TEXT,
  hmac          TEXT NOT NULL,
  previous_hash TEXT,
  hash          TEXT,
  CONSTRAINT audit_log_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS audit_log_seq_key ON audit_log (seq);
CREATE UNIQUE INDEX IF NOT EXISTS audit_log_hash_key ON audit_log (hash);
CREATE INDEX IF NOT EXISTS audit_log_at_idx ON audit_log (at);
CREATE INDEX IF NOT EXISTS audit_log_kind_resource_id_at_idx ON audit_log (kind, resource_id, at);
CREATE INDEX IF NOT EXISTS audit_log_actor_at_idx ON audit_log (actor, at);

CREATE TABLE IF NOT EXISTS feed_events (
  id               UUID NOT NULL DEFAULT gen_random_uuid(),
  seq              INT8,
  at               TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  type             TEXT NOT NULL,
  kind             TEXT NOT NULL,
  resource_id      TEXT NOT NULL,
  resource_name    TEXT NOT NULL,
  resource_version INT4 NOT NULL,
  cloud            TEXT,
  environment      TEXT,
  object           JSONB NOT NULL,
  CONSTRAINT feed_events_pkey PRIMARY KEY (id),
  CONSTRAINT feed_events_type_check CHECK (type IN ('added', 'modified', 'deleted'))
);
CREATE UNIQUE INDEX IF NOT EXISTS feed_events_seq_key ON feed_events (seq);
CREATE INDEX IF NOT EXISTS feed_events_at_idx ON feed_events (at);

CREATE TABLE IF NOT EXISTS sequence_heads (
  name       TEXT NOT NULL,
  value      INT8 NOT NULL DEFAULT 0,
  hash       TEXT,
  updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT sequence_heads_pkey PRIMARY KEY (name)
);
