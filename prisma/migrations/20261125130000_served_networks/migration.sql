-- What a bastion serves with DHCP, what it says of it, and what machines met on their way to their kernels.

ALTER TABLE networks ADD COLUMN IF NOT EXISTS nameservers TEXT[] NOT NULL DEFAULT '{}';
ALTER TABLE networks ADD COLUMN IF NOT EXISTS dhcp JSONB;
ALTER TABLE networks ADD COLUMN IF NOT EXISTS conditions JSONB NOT NULL DEFAULT '[]';
-- How many leases the bastion counts, and when it said so: NULL until it does.
ALTER TABLE networks ADD COLUMN IF NOT EXISTS leases INT4;
ALTER TABLE networks ADD COLUMN IF NOT EXISTS leases_at TIMESTAMPTZ(3);

CREATE TABLE IF NOT EXISTS network_leases (
  network_id UUID NOT NULL REFERENCES networks (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  mac TEXT NOT NULL,
  hostname TEXT,
  expires_at TIMESTAMPTZ(3),
  PRIMARY KEY (network_id, address)
);
CREATE INDEX IF NOT EXISTS network_leases_mac_idx ON network_leases (mac);

CREATE TABLE IF NOT EXISTS netboot_machines (
  bastion_id UUID NOT NULL REFERENCES bastions (id) ON DELETE CASCADE,
  mac TEXT NOT NULL,
  events JSONB NOT NULL,
  heard_at TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY (bastion_id, mac)
);
CREATE INDEX IF NOT EXISTS netboot_machines_mac_idx ON netboot_machines (mac);

-- Two NICs of a network that are declared with one address are looked for with every declaration.
CREATE INDEX IF NOT EXISTS server_nics_declared_address_idx
  ON server_nics (network_id, (split_part(settings->>'address', '/', 1)));
