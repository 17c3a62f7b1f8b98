import type { Happening } from '../happening.js';
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
import { type Owned, readDatingFacts, readFacts } from './read-facts.js';
import type { Queryable } from './unnest.js';

export interface Node {
  node: string;
  id: string;
}

export interface Folded {
  lots: Map<string, { id: string; derived: DerivedLot }>;
  transformations: Map<string, DerivedTransformation[]>;
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

/** The nodes of each lot: all its names go to the one that stands for it. */
const ownersOf = (things: readonly Node[], aliases: Aliases): Owned[] => {
  const nodes = new Map(things.map((t) => [t.id, t.node]));
  return things.map(({ id, node }) => ({ owner: nodes.get(aliases.get(id) ?? id) ?? node, node }));
};

const FIND_THINGS = (s: string): string =>
  `SELECT node, id FROM ${s}.nodes WHERE class = 'thing' AND id = ANY ($1::text[])`;

/** Production days of these lots, from the facts alone: what another worker derived meanwhile does not matter. */
const productionOf = async (
  client: Queryable,
  schema: string,
  lots: readonly string[],
  { master }: Standing,
): Promise<Map<string, string>> => {
  if (lots.length === 0) return new Map();
  const aliases = await readAliases(client, schema, lots);
  const { rows } = await client.query<Node>(FIND_THINGS(schema), [[...new Set([...lots, ...aliases.keys()])]]);
  const facts = await readDatingFacts(client, schema, ownersOf(rows, aliases));
  const standing = standingOf(
    [...new Set([...facts.values()].flat())].map((h) => resolved(h, aliases)),
    master,
  );
  return new Map(
    lots.flatMap((lot) => {
      const day = productionDay(lot, standing);
      return day === undefined ? [] : [[lot, day] as const];
    }),
  );
};

/**
 * Folds what stands in the record about these things and transformations into their derived rows. A pure function of the
 * facts: neither their order of arrival nor anything derived before has a part in it.
 * @param things closed over their names, so that every alias is folded with the lot it stands for; aliases get no rows.
 */
export const fold = async (
  client: Queryable,
  schema: string,
  things: readonly Node[],
  transformations: readonly Node[],
): Promise<Folded> => {
  const own = await readAliases(
    client,
    schema,
    things.map((t) => t.id),
  );
  const facts = await readFacts(client, schema, [
    ...ownersOf(things, own),
    ...transformations.map(({ node }) => ({ owner: node, node })),
  ]);
  const all = [...new Set([...facts.values()].flat())];
  const aliases = await readAliases(client, schema, [...new Set(all.flatMap(thingsIn))]);
  const master = await readMasterData(client, schema, { places: placesIn(all), items: itemsIn(all) });
  const standing = standingOf(
    all.map((h) => resolved(h, aliases)),
    master,
  );
  const heads = things.filter(({ id }) => !own.has(id));
  const inputs = [...new Set(heads.flatMap(({ id }) => inputsOf(id, standing)))];
  const production = await productionOf(client, schema, inputs, standing);
  return {
    lots: new Map(heads.map(({ node, id }) => [node, { id, derived: deriveLot(id, standing, production) }])),
    transformations: new Map(transformations.map(({ node, id }) => [node, deriveTransformations(id, standing)])),
  };
};
