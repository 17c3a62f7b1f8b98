import { partyIdOf, placeIdOf } from '#contracts';
import type { EventLog } from '#event-log';
import type { Amount, Clock } from '#kernel';
import { cursorKey, pageOf, type Page, type Projections } from '#platform';
import type { Pool } from 'pg';
import {
  deliveryDecider,
  deliveryStream,
  type AnnouncedDelivery,
  type Delivery,
  type DeliveryEvent,
} from '../domain/delivery/delivery.js';
import { isOverdue, progressOf, type DeliveryStatus, type Progress } from '../domain/delivery/progress.js';
import { itemNamed } from '../domain/stock-stream.js';
import { DELIVERIES, readReceipts } from './deliveries-projector.js';

/** An expected delivery, and what came of it. */
export interface DeliveryView extends Omit<AnnouncedDelivery, 'lines'>, Progress {
  /** Something of it should have come by now. */
  overdue: boolean;
}

export interface DeliveryFilter {
  status?: DeliveryStatus | undefined;
  /** True: those that should have come by now, false: the others. */
  overdue?: boolean | undefined;
  supplier?: string | undefined;
  place?: string | undefined;
  item?: string | undefined;
  /** Due on this day or before. */
  dueBy?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface DeliveryQueries {
  list(filter: DeliveryFilter): Promise<Page<DeliveryView>>;
  /** As its stream has it now, with the receipts that are known; undefined where it was never announced. */
  view(id: string): Promise<{ delivery: DeliveryView; revision: number } | undefined>;
  /** As its stream has it now; undefined where it was never announced. */
  announced(id: string): Promise<Delivery>;
  /** What is announced of an item and has not come, from today on, by the day it is due. */
  expected(
    item: string,
    place: string | undefined,
  ): Promise<{ delivery: string; due: string; outstanding: Amount[] }[]>;
}

const LIST = (s: string): string => `
SELECT id, due, state FROM ${s}.deliveries
WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR supplier = $2) AND ($3::text IS NULL OR place = $3)
  AND ($4::text IS NULL OR items @> ARRAY[$4]) AND ($5::text IS NULL OR due <= $5)
  AND ($6::boolean IS NULL OR (status IN ('expected', 'partial') AND due < $7) = $6)
  AND ($8::text IS NULL OR (due, id) > ($8, $9))
ORDER BY due, id LIMIT $10`;

const EXPECTED = (s: string): string => `
SELECT id, due, state FROM ${s}.deliveries
WHERE status IN ('expected', 'partial') AND items @> ARRAY[$1] AND due >= $2 AND ($3::text IS NULL OR place = $3)
ORDER BY due, id LIMIT 100`;

interface Row {
  id: string;
  due: string;
  state: AnnouncedDelivery;
}

const viewOf = (delivery: AnnouncedDelivery, progress: Progress, today: string): DeliveryView => ({
  ...delivery,
  ...progress,
  overdue: isOverdue(delivery, progress.status, today),
});

export const createDeliveryQueries = (deps: {
  pool: Pool;
  projections: Projections;
  log: Pick<EventLog, 'readStream'>;
  clock: Clock;
}): DeliveryQueries => {
  const { pool, projections, log, clock } = deps;
  const today = (): string => clock().toISOString().slice(0, 10);
  const receiptsOf = async (ids: readonly string[]): ReturnType<typeof readReceipts> =>
    readReceipts(pool, await projections.schemaOf(DELIVERIES), ids);
  const read = async (id: string): Promise<{ delivery: Delivery; revision: number }> => {
    const events = await log.readStream(deliveryStream(id));
    // The stream of a delivery holds the events of its decider only.
    const delivery = (events as unknown as readonly DeliveryEvent[]).reduce<Delivery>(
      deliveryDecider.evolve,
      deliveryDecider.initialState(),
    );
    return { delivery, revision: events.at(-1)?.revision ?? -1 };
  };
  return {
    list: async ({ status, overdue, supplier, place, item, dueBy, cursor, limit }) => {
      const [afterDue, afterId] = cursorKey(cursor, 2);
      const day = today();
      const { rows } = await pool.query<Row>(LIST(await projections.schemaOf(DELIVERIES)), [
        status ?? null,
        supplier === undefined ? null : partyIdOf(supplier).id,
        place === undefined ? null : placeIdOf(place).id,
        item === undefined ? null : itemNamed(item),
        dueBy ?? null,
        overdue ?? null,
        day,
        afterDue,
        afterId,
        limit + 1,
      ]);
      const { items, ...more } = pageOf(rows, limit, (row) => [row.due, row.id]);
      const receipts = await receiptsOf(items.map(({ id }) => id));
      return {
        items: items.map(({ id, state }) => viewOf(state, progressOf(state, receipts.get(id) ?? []), day)),
        ...more,
      };
    },
    announced: async (id) => (await read(id)).delivery,
    view: async (id) => {
      const { delivery, revision } = await read(id);
      if (!delivery) return undefined;
      const receipts = await receiptsOf([id]);
      return {
        delivery: viewOf(delivery, progressOf(delivery, receipts.get(id) ?? []), today()),
        revision,
      };
    },
    expected: async (item, place) => {
      const { rows } = await pool.query<Row>(EXPECTED(await projections.schemaOf(DELIVERIES)), [
        item,
        today(),
        place ?? null,
      ]);
      const receipts = await receiptsOf(rows.map(({ id }) => id));
      return rows.map(({ id, due, state }) => ({
        delivery: id,
        due,
        outstanding: progressOf(state, receipts.get(id) ?? []).lines.flatMap((line) =>
          line.item === item ? [line.outstanding] : [],
        ),
      }));
    },
  };
};
