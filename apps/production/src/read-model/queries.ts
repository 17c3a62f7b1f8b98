import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { cursorKey, type Page, pageOf, PG_POOL, PROJECTIONS, type Projections } from '#platform';
import type { ItemDefinition } from '../domain/item.js';

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

  async runs(query: {
    status?: 'started' | 'completed' | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  }): Promise<Page<RunRow>> {
    const limit = query.limit ?? 100;
    const schema = await this.projections.schemaOf('production');
    const { rows } = await this.pool.query<{
      started: Omit<RunRow, 'status' | 'startedAt' | 'completedAt'>;
      started_at: string;
      completed_at: string | null;
    }>(
      `SELECT started, started_at, completed_at FROM ${schema}.runs
        WHERE ($1::text IS NULL OR run > $1) AND ($2::text IS NULL OR (completed_at IS NOT NULL) = ($2 = 'completed'))
        ORDER BY run LIMIT $3`,
      [...cursorKey(query.cursor, 1), query.status ?? null, limit + 1],
    );
    const runs = rows.map(({ started, started_at, completed_at }): RunRow => ({
      ...started,
      status: completed_at === null ? 'started' : 'completed',
      startedAt: started_at,
      ...(completed_at !== null && { completedAt: completed_at }),
    }));
    return pageOf(runs, limit, ({ run }) => [run]);
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
