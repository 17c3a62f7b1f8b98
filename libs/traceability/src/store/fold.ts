import type { Happening } from '../happening.js';
import type { Affected } from './affected.js';
import { type Aliases, readAliases, resolved } from './aliases.js';
import {
  type DerivedLot,
  type DerivedTransformation,
  deriveLot,
  deriveTransformations,
  inputsOf,
  productionDay,
  type Standing,
  standingOf,
} from './derive/derive.js';
import { readMasterData } from './master-data.js';
import { readDating } from './read-dating.js';
import type { Queryable } from './unnest.js';

/** What follows of the facts, folded when it is asked for. */
export interface Folded {
  /** undefined where it stands for nothing: it goes by another name. */
  lot(id: string): DerivedLot | undefined;
  /** Transformations whose events state the id. */
  transformations(id: string): DerivedTransformation[];
}

export const placesIn = (happenings: Iterable<Happening>): Set<string> => {
  const places = new Set<string>();
  for (const h of happenings)
    for (const place of [h.readPoint, h.bizLocation, h.source?.location, h.destination?.location])
      if (place !== undefined) places.add(place);
  return places;
};

export const itemsIn = (happenings: Iterable<Happening>): Set<string> => {
  const items = new Set<string>();
  for (const h of happenings)
    for (const thing of [...h.things, ...(h.outputs ?? [])]) if (thing.item !== undefined) items.add(thing.item);
  return items;
};

const thingsIn = (h: Happening): string[] => [
  ...[...h.things, ...(h.outputs ?? [])].flatMap((thing) => [
    thing.id,
    ...(thing.lot === undefined ? [] : [thing.lot]),
  ]),
  ...(h.parent === undefined ? [] : [h.parent]),
];

const NO_ALIASES: Aliases = new Map();

/**
 * Folds what stands in the record about the affected things and transformations into their derived rows. A pure function of
 * the facts: neither their order of arrival nor anything derived before has a part in it.
 * @param affected closed over names, so that every alias is folded with the lot it stands for; aliases get no rows.
 */
export const fold = async (
  client: Queryable,
  schema: string,
  { things, happenings, aliased }: Affected,
): Promise<Folded> => {
  const aliasesOf = (ids: readonly string[]): Promise<Aliases> | Aliases =>
    aliased ? readAliases(client, schema, ids) : NO_ALIASES;
  const aliases = await aliasesOf([...new Set([...things.map((t) => t.id), ...happenings.flatMap(thingsIn)])]);
  const master = await readMasterData(client, schema, { places: placesIn(happenings), items: itemsIn(happenings) });
  const standing = standingOf(
    happenings.map((h) => resolved(h, aliases)),
    master,
  );
  const inputs = [...new Set(things.flatMap(({ id }) => (aliases.has(id) ? [] : inputsOf(id, standing))))];
  const production = await productionOf(client, schema, inputs, standing, aliasesOf);
  return {
    lot: (id) => (aliases.has(id) ? undefined : deriveLot(id, standing, production)),
    transformations: (id) => deriveTransformations(id, standing),
  };
};

/** Production days of these lots, from the facts alone: what another worker derived meanwhile does not matter. */
const productionOf = async (
  client: Queryable,
  schema: string,
  lots: readonly string[],
  { master }: Standing,
  aliasesOf: (ids: readonly string[]) => Promise<Aliases> | Aliases,
): Promise<Map<string, string>> => {
  if (lots.length === 0) return new Map();
  const aliases = await aliasesOf(lots);
  const facts = await readDating(client, schema, [...new Set([...lots, ...aliases.keys()])]);
  const standing = standingOf(
    facts.map((h) => resolved(h, aliases)),
    master,
  );
  return new Map(
    lots.flatMap((lot) => {
      const day = productionDay(lot, standing);
      return day === undefined ? [] : [[lot, day] as const];
    }),
  );
};
