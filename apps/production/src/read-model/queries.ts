import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { cursorKey, type Page, pageOf, PG_POOL, PROJECTIONS, type Projections } from '#platform';
import type { ItemDefinition } from '../domain/item.js';
import type { Order, PlannedOrder } from '../domain/order.js';

type RunStatus = 'started' | 'completed' | 'aborted';

export interface RunRow {
  run: string;
  status: RunStatus;
  startedAt: string;
  completedAt?: string;
  abortedAt?: string;
  place: string;
  item?: string;
  order?: string;
}

export type OrderRow = PlannedOrder & { status: Order['status'] };

export interface OpenAttempt {
  transformation: string;
  run: string | null;
  attempt: number;
}

const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

@Injectable()
export class ProductionQueries {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    @Inject(PROJECTIONS) private readonly projections: Projections,
  ) {}

  async items(query: {
    search?: string | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  }): Promise<Page<ItemDefinition>> {
    const limit = query.limit ?? 100;
    const schema = await this.projections.schemaOf('production');
    const { rows } = await this.pool.query<{ definition: ItemDefinition }>(
      `SELECT definition FROM ${schema}.items
        WHERE ($1::text IS NULL OR item > $1) AND ($2::text IS NULL OR item ILIKE $2 OR code ILIKE $2 OR name ILIKE $2)
        ORDER BY item LIMIT $3`,
      [...cursorKey(query.cursor, 1), query.search === undefined ? null : `%${literal(query.search)}%`, limit + 1],
    );
    return pageOf(
      rows.map((row) => row.definition),
      limit,
      ({ item }) => [item],
    );
  }

  /** Items that contain any of these. */
  async containing(items: readonly string[]): Promise<ItemDefinition[]> {
    const schema = await this.projections.schemaOf('production');
    const { rows } = await this.pool.query<{ definition: ItemDefinition }>(
      `SELECT definition FROM ${schema}.items
        WHERE EXISTS (SELECT FROM json_array_elements(definition->'contains') AS part WHERE part->>'item' = ANY ($1::text[]))
        ORDER BY item`,
      [items],
    );
    return rows.map(({ definition }) => definition);
  }

  async runs(query: {
    status?: RunStatus | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  }): Promise<Page<RunRow>> {
    const limit = query.limit ?? 100;
    const schema = await this.projections.schemaOf('production');
    const { rows } = await this.pool.query<{
      // What the run follows is told with the run itself.
      started: Omit<RunRow, 'status' | 'startedAt' | 'completedAt' | 'abortedAt'> & { recipe?: unknown };
      status: RunStatus;
      started_at: string;
      completed_at: string | null;
      aborted_at: string | null;
    }>(
      `SELECT * FROM (
         SELECT run, started, started_at, completed_at, aborted_at,
           CASE WHEN aborted_at IS NOT NULL THEN 'aborted' WHEN completed_at IS NOT NULL THEN 'completed' ELSE 'started' END
             AS status
           FROM ${schema}.runs WHERE ($1::text IS NULL OR run > $1)) r
        WHERE $2::text IS NULL OR status = $2 ORDER BY run LIMIT $3`,
      [...cursorKey(query.cursor, 1), query.status ?? null, limit + 1],
    );
    const runs = rows.map(({ started: { recipe: _, ...started }, status, started_at, completed_at, aborted_at }) => ({
      ...started,
      status,
      startedAt: started_at,
      ...(completed_at !== null && { completedAt: completed_at }),
      ...(aborted_at !== null && { abortedAt: aborted_at }),
    }));
    return pageOf(runs, limit, ({ run }) => [run]);
  }

  async orders(query: {
    status?: Order['status'] | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  }): Promise<Page<OrderRow>> {
    const limit = query.limit ?? 100;
    const schema = await this.projections.schemaOf('production');
    const { rows } = await this.pool.query<{ planned: PlannedOrder; status: Order['status'] }>(
      `SELECT planned, status FROM ${schema}.orders
        WHERE ($1::text IS NULL OR production_order > $1) AND ($2::text IS NULL OR status = $2)
        ORDER BY production_order LIMIT $3`,
      [...cursorKey(query.cursor, 1), query.status ?? null, limit + 1],
    );
    return pageOf(
      rows.map(({ planned, status }) => ({ ...planned, status })),
      limit,
      ({ order }) => [order],
    );
  }

  /** Attempts without an outcome that began before then. */
  async openAttempts(before: Date): Promise<OpenAttempt[]> {
    const schema = await this.projections.schemaOf('production');
    const { rows } = await this.pool.query<OpenAttempt>(
      `SELECT transformation, run, attempt FROM ${schema}.open_attempts WHERE begun < $1 ORDER BY begun LIMIT 100`,
      [before],
    );
    return rows;
  }
}
