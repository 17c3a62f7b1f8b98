import { notReceived, type Discrepancy } from '../../ledger/index.js';
import type { MasterData } from '../../happening.js';
import type { ShipmentRow } from '../derive/lot-rows.js';
import { readMasterData } from '../master-data.js';
import type { Queryable } from '../unnest.js';
import { LEG, legOf } from './shipment-leg.js';

/** What tells that a shipment to a place of ours is overdue. */
export interface Punctuality {
  /** `Instant.key` of the reading: nothing is recorded when a due time passes. */
  now: string;
  /** The organisation's own parties; none: all are ours. */
  ours: readonly string[];
}

/** Whether a destination (a place or a party) is the organisation's own. */
export const isOursBy =
  (ours: readonly string[], master: Pick<MasterData, 'place'>) =>
  (destination: string): boolean =>
    ours.length === 0 || ours.includes(destination) || ours.includes(master.place(destination)?.party ?? '');

// A day before and after stand for whatever offset the due time was written in; the exact comparison follows.
const WAITING = (s: string): string => `
SELECT ${LEG} FROM ${s}.shipment_legs g
WHERE due IS NOT NULL AND outstanding > 0 AND departure IS NOT NULL AND left(due, 10) <= $1
  AND CASE WHEN $2::text[] IS NULL THEN NOT EXISTS (SELECT FROM ${s}.members m WHERE m.serial = g.lot)
      ELSE lot = ANY ($2) END
ORDER BY lot, n`;

const dayAfter = (key: string): string =>
  new Date(Date.parse(`${key.slice(0, 10)}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** `not-received` as of the time of reading. @param lots absent: of all lots; a piece is then listed with its lot. */
export const overdue = async (
  client: Queryable,
  schema: string,
  { now, ours }: Punctuality,
  lots?: readonly string[],
): Promise<Discrepancy[]> => {
  const { rows } = await client.query<ShipmentRow>(WAITING(schema), [dayAfter(now), lots ?? null]);
  if (rows.length === 0) return [];
  const places = new Set(rows.flatMap((row) => row.to_place ?? []));
  const isOurs = isOursBy(ours, await readMasterData(client, schema, { places }));
  return [...Map.groupBy(rows, (row) => row.lot)].flatMap(([lot, legs]) =>
    notReceived(lot, legs.map(legOf), now, isOurs),
  );
};
