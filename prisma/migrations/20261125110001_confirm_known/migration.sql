-- Servers that were there before: those that anyone has ordered, named, labelled or declared something of are confirmed.

UPDATE servers SET confirmed_at = updated_at
WHERE confirmed_at IS NULL
  AND (phase <> 'discovered' OR current_install_id IS NOT NULL OR role IS NOT NULL OR labels <> '{}' OR annotations <> '{}'
    OR name NOT LIKE 'srv-%'
    OR id IN (SELECT server_id FROM server_nics WHERE declared OR network_declared OR settings IS NOT NULL)
    OR id IN (SELECT server_id FROM cluster_members));
