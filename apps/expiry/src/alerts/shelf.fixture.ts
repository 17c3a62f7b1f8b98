import { randomUUID } from 'node:crypto';
import {
  EXPIRY_LEADS_STREAM,
  ExpiryAlertRaised,
  ExpiryLeadsSet,
  ItemDefined,
  LotDatesChanged,
  LotReceived,
  MasterDataCaptured,
  ProductionRecorded,
  StockScrapped,
  type DataOf,
  type EventDefinition,
  type NewEvent,
  type RecordedOf,
} from '#contracts';
import { createLogTailBus } from '#event-bus';
import { createPostgresEventLog, eventLogMigrations, type EventLog } from '#event-log';
import { createProjectionRunner, projectionMigrations, type ProjectionRunner } from '#projections';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { EXPIRY, expiryProjector } from '../read-model/expiry-projector.js';
import { raiseAlerts, type RaiseOptions } from './raise-alerts.js';

const WAIT_MS = 20_000;

const eventOf = <D extends EventDefinition>(definition: D, data: DataOf<D>): NewEvent => ({
  id: randomUUID(),
  type: definition.type,
  schemaVersion: definition.version,
  eventTime: '2026-01-01T08:00:00Z',
  data,
  meta: { source: 'test', actor: 'test', correlationId: 'test' },
});

/** A log with stock in it, and the read model of expiry over it. */
export interface Shelf {
  database: TestDatabase;
  log: EventLog;
  append(stream: string, ...events: NewEvent[]): Promise<void>;
  /** @returns the lot's id. */
  receive(
    lotCode: string,
    dates: DataOf<typeof LotReceived>['dates'],
    place?: string,
    amount?: string,
    item?: string,
  ): Promise<string>;
  /** A lot made from others, of which it takes all. @returns its id. */
  made(lotCode: string, item: string, inputs: readonly string[]): Promise<string>;
  define(item: string, shelfLife: object | undefined, kind?: string): Promise<void>;
  leads(...rules: DataOf<typeof ExpiryLeadsSet>[]): Promise<void>;
  redate(lot: string, dates: DataOf<typeof LotDatesChanged>['dates']): Promise<void>;
  scrap(lot: string, amount: string, place?: string): Promise<void>;
  site(place: string, timeZone: string | undefined, parts?: string[]): Promise<void>;
  /** Keeps the read model until stopped; without it nothing that is appended becomes known. */
  keep(): Promise<void>;
  stopKeeping(): Promise<void>;
  settled(): Promise<void>;
  options(now: string, more?: Partial<RaiseOptions>): RaiseOptions;
  /** One round at that time, once the read model has all. @returns how many it raised. */
  raise(now: string, more?: Partial<RaiseOptions>): Promise<number>;
  /** What the log has, in its order. */
  alerts(): Promise<RecordedOf<typeof ExpiryAlertRaised>[]>;
  /** `LOT date on lead`, in the order of the log. */
  told(): Promise<string[]>;
  close(): Promise<void>;
}

export const DEPOT = 'urn:test:place:depot';

