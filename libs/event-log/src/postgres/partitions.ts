import type { ClientBase } from 'pg';
import { positionText } from './position.js';
import type { Tail } from './read-tail.js';

/**
 * Makes partitions of `log.events` so that `needed` and half a partition beyond have a place. Runs inside the writer's
 * transaction, under the log's lock, hence never twice for one range. ATTACH instead of CREATE … PARTITION OF, because
 * that would lock out every reader of the log until the flush commits.
 */
export const extendPartitions = async (client: ClientBase, tail: Tail, needed: number): Promise<void> => {
  let from = tail.partitionedTo;
  while (from <= needed + tail.partitionSize / 2) {
    const to = from + tail.partitionSize;
    const name = `log.events_from_${positionText(from)}`;
    await client.query(`CREATE TABLE ${name} (LIKE log.events INCLUDING ALL)`);
    await client.query(`ALTER TABLE log.events ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`);
    from = to;
  }
  if (from > tail.partitionedTo) await client.query('UPDATE log.tail SET partitioned_to = $1', [from]);
};
