import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresEventLog, eventLogMigrations, type EventLog } from '#event-log';
import { LotlineError, measure, systemClock } from '#kernel';
import { spontaneousContext } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { knownLot, knownStock } from '../domain/known-stock.fixture.js';
import { stockStreamOf } from '../domain/stock-stream.js';
import { createBookKeeper, type KnownStockReader } from './book-keeper.js';

const PLANT = 'urn:example:place:plant';

describe('a refusal for stock that is not there', () => {
  let database: TestDatabase;
  let log: EventLog;
  let lots = 0;
  beforeAll(async () => {
    database = await createTestDatabase({ migrations: eventLogMigrations });
    log = createPostgresEventLog({ connectionString: database.url });
  });
  afterAll(async () => {
    await log.close();
    await database.drop();
  });

  const newLot = (): string => `urn:lotline:lot:us:item-${++lots}:A`;
  /** Something comes into the log; @returns its position. */
  const recorded = async (): Promise<string> => {
    const id = randomUUID();
    const meta = { source: 'test', actor: 'test', correlationId: 'test' };
    const event = { id, type: 'Happened', schemaVersion: 1, eventTime: '2026-04-20T08:00:00Z', data: {}, meta };
    const [result] = await log.append([{ stream: `fact-${id}`, expected: 'any', events: [event] }]);
    if (!result?.ok) throw new Error('not recorded');
    return result.recorded[0]?.position ?? '';
  };
  const issueOne = async (known: KnownStockReader, lot: string, value = '5') => {
    const line = { index: 0, lot, place: PLANT, ...measure(value, 'KGM') };
    return createBookKeeper({ log, known, clock: systemClock }).carryOut(
      { lots: [lot] },
      [
        {
          stream: stockStreamOf(lot),
          command: (c) => ({
            type: 'issue',
            reference: 'shipment:1',
            attempt: 1,
            lines: [line],
            allocations: [],
            day: '2026-04-20',
            ...c,
          }),
        },
      ],
      spontaneousContext('test'),
    );
  };

  it.each([
    ['an unknown lot', {}],
    ['too little of a known lot', { [PLANT]: '1 KGM' }],
  ])('is taken back once what the log has is known: %s', async (_, before) => {
    const lot = newLot();
    const received = await recorded();
    let at = '';
    const waited: string[] = [];
    const done = await issueOne(
      {
        read: () =>
          Promise.resolve(
            at >= received
              ? knownStock(at, knownLot(lot, { [PLANT]: '5 KGM' }))
              : knownStock(at, ...(PLANT in before ? [knownLot(lot, before)] : [])),
          ),
        waitFor: (position) => {
          waited.push(position);
          at = position;
          return Promise.resolve();
        },
      },
      lot,
    );
    expect([waited, done.knownAt, done.events.map((e) => e.type)]).toEqual([[received], received, ['StockIssued']]);
  });

  it('stands where known stock has all that the log has, without waiting', async () => {
    const lot = newLot();
    const head = await recorded();
    const known = { read: () => Promise.resolve(knownStock(head)), waitFor: () => Promise.reject(new Error('waited')) };
    await expect(issueOne(known, lot)).rejects.toMatchObject({ kind: 'refused', problems: [{ code: 'lot-unknown' }] });
  });

  it('is not said at all while known stock stays behind the log', async () => {
    const lot = newLot();
    await recorded();
    const known = {
      read: () => Promise.resolve(knownStock('')),
      waitFor: () => Promise.reject(new LotlineError('behind', 'stock-behind', 'late')),
    };
    await expect(issueOne(known, lot)).rejects.toMatchObject({ kind: 'behind' });
    expect(await log.readStream(stockStreamOf(lot))).toEqual([]);
  });
});
