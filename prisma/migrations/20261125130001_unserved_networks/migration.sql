-- dhcpEnabled was without effect so far, and needed no bastion.
UPDATE networks SET conditions = jsonb_build_array(jsonb_build_object(
  'type', 'NotServed', 'status', 'True', 'since', to_jsonb(now()), 'reason', 'NoBastion',
  'message', 'no bastion is named that could serve it: labctl edit network, spec.bastion'))
WHERE dhcp_enabled AND bastion_id IS NULL AND conditions = '[]'::JSONB;
