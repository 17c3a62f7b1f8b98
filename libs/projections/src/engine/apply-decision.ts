import { type DataOf, ParkedEventDiscarded, ParkedEventRetried, type RecordedEvent } from '#contracts';
import type { EventLog } from '#event-log';
import { type Parked, recordFailedRetry, resolveParked, takeParked } from '../store/parked-events.js';
import { inSavepoint } from '../store/transaction.js';
import { type Applying, contextOf, culpritOf } from './applying.js';
import { isDatabaseFault, messageOf } from './failures.js';

const originalsOf = async (log: EventLog, parked: readonly Parked[]): Promise<RecordedEvent[]> => {
  const first = parked[0];
  if (first === undefined) return [];
  const ids = new Set(parked.map(({ eventId }) => eventId));
  const from = Math.min(...parked.map(({ revision }) => revision));
  return (await log.readStream(first.stream, { from })).filter((event) => ids.has(event.id));
};

/** All that is parked of the stream, in order and together, or nothing. */
const applyRetry = async (applying: Applying, decision: string, stream: string): Promise<void> => {
  const { client, build, log, policy, projector } = applying;
  const parked = await takeParked(client, build.schema, stream);
  const events = await originalsOf(log, parked);
  if (events.length === 0) return;
  const ids = events.map((event) => event.id);
  // A mended projector could apply by now what failed then; the live model got it by a later decision or never.
  if (policy.kind === 'rebuild' && !ids.some((id) => policy.known.get(id)?.resolvedBy === decision))
    return recordFailedRetry(client, build.schema, ids, null, '');
  try {
    await inSavepoint(client, async () => {
      await projector.apply(contextOf(applying), events);
      await projector.markParked?.(contextOf(applying), events, false);
      await resolveParked(client, build.schema, ids, 'retried', decision);
    });
  } catch (error) {
    if (isDatabaseFault(error)) throw error;
    const culprit = culpritOf(error, events)?.id ?? ids[0] ?? '';
    await recordFailedRetry(client, build.schema, ids, culprit, messageOf(error));
  }
};

const applyDiscard = async (
  applying: Applying,
  decision: string,
  { stream, eventIds }: DataOf<typeof ParkedEventDiscarded>,
): Promise<void> => {
  const { client, build, log, projector } = applying;
  const named = new Set(eventIds);
  const parked = (await takeParked(client, build.schema, stream)).filter(({ eventId }) => named.has(eventId));
  if (parked.length === 0) return;
  const events = await originalsOf(log, parked);
  try {
    await inSavepoint(client, async () => projector.markParked?.(contextOf(applying), events, false));
  } catch (error) {
    // Where it could not be marked, there is no mark to take away.
    if (isDatabaseFault(error)) throw error;
  }
  await resolveParked(
    client,
    build.schema,
    parked.map(({ eventId }) => eventId),
    'discarded',
    decision,
  );
};

/** Carries out what an operator decided on parked events, unless it is about another read model. */
export const applyDecision = async (applying: Applying, event: RecordedEvent): Promise<void> => {
  const data = event.data as DataOf<typeof ParkedEventRetried> & DataOf<typeof ParkedEventDiscarded>;
  if (data.projection !== applying.build.projection) return;
  if (event.type === ParkedEventRetried.type) await applyRetry(applying, event.id, data.stream);
  if (event.type === ParkedEventDiscarded.type) await applyDiscard(applying, event.id, data);
};
