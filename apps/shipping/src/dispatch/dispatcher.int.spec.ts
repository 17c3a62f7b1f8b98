import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresEventLog, eventLogMigrations, type EventLog } from '#event-log';
import { systemClock } from '#kernel';
import { handleCommand, runInRequest, spontaneousContext } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { shipmentDecider } from '../domain/decide.js';
import { shipmentStream } from '../domain/shipment.js';
import { createDispatcher, type Dispatched, type Dispatcher } from './dispatcher.js';
import type { IssueAnswer, IssueRequest, StockIssues } from './stock-issues.js';

/** Inventory as shipping sees it: remembers which attempt is issued, and answers as it is told. */
const inventory = (
  answer: (request: IssueRequest) => Promise<IssueAnswer> = () => Promise.resolve({ issued: true }),
): StockIssues & { standing: Map<string, number>; undone: string[] } => {
  const standing = new Map<string, number>();
  const undone: string[] = [];
  return {
    standing,
    undone,
    issue: async (request) => {
      const before = standing.get(request.reference) ?? 0;
      if (before > request.attempt)
        return { issued: false, kind: 'conflict', code: 'issue-superseded', problems: [], partial: false };
      const given = await answer(request);
      if (given.issued || given.partial) standing.set(request.reference, request.attempt);
      return given;
    },
    undo: (reference, attempt) => {
      if (standing.get(reference) === attempt) {
        standing.delete(reference);
        undone.push(`${reference}#${attempt}`);
      }
      return Promise.resolve();
    },
    open: () => Promise.resolve([]),
    promises: () => Promise.resolve([]),
    releasePromises: () => Promise.resolve(),
  };
};

describe('a dispatch', () => {
  let database: TestDatabase;
  let log: EventLog;
  let count = 0;
  beforeAll(async () => {
    database = await createTestDatabase({ migrations: eventLogMigrations });
    log = createPostgresEventLog({ connectionString: database.url });
  });
  afterAll(async () => {
    await log.close();
    await database.drop();
  });

  const planned = async (): Promise<string> => {
    const shipment = `S-${++count}`;
    await handleCommand({
      log,
      stream: shipmentStream(shipment),
      decider: shipmentDecider,
      command: {
        type: 'plan',
        now: '2026-04-20T10:00:00Z',
        plan: {
          shipment,
          from: 'urn:p:plant',
          consignee: 'urn:c:shop',
          lines: [{ lot: 'urn:l:a', amount: { value: '5', unit: 'KGM' } }],
        },
      },
      source: 'test',
      context: spontaneousContext('test'),
    });
    return shipment;
  };
  const dispatcherOver = (stock: StockIssues): Dispatcher => createDispatcher({ log, stock, clock: systemClock });
  const inRequest = async <T>(work: () => Promise<T>): Promise<T> => {
    const id = randomUUID();
    return runInRequest({ correlationId: id, traceparent: '', commandId: id, eventSeed: id }, work);
  };
  const typesOf = async (shipment: string): Promise<string[]> =>
    (await log.readStream(shipmentStream(shipment))).map((event) => event.type);

  it('that could issue only a part is given up for good, and the part given back', async () => {
    const shipment = await planned();
    const problems = [{ code: 'lot-held', message: 'held meanwhile' }];
    const stock = inventory(() =>
      Promise.resolve({ issued: false, kind: 'refused', code: 'issue-refused', problems, partial: true }),
    );
    await expect(inRequest(() => dispatcherOver(stock).dispatch(shipment))).rejects.toMatchObject({
      kind: 'refused',
      code: 'dispatch-refused',
      problems,
    });
    expect([await typesOf(shipment), stock.undone]).toEqual([
      ['ShipmentPlanned', 'DispatchAbandoned'],
      [`shipment:${shipment}#1`],
    ]);
  });

  it('that was given up by the sweeper while it was slow leaves with an issue of its own, or not at all', async () => {
    const shipment = await planned();
    let sweep: (() => Promise<unknown>) | undefined;
    const stock = inventory(async () => {
      const now = sweep;
      sweep = undefined;
      await now?.();
      return { issued: true };
    });
    const dispatcher = dispatcherOver(stock);
    sweep = () => dispatcher.giveUp(shipment, 1, ['urn:l:a'], 'cut short', spontaneousContext('sweeper'));
    const { shipment: sent } = await inRequest(() => dispatcher.dispatch(shipment));
    expect([sent.status, sent.attempt]).toEqual(['dispatched', 2]);
    expect(stock.standing.get(`shipment:${shipment}`)).toBe(2);
    expect(await typesOf(shipment)).toEqual(['ShipmentPlanned', 'DispatchAbandoned', 'ShipmentDispatched']);
  });

  it('given up after it was recorded stands', async () => {
    const shipment = await planned();
    const stock = inventory();
    const dispatcher = dispatcherOver(stock);
    await inRequest(() => dispatcher.dispatch(shipment));
    const context = spontaneousContext('sweeper');
    expect(await dispatcher.giveUp(shipment, 1, ['urn:l:a'], 'cut short', context)).toBe(false);
    expect([stock.standing.get(`shipment:${shipment}`), stock.undone]).toEqual([1, []]);
  });

  it('is done once by many callers and a sweeper at the same time, and what left is issued', async () => {
    for (let round = 0; round < 10; round++) {
      const shipment = await planned();
      const stock = inventory();
      const dispatchers = Array.from({ length: 4 }, () => dispatcherOver(stock));
      const results = await Promise.allSettled<Dispatched | boolean>([
        ...dispatchers.map((d) => inRequest(() => d.dispatch(shipment))),
        dispatchers[0]!.giveUp(shipment, 1, ['urn:l:a'], 'cut short', spontaneousContext('sweeper')),
      ]);
      const types = await typesOf(shipment);
      expect(types.filter((type) => type === 'ShipmentDispatched')).toHaveLength(1);
      const sent = (await log.readStream(shipmentStream(shipment))).find((e) => e.type === 'ShipmentDispatched');
      expect(stock.standing.get(`shipment:${shipment}`)).toBe((sent?.data as { attempt: number }).attempt);
      expect(results.some((r) => r.status === 'fulfilled')).toBe(true);
    }
  });
});
