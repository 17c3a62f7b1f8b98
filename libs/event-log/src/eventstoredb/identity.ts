import { randomUUID } from 'node:crypto';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type { LogIdentity } from '../port.js';
import { appendCall } from './append-call.js';
import type { Calls } from './calls.js';
import type { Names } from './names.js';
import { ownRecord } from './own-record.js';
import { readHead } from './read-all.js';
import { readLast } from './read-calls.js';

interface IdentityContext {
  client: EventStoreDBClient;
  names: Names;
  calls: Calls;
}

const write = (context: IdentityContext, type: string, identity: LogIdentity, expected: number | 'no-stream') => {
  const record = ownRecord(type, identity);
  return context.calls.run(() => appendCall(context.client, context.names.identity, [record], expected));
};

/** The last record of the log's own stream says who it is; whoever asks first gives it its id. */
const readLastIdentity = async (context: IdentityContext): Promise<{ identity: LogIdentity; at: number }> => {
  for (;;) {
    const last = await context.calls.run(() => readLast(context.client, context.names.identity));
    if (last) return { identity: last.data as LogIdentity, at: last.revision };
    await write(context, 'LogCreated', { logId: randomUUID(), epoch: 1 }, 'no-stream');
  }
};

export const readIdentity = async (context: IdentityContext): Promise<LogIdentity> =>
  (await readLastIdentity(context)).identity;

export const raiseEpoch = async (context: IdentityContext): Promise<LogIdentity> => {
  for (;;) {
    const { identity, at } = await readLastIdentity(context);
    const epoch = identity.epoch + 1;
    // Noted now: later nobody can tell what was restored from what was appended since.
    const head = await readHead(context.client, context.names, context.calls);
    const raised = { ...identity, epoch, epochStarts: [...(identity.epochStarts ?? []), { epoch, head }] };
    if ((await write(context, 'EpochRaised', raised, at)).ok) return raised;
  }
};
