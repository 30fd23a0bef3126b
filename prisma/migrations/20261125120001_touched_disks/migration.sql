-- Of the installs so far, by their stages; of one that succeeded the disk was written to, whatever was reported.
UPDATE installs SET kickstart_fetched_at = (
  SELECT min(t.started_at) FROM install_stages t WHERE t.install_id = installs.id AND t.name = 'kickstart'
) WHERE kickstart_fetched_at IS NULL;
UPDATE installs SET disk_touched_at = (
  SELECT min(t.started_at) FROM install_stages t WHERE t.install_id = installs.id AND t.position >= 6
) WHERE disk_touched_at IS NULL;
UPDATE installs SET disk_touched_at = COALESCE(started_at, queued_at)
WHERE disk_touched_at IS NULL AND state IN ('finishing', 'succeeded');
