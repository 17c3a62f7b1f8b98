import type { Happening } from '../happening.js';
import type { FoldOptions } from '../ledger/index.js';
import type { TransformationNode } from '../trace/index.js';
import { type Aliases, readAliases, readAliasesAt, resolved } from './aliases.js';
import type { Cut } from './cut.js';
import { type DerivedLot, deriveLot, deriveTransformations, inputsOf, productionDay } from './derive/derive.js';
import { readMasterData } from './master-data.js';
import { type Owned, readDatingFacts, readFacts } from './read-facts.js';
import type { Queryable } from './unnest.js';

export interface Node {
  node: string;
  id: string;
}

export interface Folded {
  lots: Map<string, { id: string; derived: DerivedLot }>;
  transformations: Map<string, TransformationNode[]>;
}

const placesIn = (happenings: readonly Happening[]): Set<string> =>
  new Set(
    happenings
      .flatMap((h) => [h.readPoint, h.bizLocation, h.source?.location, h.destination?.location])
      .filter((place) => place !== undefined),
  );

const thingsIn = (h: Happening): string[] => [
  ...[...h.things, ...(h.outputs ?? [])].flatMap((thing) => [thing.id, ...(thing.lot === undefined ? [] : [thing.lot])]),
  ...(h.parent === undefined ? [] : [h.parent]),
];

const itemsIn = (happenings: readonly Happening[]): Set<string> =>
  new Set(
    happenings
      .flatMap((h) => [...h.things, ...(h.outputs ?? [])].map((thing) => thing.item))
      .filter((item) => item !== undefined),
  );

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
  aliases: Aliases,
  cut: Cut | undefined,
): Promise<Map<string, string>> => {
  if (lots.length === 0) return new Map();
  const names = [...new Set([...lots, ...[...aliases].filter(([, lot]) => lots.includes(lot)).map(([name]) => name)])];
  const { rows } = await client.query<Node>(FIND_THINGS(schema), [names]);
  const facts = await readDatingFacts(client, schema, ownersOf(rows, aliases), cut);
  return new Map(
    rows.flatMap(({ node, id }) => {
      const happenings = facts.get(node)?.map((h) => resolved(h, aliases));
      const day = happenings && productionDay(id, happenings);
      return day === undefined ? [] : [[id, day] as const];
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
  cut?: Cut,
): Promise<Folded> => {
  const standing = cut === undefined ? undefined : await readAliasesAt(client, schema, cut);
  const own = standing ?? (await readAliases(client, schema, things.map((t) => t.id)));
  const owners = ownersOf(things, own);
  const facts = await readFacts(
    client,
    schema,
    [...owners, ...transformations.map(({ node }) => ({ owner: node, node }))],
    cut,
  );
  const all = [...new Set([...facts.values()].flat())];
  const aliases = standing ?? (await readAliases(client, schema, [...new Set(all.flatMap(thingsIn))]));
  const master = await readMasterData(
    client,
    schema,
    { places: placesIn(all), items: itemsIn(all) },
    cut,
  );
  const named = new Map(all.map((h) => [h, resolved(h, aliases)]));
  const about = (node: string): Happening[] => (facts.get(node) ?? []).map((h) => named.get(h) ?? h);

  const heads = things.filter(({ id }) => !own.has(id));
  const inputs = new Map(heads.map(({ node, id }) => [node, inputsOf(id, about(node), master)]));
  const production = await productionOf(client, schema, [...new Set([...inputs.values()].flat())], aliases, cut);
  const options: FoldOptions = cut?.eventTimeTo === undefined ? {} : { readAt: cut.eventTimeTo };
  return {
    lots: new Map(
      heads.map(({ node, id }) => {
        const lots = inputs.get(node) ?? [];
        const days = lots.flatMap((input) => {
          const day = production.get(input);
          return day === undefined ? [] : [[input, day] as const];
        });
        return [node, { id, derived: deriveLot(id, about(node), master, { lots, production: new Map(days) }, options) }];
      }),
    ),
    transformations: new Map(
      transformations.map(({ node, id }) => [
        node,
        deriveTransformations(
          about(node).filter((h) => h.transformation === id),
          master,
        ),
      ]),
    ),
  };
};
