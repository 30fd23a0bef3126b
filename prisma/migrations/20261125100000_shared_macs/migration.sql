-- Two servers may show one MAC: the USB NIC of their BMCs, a card that was moved. Only one of them has booted from it.

DROP INDEX IF EXISTS server_nics_mac_key CASCADE;
CREATE UNIQUE INDEX IF NOT EXISTS server_nics_server_id_mac_key ON server_nics (server_id, mac);
CREATE UNIQUE INDEX IF NOT EXISTS server_nics_boot_mac_key ON server_nics (mac) WHERE boot;
CREATE INDEX IF NOT EXISTS server_nics_mac_boot_server_id_idx ON server_nics (mac, boot, server_id);

-- A disk in another machine tells that the board around it was replaced.
CREATE INDEX IF NOT EXISTS server_disks_wwn_idx ON server_disks (wwn);
CREATE INDEX IF NOT EXISTS server_disks_serial_idx ON server_disks (serial);
