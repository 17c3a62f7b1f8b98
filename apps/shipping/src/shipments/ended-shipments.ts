import type { Projections } from '#platform';
import type { Pool } from 'pg';
import type { PlannedShipment } from '../domain/shipment.js';
import { SHIPMENTS } from './shipments-projector.js';

/** Of these, the shipments that need no stock any more: sent, delivered or cancelled, as far as the read model knows. */
export type EndedShipments = (ids: readonly string[]) => Promise<PlannedShipment[]>;

const ENDED = (s: string): string =>
  `SELECT state FROM ${s}.shipments WHERE id = ANY ($1::text[]) AND status <> 'planned' ORDER BY id`;

export const createEndedShipments =
  (pool: Pool, projections: Projections): EndedShipments =>
  async (ids) => {
    if (ids.length === 0) return [];
    const sql = ENDED(await projections.schemaOf(SHIPMENTS));
    const { rows } = await pool.query<{ state: PlannedShipment }>(sql, [ids]);
    return rows.map((row) => row.state);
  };