export const createShelf = async (): Promise<Shelf> => {
  const database = await createTestDatabase({ migrations: [...eventLogMigrations, ...projectionMigrations] });
  const log = createPostgresEventLog({ pool: database.pool });
  const bus = createLogTailBus({ log, keyOf: (event) => event.stream });
  let runner: ProjectionRunner | undefined;
  let defined = 0;

  const append: Shelf['append'] = async (stream, ...events) => {
    const [result] = await log.append([{ stream, expected: 'any', events }]);
    if (result?.ok !== true) throw new Error(JSON.stringify(result));
  };
  const keep: Shelf['keep'] = async () => {
    runner = createProjectionRunner({ pool: database.pool, log, bus, projectors: [expiryProjector] });
    await runner.start();
  };
  const settled: Shelf['settled'] = async () => {
    await runner?.reader.waitFor(EXPIRY, await log.head(), WAIT_MS);
  };
  const options: Shelf['options'] = (now, more = {}) => ({
    ...{ pool: database.pool, log, leads: [30, 7, 1, 0], timeZone: 'UTC', ours: [], waitMs: WAIT_MS },
    projections: {
      waitFor: async (name, position, timeoutMs) => {
        if (!runner) throw new Error('nobody keeps the read model');
        return runner.reader.reached(name, position, timeoutMs);
      },
    },
    clock: () => new Date(now),
    ...more,
  });
  const alerts: Shelf['alerts'] = async () =>
    (await log.readAll({ max: 100_000 })).events.filter(
      (event): event is RecordedOf<typeof ExpiryAlertRaised> => event.type === ExpiryAlertRaised.type,
    );

  return {
    database,
    log,
    append,
    keep,
    stopKeeping: async () => runner?.stop(),
    settled,
    options,
    alerts,
    async made(lotCode, item, inputs) {
      const lot = `urn:test:lot:${lotCode}`;
      const eventId = `urn:test:made:${lotCode}`;
      const outputs = [{ lot, quantity: { value: '10', unit: 'KGM' } }];
      await append(
        `fact-${eventId}`,
        eventOf(ProductionRecorded, {
          ...{ eventId, place: DEPOT, outputs },
          inputs: inputs.map((input) => ({ lot: input, quantity: { value: '1', unit: 'KGM' } })),
        }),
      );
      // Of an id that does not say it, a receipt states the item.
      await append(
        `stock-${lot}`,
        eventOf(LotReceived, {
          ...{ receipt: randomUUID(), lot, lotCode, item, place: DEPOT, quarantine: false },
          amount: { value: '10', unit: 'KGM' },
        }),
      );
      return lot;
    },
    define: (item, shelfLife, kind = 'intermediate') => {
      const definition = { item, name: item, kind, baseUnit: 'KGM', ...(shelfLife && { shelfLife }) };
      defined += 1;
      const eventTime = new Date(Date.UTC(2026, 0, 1, 0, defined)).toISOString();
      return append(`item-${item}`, { ...eventOf(ItemDefined, definition as DataOf<typeof ItemDefined>), eventTime });
    },
    leads: (...rules) => append(EXPIRY_LEADS_STREAM, ...rules.map((rule) => eventOf(ExpiryLeadsSet, rule))),
    async receive(lotCode, dates, place = DEPOT, amount = '10', item) {
      const lot = `urn:test:lot:${lotCode}`;
      const receipt = { receipt: randomUUID(), lot, lotCode, place, quarantine: false };
      const received = {
        ...receipt,
        amount: { value: amount, unit: 'KGM' },
        ...(dates && { dates }),
        ...(item !== undefined && { item }),
      };
      await append(`stock-${lot}`, eventOf(LotReceived, received));
      return lot;
    },
    redate: (lot, dates) => append(`stock-${lot}`, eventOf(LotDatesChanged, { lot, dates, reason: 'test' })),
    scrap: (lot, value, place = DEPOT) =>
      append(
        `stock-${lot}`,
        eventOf(StockScrapped, {
          ...{ scrap: randomUUID(), lot, place, reason: 'test', knownAt: '' },
          amount: { value, unit: 'KGM' },
        }),
      ),
    site: (place, timeZone, children) =>
      append(
        `fact-${place}`,
        eventOf(MasterDataCaptured, {
          ...{ kind: 'place', id: place, statedId: place, statedAt: '2026-01-01T00:00:00Z' },
          vocabularyType: 'urn:epcglobal:epcis:vtype:BusinessLocation',
          attributes: timeZone === undefined ? [] : [{ id: 'urn:epcglobal:cbv:mda#timeZone', attribute: timeZone }],
          ...(children && { children }),
        }),
      ),
    raise: async (now, more) => (await raiseAlerts(options(now, more))).raised,
    told: async () =>
      (await alerts()).map(({ data }) => `${data.lotCode ?? data.lot} ${data.date} ${data.on} ${data.lead}`),
    close: async () => {
      await runner?.stop();
      await bus.close();
      await log.close();
      await database.drop();
    },
  };
};
