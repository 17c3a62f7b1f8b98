import type { Snapshot } from '../../read-model/genealogy-reader.js';

const PARTIES = (s: string): string => `
SELECT DISTINCT b.place, b.party FROM ${s}.lots l JOIN ${s}.balances b USING (owner)
WHERE l.id = ANY ($1::text[]) AND b.place IS NOT NULL AND b.party IS NOT NULL`;

/** Whose the places are where these lots are on hand; a place of which nobody said so is missing. */
export const partiesOfStock = async (
  stock: readonly { lot: string }[],
  { client, schema }: Snapshot,
): Promise<Map<string, string>> => {
  if (stock.length === 0) return new Map();
  const lots = [...new Set(stock.map((row) => row.lot))];
  const { rows } = await client.query<{ place: string; party: string }>(PARTIES(schema), [lots]);
  return new Map(rows.map(({ place, party }) => [place, party]));
};
