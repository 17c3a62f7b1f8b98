import {
  lotIdOf,
  partyIdOf,
  placeIdOf,
  unitIdOf,
  type FactVoided,
  type Goods,
  type GoodsDelivered,
  type GoodsReceived,
  type GoodsReturned,
  type GoodsShipped,
  type LotDatesStated,
  type LotMoved,
  type LotRef,
  type LotScrapped,
  type LotsIdentified,
  type LotsSeparated,
  type ProductionRecorded,
  type RecordedEvent,
  type RecordedOf,
  type UnitPacked,
  type UnitUnpacked,
} from '#contracts';
import type { CanonicalId } from '#kernel';
import type { Happening, LotDates, Party, Thing, Verb } from '../happening.js';
import { base } from './base.js';
import { datesOf } from './dates.js';
import { byUnits } from './packed-for.js';
import { actOf } from './references.js';
import { thing } from './thing.js';

type Native<D extends object> = RecordedEvent<
  string,
  D & { eventId: string; references?: { type: string; id: string }[] }
>;
interface Carried {
  goods?: Goods[];
  units?: string[];
}

/** Ids brought into form; what is wrong with them is kept for the reader. */
const idsOf = (warnings: string[]) => {
  const keep = (id: CanonicalId): string => {
    if (id.warning !== undefined) warnings.push(id.warning);
    return id.id;
  };
  return {
    place: (ref: string): string => keep(placeIdOf(ref)),
    party: (ref: string): string => keep(partyIdOf(ref)),
    unit: (ref: string): string => keep(unitIdOf(ref)),
    lot: (ref: LotRef, quantity?: Goods['quantity']): Thing => {
      const id = lotIdOf(ref);
      const named = thing(keep(id), quantity && { value: quantity.value, unit: quantity.unit ?? 'EA' });
      if (named.kind === 'serial' && named.amount === undefined) named.amount = { value: '1', unit: 'EA' };
      return {
        ...named,
        ...(named.item === undefined && id.item !== undefined && { item: id.item }),
        ...(named.lotCode === undefined && id.lotCode !== undefined && { lotCode: id.lotCode }),
      };
    },
  };
};
type Ids = ReturnType<typeof idsOf>;

interface Named {
  things: Thing[];
  dates: Record<string, LotDates>;
}

const namedGoods = (goods: readonly Goods[], ids: Ids, warnings: string[]): Named => {
  const dates: Record<string, LotDates> = {};
  const things = goods.map((g) => {
    const lot = ids.lot(g.lot, g.quantity);
    if (g.dates !== undefined) dates[lot.id] = { ...dates[lot.id], ...datesOf(g.dates, warnings) };
    return { ...lot, ...(g.supplierLot !== undefined && { supplierLot: g.supplierLot }) };
  });
  return { things, dates };
};

const carriedBy = (carried: Carried, ids: Ids, warnings: string[]): Named => {
  const goods = namedGoods(carried.goods ?? [], ids, warnings);
  const units = (carried.units ?? []).map((unit): Thing => ({ id: ids.unit(unit), kind: 'unit' }));
  return { ...goods, things: [...units, ...goods.things] };
};

const party = (parts: { [P in keyof Party]: string | undefined }): Party | undefined => {
  const stated = Object.fromEntries(Object.entries(parts).filter(([, id]) => id !== undefined));
  return Object.keys(stated).length === 0 ? undefined : stated;
};

/** Puts a fact together: what it shares with all facts, what it confirms, and only the members that are stated. */
const fact = <D extends object>(
  event: Native<D>,
  verb: Verb,
  acts: readonly (readonly [type: string, id: string | undefined])[],
  say: (ids: Ids, warnings: string[]) => { [M in keyof Happening]?: Happening[M] | undefined } & { things: Thing[] },
): Happening[] => {
  const warnings: string[] = [];
  const said = say(idsOf(warnings), warnings);
  const references = [...(event.data.references ?? []).map((r) => [r.type, r.id] as const), ...acts];
  const confirms = new Set([
    ...references.flatMap(([type, id]) => (id === undefined ? [] : (actOf(type, id, verb) ?? []))),
    ...byUnits({ ...(said as Pick<Happening, 'things'>), verb }),
  ]);
  const stated = Object.entries(said).filter(
    ([name, value]) => value !== undefined && !(name === 'dates' && Object.keys(value as object).length === 0),
  );
  return [
    {
      ...base(event, event.data.eventId),
      verb,
      ...(Object.fromEntries(stated) as Pick<Happening, 'things'>),
      ...(confirms.size > 0 && { confirms: [...confirms] }),
      ...(warnings.length > 0 && { warnings: [...new Set(warnings)] }),
    },
  ];
};

const optional = <T>(ref: T | undefined, form: (ref: T) => string): string | undefined =>
  ref === undefined ? undefined : form(ref);

