import { amountOf, canonicalId, decimal, type Amount } from '#kernel';
import type { Happening, LotDates, MasterData, Thing } from '../happening.js';
import type { LotLedger } from '../ledger/types.js';
import type { LotNode } from '../trace/graph.js';
import { compareText } from '../trace/grouping.js';
import { statusOf } from './status.js';

const sum = (rows: readonly { dimension: string; value: ReturnType<typeof decimal> }[]): Amount[] => {
  const totals = new Map<string, ReturnType<typeof decimal>>();
  for (const { dimension, value } of rows) totals.set(dimension, (totals.get(dimension) ?? decimal('0')).plus(value));
  return [...totals].sort(([a], [b]) => compareText(a, b)).map(([dimension, value]) => amountOf(value, dimension));
};

const kindOf = (things: readonly Thing[], id: string, holds: boolean): LotNode['kind'] => {
  const kinds = new Set(things.map((t) => t.kind));
  const byId = canonicalId(id).kind;
  if (byId === 'unit' || kinds.has('unit')) return 'unit';
  // What is only ever named as a container is one.
  if (holds && things.length === 0) return 'unit';
  return byId === 'serial' || (kinds.has('serial') && !kinds.has('lot')) ? 'serial' : 'lot';
};

const datesOf = (id: string, happenings: readonly Happening[]): LotDates => {
  const dates: LotDates = {};
  for (const h of happenings) Object.assign(dates, h.dates?.[id]);
  return dates;
};

/** Parties in whose places it was made outside any transformation, and senders of what was received. */
const originsOf = (happenings: readonly Happening[], ledger: LotLedger, master: MasterData): string[] => {
  const byEvent = new Map(happenings.map((h) => [h.id, h]));
  const origins = new Set<string>();
  for (const source of ledger.sources) {
    if (source.transformation !== undefined) continue;
    const h = byEvent.get(source.event);
    const party =
      source.kind === 'made'
        ? source.place === null
          ? undefined
          : master.place(source.place)?.party
        : (h?.source?.owning ??
          h?.source?.possessing ??
          (h?.source?.location === undefined ? undefined : master.place(h.source.location)?.party));
    if (party !== undefined) origins.add(party);
  }
  return [...origins].sort();
};

/**
 * What is known of one lot, serial or unit.
 * @param happenings effective ones that name it or a unit that held it, in ledger order.
 * @param holds whether it ever held something.
 */
export const lotNode = (
  id: string,
  happenings: readonly Happening[],
  ledger: LotLedger,
  master: MasterData,
  holds: boolean,
): LotNode => {
  const naming = happenings.filter((h) => [...h.things, ...(h.outputs ?? [])].some((t) => t.id === id || t.lot === id));
  const things = happenings.flatMap((h) => [...h.things, ...(h.outputs ?? [])].filter((t) => t.id === id));
  const stated = (member: 'item' | 'lotCode' | 'supplierLot'): string | undefined =>
    things.map((t) => t[member]).find((v) => v !== undefined);
  const byId = canonicalId(id);
  const supplierLot = stated('supplierLot');
  const supplierLots = [...new Set(things.flatMap((t) => t.supplierLot ?? []))].sort();
  const origins = originsOf(happenings, ledger, master);
  const scrapped = sum(
    ledger.accounts.flatMap(({ account, dimension, value }) =>
      account.kind === 'scrapped' && !value.eq('0') ? [{ dimension, value }] : [],
    ),
  );
  const places = new Map<
    string,
    LotNode['onHand'][number] & { rows: { dimension: string; value: ReturnType<typeof decimal> }[] }
  >();
  for (const { place, dimension, value } of ledger.balances) {
    const key = `${place ?? ''} ${dimension}`;
    const rows = [...(places.get(key)?.rows ?? []), { dimension, value }];
    const [amount] = sum(rows);
    if (amount !== undefined) places.set(key, { place, amount, rows });
  }
  return {
    id,
    kind: kindOf(things, id, holds),
    item: byId.item ?? stated('item') ?? null,
    lotCode: byId.lotCode ?? stated('lotCode') ?? null,
    ...(supplierLot !== undefined && { supplierLot }),
    ...(supplierLots.length > 1 && { supplierLots }),
    dates: datesOf(id, happenings),
    status: statusOf(naming),
    made: sum(ledger.sources.filter((s) => s.kind === 'made')),
    received: sum(ledger.sources.filter((s) => s.kind === 'outside')),
    ...(scrapped.length > 0 && { scrapped }),
    onHand: [...places].sort(([a], [b]) => compareText(a, b)).map(([, { place, amount }]) => ({ place, amount })),
    ...(origins.length > 0 && { origins }),
  };
};
