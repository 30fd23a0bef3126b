import { Prisma } from '@lab/database';

/** The NICs of the server `s` with who else has them, as `OrderableNic`s in a JSON array: what its order MACs come from. */
export const ORDERABLE_NICS = Prisma.sql`
  (SELECT jsonb_agg(jsonb_build_object('mac', n.mac, 'name', n.name, 'driver', n.driver, 'boot', n.boot,
      'declared', n.declared, 'shared', n.shared, 'ownedElsewhere', n.owned_elsewhere))
    FROM (SELECT n.*,
        EXISTS (SELECT 1 FROM server_nics o WHERE o.mac = n.mac AND o.server_id <> n.server_id) AS shared,
        EXISTS (SELECT 1 FROM server_nics o WHERE o.mac = n.mac AND o.server_id <> n.server_id
          AND (o.boot OR o.declared)) AS owned_elsewhere
      FROM server_nics n WHERE n.server_id = s.id ORDER BY n.boot DESC, n.declared DESC, n.mac LIMIT 64) AS n)`;
