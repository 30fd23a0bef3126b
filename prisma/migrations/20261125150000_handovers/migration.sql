-- A site that stood alone joins: what its bastion brings along from the labd that it had for itself.

CREATE TABLE IF NOT EXISTS handovers (
  id             UUID NOT NULL,
  bastion_id     UUID NOT NULL,
  state          TEXT NOT NULL DEFAULT 'receiving',
  announced      JSONB NOT NULL,
  received       JSONB NOT NULL DEFAULT '{}',
  received_parts INT4 NOT NULL DEFAULT 0,
  cluster_ids    JSONB NOT NULL DEFAULT '[]',
  created_at     TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  updated_at     TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  completed_at   TIMESTAMPTZ(3),
  CONSTRAINT handovers_pkey PRIMARY KEY (id),
  CONSTRAINT handovers_bastion_id_fkey FOREIGN KEY (bastion_id) REFERENCES bastions (id) ON DELETE CASCADE,
  CONSTRAINT handovers_state_check CHECK (state IN ('receiving', 'complete'))
);
CREATE UNIQUE INDEX IF NOT EXISTS handovers_bastion_id_key ON handovers (bastion_id);
