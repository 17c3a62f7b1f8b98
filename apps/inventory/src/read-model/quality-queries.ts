import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { cursorKey, type Page, pageOf, PG_POOL, PROJECTIONS, type Projections } from '#platform';
import type { Plan } from '../domain/inspection/plan.js';
import type { Nonconformance } from '../domain/nonconformance.js';
import { QUALITY } from './quality-name.js';

export type ListedPlan = Plan & { withdrawn: boolean };

export interface NonconformanceFilter {
  status?: 'open' | 'closed' | undefined;
  severity?: string | undefined;
  lot?: string | undefined;
  party?: string | undefined;
  owner?: string | undefined;
  /** Those that are due by then. */
  dueBy?: string | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

const PLANS = (s: string): string => `
SELECT item, supplier, plan, withdrawn FROM ${s}.plans
WHERE ($1::text IS NULL OR item = $1) AND ($2::text IS NULL OR supplier = $2) AND (NOT withdrawn OR $3)
  AND ($4::text IS NULL OR (item, supplier) > ($4, $5))
ORDER BY item, supplier LIMIT $6`;

const NONCONFORMANCES = (s: string): string => `
SELECT id, state FROM ${s}.nonconformances
WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR severity = $2) AND ($3::text IS NULL OR lot = $3)
  AND ($4::text IS NULL OR party = $4) AND ($5::text IS NULL OR owner_id = $5)
  AND ($6::text IS NULL OR left(due, 10) <= left($6, 10)) AND ($7::text IS NULL OR id > $7)
ORDER BY id LIMIT $8`;

@Injectable()
export class QualityQueries {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(PROJECTIONS) private readonly projections: Projections,
  ) {}

  async plans(asked: {
    item?: string | undefined;
    supplier?: string | undefined;
    withdrawn: boolean;
    cursor?: string | undefined;
    limit?: number | undefined;
  }): Promise<Page<ListedPlan>> {
    const limit = asked.limit ?? 100;
    const schema = await this.projections.schemaOf(QUALITY);
    const { rows } = await this.pool.query<{ item: string; supplier: string; plan: Plan; withdrawn: boolean }>(
      PLANS(schema),
      [asked.item ?? null, asked.supplier ?? null, asked.withdrawn, ...cursorKey(asked.cursor, 2), limit + 1],
    );
    const { items, ...more } = pageOf(rows, limit, (row) => [row.item, row.supplier]);
    return { items: items.map(({ plan, withdrawn }) => ({ ...plan, withdrawn })), ...more };
  }

  async nonconformances(asked: NonconformanceFilter): Promise<Page<Nonconformance>> {
    const limit = asked.limit ?? 100;
    const schema = await this.projections.schemaOf(QUALITY);
    const { rows } = await this.pool.query<{ id: string; state: Nonconformance }>(NONCONFORMANCES(schema), [
      asked.status ?? null,
      asked.severity ?? null,
      asked.lot ?? null,
      asked.party ?? null,
      asked.owner ?? null,
      asked.dueBy ?? null,
      ...cursorKey(asked.cursor, 1),
      limit + 1,
    ]);
    const { items, ...more } = pageOf(rows, limit, (row) => [row.id]);
    return { items: items.map(({ state }) => state), ...more };
  }
}
