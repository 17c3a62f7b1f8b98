import { randomUUID } from 'node:crypto';
import type { NewEvent } from '#contracts';
import type { Append, AppendResult, EventLog, Recorded } from '../port.js';

export const event = (overrides: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(),
  type: 'CrateMoved',
  schemaVersion: 1,
  eventTime: '2026-03-31T09:00:00.000+02:00',
  data: { crate: 7 },
  meta: { source: 'contract', actor: 'system:test', correlationId: 'c-1' },
  ...overrides,
});

export const appendOf = (
  stream: string,
  events: readonly NewEvent[],
  expected: Append['expected'] = 'any',
): Append => ({ stream, expected, events });

/** Appends to one stream. @throws where the log refuses. */
export const record = async (
  log: EventLog,
  stream: string,
  events: readonly NewEvent[],
  expected: Append['expected'] = 'any',
): Promise<readonly Recorded[]> => recordedIn((await log.append([appendOf(stream, events, expected)]))[0]);

export const recordedIn = (result: AppendResult | undefined): readonly Recorded[] => {
  if (!result?.ok) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result.recorded;
};
