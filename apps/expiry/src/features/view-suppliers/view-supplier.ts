import { notFound } from '#kernel';
import { readSnapshot } from '#projections';
import type { Pool } from 'pg';
import { CONFIDENCE } from '../../domain/wilson-interval.js';
import { EXPIRY } from '../../read-model/expiry-projector.js';
import { type Row, type Scorecard, scorecardOf, scorecardsSql } from './scorecard.js';
import { suppliesAt } from './supplies-at.js';
import { type AskedSuppliers, namesOf, readScorecards, run, type SupplierScorecard } from './view-suppliers.js';

export interface SupplierView extends SupplierScorecard {
  position: string;
  confidence: number;
  /** The same numbers item by item; of lots whose item is not known, `item` is null. */
  items: (Scorecard & { item: { id: string; name: string | null } | null })[];
}

/** One supplier's scorecard, also item by item. @throws LotlineError `supplier-unknown` (404) where nothing came from it. */
export const viewSupplier = (pool: Pool, asked: AskedSuppliers): Promise<SupplierView> =>
  readSnapshot(pool, EXPIRY, async (snapshot) => {
    const at = await suppliesAt(snapshot, asked.asOf);
    const [card] = await readScorecards(snapshot, at, asked);
    if (card === undefined)
      throw notFound('supplier-unknown', `the record has no lot that came from ${asked.filter.supplier ?? ''}`);
    const { agreedDaysLeft } = asked;
    const rows = await run<Row>(snapshot, (bind) =>
      scorecardsSql(snapshot.schema, at, asked.filter, { byItem: true, agreedDaysLeft }, bind),
    );
    const names = await namesOf(snapshot, at, { parties: [], items: rows.map(({ item }) => item) });
    return {
      ...{ position: snapshot.position, confidence: CONFIDENCE },
      ...card,
      items: rows
        .toSorted((a, b) => ((a.item ?? '') < (b.item ?? '') ? -1 : 1))
        .map((row) => ({
          item: row.item === null ? null : { id: row.item, name: names.item(row.item) },
          ...scorecardOf(row, agreedDaysLeft),
        })),
    };
  });
