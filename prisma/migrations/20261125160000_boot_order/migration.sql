-- What the firmware of a server is to try first, and what it made of that.

ALTER TABLE servers ADD COLUMN IF NOT EXISTS wanted_boot_order TEXT
  CHECK (wanted_boot_order IN ('network-first', 'disk-first'));
-- `{asked, outcome, wanted, before, after}`; NULL: no install has reported it.
ALTER TABLE servers ADD COLUMN IF NOT EXISTS boot_order JSONB;
