import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { PG_POOL, PROJECTIONS, type Projections } from '#platform';
import type { ItemDefinition } from '../domain/item.js';

/** Cursor of the next page; absent at the end. */
export interface Next {
  next?: string;
}

export interface RunRow {
  run: string;
  status: 'started' | 'completed';
  startedAt: string;
  completedAt?: string;
  place: string;
  item?: string;
  order?: string;
}

export interface OpenAttempt {
  transformation: string;
  run: string | null;
  attempt: number;
}

/** @param rows one more than asked for, where there are more. */
const pageOf = <Row>(rows: Row[], limit: number, keyOf: (row: Row) => string): { page: Row[] } & Next => {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return rows.length > limit && last !== undefined ? { page, next: keyOf(last) } : { page };
};

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
  }): Promise<{ items: ItemDefinition[] } & Next> {
    const limit = query.limit ?? 100;
    const schema = await this.projections.schemaOf('production');
    const { rows } = await this.pool.query<{ definition: ItemDefinition }>(
      `SELECT definition FROM ${schema}.items
        WHERE item > $1 AND ($2::text IS NULL OR item ILIKE $2 OR code ILIKE $2 OR name ILIKE $2)
        ORDER BY item LIMIT $3`,
      [query.cursor ?? '', query.search === undefined ? null : `%${literal(query.search)}%`, limit + 1],
    );
    const { page: items, ...next } = pageOf(rows, limit, (row) => row.definition.item);
    return { items: items.map((row) => row.definition), ...next };
  }

  async runs(query: {
    status?: 'started' | 'completed' | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  }): Promise<{ runs: RunRow[] } & Next> {
    const limit = query.limit ?? 100;
    const schema = await this.projections.schemaOf('production');
    const { rows } = await this.pool.query<{
      started: Omit<RunRow, 'status' | 'startedAt' | 'completedAt'>;
      started_at: string;
      completed_at: string | null;
    }>(
      `SELECT started, started_at, completed_at FROM ${schema}.runs
        WHERE run > $1 AND ($2::text IS NULL OR (completed_at IS NOT NULL) = ($2 = 'completed'))
        ORDER BY run LIMIT $3`,
      [query.cursor ?? '', query.status ?? null, limit + 1],
    );
    const { page, ...next } = pageOf(rows, limit, (row) => row.started.run);
    const runs = page.map(({ started, started_at, completed_at }): RunRow => ({
      ...started,
      status: completed_at === null ? 'started' : 'completed',
      startedAt: started_at,
      ...(completed_at !== null && { completedAt: completed_at }),
    }));
    return { runs, ...next };
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
