import type { Aliases } from './aliases.js';
import type { Cut } from './cut.js';
import { type DerivedLot, deriveLot } from './derive/derive.js';
import { readStandingAt } from './standing-at.js';
import type { Queryable } from './unnest.js';

/**
 * Folds lots from the facts as they were known at a position, or as far as they had happened by an event time; nothing
 * derived is read. Dates that follow from other lots have no part in it.
 * @param ids as they go by now, or went by then.
 * @param aliases all of that cut (`readAliasesAt`): one question may fold lots several times.
 * @returns those that something stands of at the cut, each once under its name of then.
 */
export const foldLotsAt = async (
  client: Queryable,
  schema: string,
  ids: readonly string[],
  cut: Cut,
  aliases: Aliases,
): Promise<DerivedLot[]> => {
  if (ids.length === 0) return [];
  const { names, standing } = await readStandingAt(client, schema, ids, cut, aliases);
  return names.map((id) => deriveLot(id, standing, new Map())).filter((lot) => lot.known);
};
