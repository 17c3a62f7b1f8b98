import { describe, expect, it } from '@jest/globals';
import { BookCarriedForward } from '#contracts';
import type { EventLog } from '#event-log';
import { LotlineError } from '#kernel';
import type { BookCommand } from '../domain/book/command.js';
import { knownLot, knownStock } from '../domain/known-stock.fixture.js';
import { stockStreamOfItem } from '../domain/stock-stream.js';
import { createBookKeeper, type BookKeeper } from './book-keeper.js';
import { createLogInMemory } from './log-in-memory.fixture.js';

const ITEM = 'https://id.gs1.org/01/09506000134352';
const LOT = `${ITEM}/10/A`;
const STREAM = stockStreamOfItem(ITEM);
const NOW = '2026-04-20T10:00:00Z';
const KNOWN = knownStock('', knownLot(LOT, { 'urn:p:1': '100 KGM' }));

const holdNumber = (n: number): BookCommand => ({
  ...{ type: 'hold', lots: [LOT], holdId: `H-${n}`, reason: 'suspect', owner: 'quality' },
  ...{ known: KNOWN, now: NOW },
});

const tooLarge = new LotlineError('too-large', 'append-too-large', 'one append is more than EventStoreDB takes');

/** Refuses what it is told to, and says which events it was asked to append. */
const setUp = (isTooLarge: (types: readonly string[]) => boolean) => {
  const log = createLogInMemory(() => Promise.resolve());
  const asked: string[][] = [];
  const refusing: EventLog = {
    ...log,
    append: (appends) => {
      const types = appends.flatMap(({ events }) => events.map(({ type }) => type));
      asked.push(types);
      return isTooLarge(types) ? Promise.reject(tooLarge) : log.append(appends);
    },
  };
  const keeper = createBookKeeper({
    log: refusing,
    known: { read: () => Promise.resolve(KNOWN), waitFor: () => Promise.resolve() },
    clock: () => new Date(NOW),
    carryForwardEvery: 3,
  });
  return { keeper, asked, log };
};

const carryOut = async (keeper: BookKeeper, n: number) =>
  keeper.carryOut({ lots: [LOT] }, [{ stream: STREAM, command: () => holdNumber(n) }], {
    ...{ actor: 'test', correlationId: 'test', commandId: `c-${n}`, eventSeed: `c-${n}` },
  });

describe('a book that is too large to be carried forward', () => {
  it('takes commands still, without it, and is tried again only after as many events', async () => {
    const { keeper, asked, log } = setUp((types) => types.includes(BookCarriedForward.type));
    for (let n = 1; n <= 8; n++) {
      const { events, position } = await carryOut(keeper, n);
      expect(events.map(({ type }) => type)).toEqual(['LotHeld']);
      expect(position).toBeDefined();
    }
    expect(log.length(STREAM)).toBe(8);
    const tried = asked.filter((types) => types.includes(BookCarriedForward.type));
    expect(tried).toHaveLength(2);
    expect([...(await keeper.read(STREAM)).lots.get(LOT)!.holds.keys()]).toHaveLength(8);
  });

  it('says so where the command alone is too large', async () => {
    let isFull = false;
    const { keeper, log } = setUp(() => isFull);
    for (let n = 1; n <= 2; n++) await carryOut(keeper, n);
    isFull = true;
    await expect(carryOut(keeper, 3)).rejects.toMatchObject({ code: 'append-too-large' });
    expect(log.length(STREAM)).toBe(2);
  });
});
