import { randomUUID } from 'node:crypto';
import type { ProposedEvent } from './stored-event.js';

/** A record that the adapter keeps for itself, outside of the log. */
export const ownRecord = (type: string, data: unknown): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify(data)),
  metadata: Buffer.alloc(0),
});