export const goodsReceived = (event: RecordedOf<typeof GoodsReceived>): Happening[] =>
  fact(event, 'receive', [['shipment', event.data.shipmentId]], (ids, warnings) => ({
    ...carriedBy(event.data, ids, warnings),
    step: 'receiving',
    bizLocation: ids.place(event.data.place),
    source: party({ owning: optional(event.data.supplier, ids.party), location: optional(event.data.from, ids.place) }),
    shipment: event.data.shipmentId,
  }));

export const goodsShipped = (event: RecordedOf<typeof GoodsShipped>): Happening[] =>
  fact(event, 'ship', [['shipment', event.data.shipmentId]], (ids, warnings) => ({
    ...carriedBy(event.data, ids, warnings),
    step: 'shipping',
    bizLocation: ids.place(event.data.from),
    destination: party({
      owning: optional(event.data.consignee, ids.party),
      location: optional(event.data.to, ids.place),
    }),
    shipment: event.data.shipmentId,
    due: event.data.due,
  }));

export const goodsDelivered = (event: RecordedOf<typeof GoodsDelivered>): Happening[] =>
  fact(event, 'receive', [['shipment', event.data.shipmentId]], (ids, warnings) => ({
    ...carriedBy(event.data, ids, warnings),
    step: 'receiving',
    bizLocation: ids.place(event.data.place),
    source: party({ owning: optional(event.data.sender, ids.party), location: optional(event.data.from, ids.place) }),
    destination: party({ owning: optional(event.data.consignee, ids.party) }),
    shipment: event.data.shipmentId,
  }));

/** A return is an arrival of its own: it does not confirm that the shipment it went out with arrived. */
export const goodsReturned = (event: RecordedOf<typeof GoodsReturned>): Happening[] =>
  fact(event, 'receive', [], (ids, warnings) => ({
    ...carriedBy(event.data, ids, warnings),
    step: 'receiving',
    returned: true as const,
    bizLocation: ids.place(event.data.place),
    source: party({
      owning: optional(event.data.returnedBy, ids.party),
      location: optional(event.data.from, ids.place),
    }),
  }));

export const lotMoved = (event: RecordedOf<typeof LotMoved>): Happening[] =>
  fact(event, 'observe', [], (ids, warnings) => ({
    ...carriedBy(event.data, ids, warnings),
    bizLocation: ids.place(event.data.to),
    source: party({ location: optional(event.data.from, ids.place) }),
  }));

export const unitPacked = (event: RecordedOf<typeof UnitPacked>): Happening[] =>
  fact(event, 'pack', [], (ids, warnings) => ({
    ...carriedBy(event.data, ids, warnings),
    step: 'packing',
    parent: ids.unit(event.data.unit),
    bizLocation: optional(event.data.place, ids.place),
  }));

export const unitUnpacked = (event: RecordedOf<typeof UnitUnpacked>): Happening[] =>
  fact(event, 'unpack', [], (ids, warnings) => ({
    ...carriedBy(event.data, ids, warnings),
    step: 'unpacking',
    parent: ids.unit(event.data.unit),
    bizLocation: optional(event.data.place, ids.place),
  }));

export const lotScrapped = (event: RecordedOf<typeof LotScrapped>): Happening[] =>
  fact(event, 'scrap', [], (ids, warnings) => ({
    ...carriedBy(event.data, ids, warnings),
    bizLocation: optional(event.data.place, ids.place),
  }));

export const productionRecorded = (event: RecordedOf<typeof ProductionRecorded>): Happening[] =>
  fact(event, 'transform', [['run', event.data.runId]], (ids, warnings) => {
    const { inputs, outputs, runId, kind, place } = event.data;
    const consumed = namedGoods(inputs, ids, warnings);
    const made = namedGoods(outputs, ids, warnings);
    return {
      things: consumed.things,
      outputs: made.things.map((output, i) => {
        const role = outputs[i]?.kind;
        return { ...output, ...(role !== undefined && role !== 'product' && { role }) };
      }),
      bizLocation: ids.place(place),
      transformation: runId ?? event.data.eventId,
      transformationKind: kind ?? 'production',
      dates: { ...consumed.dates, ...made.dates },
    };
  });

export const lotDatesStated = (event: RecordedOf<typeof LotDatesStated>): Happening[] =>
  fact(event, 'dates', [], (ids, warnings) =>
    namedGoods(
      event.data.lots.map(({ lot, dates }) => ({ lot, dates })),
      ids,
      warnings,
    ),
  );

const alias = (event: RecordedOf<typeof LotsIdentified | typeof LotsSeparated>, apart: boolean): Happening[] =>
  fact(event, 'note', [], (ids) => {
    const things = event.data.lots.map((lot) => ids.lot(lot));
    return { things, alias: { lots: things.map((t) => t.id), apart } };
  });

export const lotsIdentified = (event: RecordedOf<typeof LotsIdentified>): Happening[] => alias(event, false);
export const lotsSeparated = (event: RecordedOf<typeof LotsSeparated>): Happening[] => alias(event, true);

export const factVoided = (event: RecordedOf<typeof FactVoided>): Happening[] => [
  { ...base(event, event.data.eventId), verb: 'note', things: [], voids: event.data.voids },
];
