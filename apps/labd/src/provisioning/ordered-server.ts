import type { ServerDto } from '../servers/server.dto.js';
import type { AcceptedOrder } from './install-queue.repository.js';

/** A server after an order, or as it would be after it; one that was forgotten, as it was. */
export interface OrderedServer extends AcceptedOrder {
  server: ServerDto;
}
