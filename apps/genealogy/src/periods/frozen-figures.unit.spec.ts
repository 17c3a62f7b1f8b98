import { describe, expect, it } from '@jest/globals';
import { compileValidator, PeriodFiguresFrozen, type NewEvent } from '#contracts';
import type { EventLog } from '#event-log';
import { decimal } from '#kernel';
import { noFigures } from '../domain/figures.js';
import { freezeFigures, type FrozenRow, readFrozen } from './frozen-figures.js';

const valid = compileValidator(PeriodFiguresFrozen.data);
const at = {
  ...{ knownAt: '0000000000000412', now: '2026-03-01T00:00:00.000Z' },
  context: { actor: 'key:accountant', correlationId: 'c', commandId: 'k', eventSeed: 'seed' },
};

/** Streams in memory: what is appended is there. */
const streams = (): { log: EventLog; events: Map<string, NewEvent[]> } => {
  const events = new Map<string, NewEvent[]>();
  const log = {
    append: (appends: { stream: string; events: NewEvent[] }[]) => {
      for (const { stream, events: added } of appends) events.set(stream, added);
      return Promise.resolve([{ ok: true, recorded: [] }]);
    },
    readStream: (stream: string) => Promise.resolve(events.get(stream) ?? []),
  };
  return { log: log as unknown as EventLog, events };
};

const row = (n: number): FrozenRow => ({
  ...{
    item: n === 0 ? '' : `urn:test:item:${n}`,
    site: n === 0 ? '' : 'urn:test:site',
    dimension: 'mass',
    timeZone: 'UTC',
  },
  figures: { ...noFigures(), opening: decimal('-0.1'), closing: decimal(`${n}.000000000000000000000000000001`) },
  ...(n % 2 === 0 && { price: { value: decimal('0.42'), currency: 'EUR' } }),
});

describe('frozen figures', () => {
  it.each([0, 1, 200, 450])('of %s rows come back as they went in, in parts that every broker takes', async (count) => {
    const { log, events } = streams();
    const rows = Array.from({ length: count }, (_, n) => row(n));
    const frozen = await freezeFigures(log, rows, at);
    expect([frozen.rows, frozen.parts]).toEqual([count, Math.ceil(count / 200)]);
    for (const event of [...events.values()].flat()) {
      expect(valid(event.data)).toEqual([]);
      expect(JSON.stringify(event).length).toBeLessThan(500_000);
    }
    expect(await readFrozen(log, frozen)).toEqual({ rows, verified: true });
  });

  it('are the same for the same command and figures, and say where they are not those recorded', async () => {
    const { log, events } = streams();
    const [first, again] = [await freezeFigures(log, [row(1)], at), await freezeFigures(log, [row(1)], at)];
    expect(again).toEqual(first);
    const other = await freezeFigures(log, [row(2)], at);
    expect([other.figures, other.digest]).not.toEqual([first.figures, first.digest]);
    for (const [event] of events.values()) Object.assign((event?.data as any).rows[0], { closing: '7' });
    expect((await readFrozen(log, first)).verified).toBe(false);
  });
});
