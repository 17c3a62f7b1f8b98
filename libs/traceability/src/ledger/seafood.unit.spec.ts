import { describe, expect, it } from '@jest/globals';
import { decimalText } from '#kernel';
import { foldLot } from './fold.js';
import { moreOutThanIn } from './transformation-balance.js';
import { suspectedDuplicates } from './suspected-duplicates.js';
import {
  CANS,
  COMMINGLE,
  FARMED,
  FEED,
  FISHERMAN,
  HATCHERY,
  production,
  seafood,
  seafoodMaster as master,
} from './spec/seafood.js';
import type { LotLedger } from './types.js';

const LOTS = [FEED, HATCHERY, FARMED, FISHERMAN, COMMINGLE, CANS];
const wentInto = (lot: string): Set<string> =>
  new Set(
    seafood.filter((h) => h.outputs?.some((t) => t.id === lot)).flatMap((h) => h.things.map((input) => input.id)),
  );
const fold = (lot: string, happenings = seafood): LotLedger =>
  foldLot(lot, happenings, master, {
    inputProduction: new Map([...production].filter(([input]) => wentInto(lot).has(input))),
  });
const onHand = (ledger: LotLedger): string[] =>
  ledger.balances.map((b) => `${decimalText(b.value)} ${b.dimension} at ${b.place}`);

describe('the ledger of the seafood chain', () => {
  it('has on hand what nobody used: commingle at the plant, cans at the importer', () => {
    const stock = LOTS.flatMap((lot) => onHand(fold(lot)).map((line) => `${lot}: ${line}`));
    expect(stock).toEqual(['commingle: 12124 mass at plant1u', 'cans: 5000 mass at importer.123u']);
  });

  it('finds exactly the eight discrepancies', () => {
    const found = [
      ...LOTS.flatMap((lot) => fold(lot).discrepancies),
      ...seafood.filter((h) => h.verb === 'transform').flatMap((h) => moreOutThanIn([h], master) ?? []),
      ...suspectedDuplicates(seafood),
    ];
    const shown = found.map((d) =>
      [d.kind, d.lot, d.amount?.value ?? '', d.from ?? '', d.place ?? '', d.events.join('+')].join(' | '),
    );
    expect(shown).toEqual([
      'dates-contradict | feed |  |  |  | commissioning+harvest',
      'movement-not-recorded | feed | 10000 | feedmill.1u | fishfarm.1u | harvest',
      'movement-not-recorded | hatchery | 1000 | hatchery.1u | fishfarm.1u | harvest',
      'over-used | fisherman | 124 |  | plant1u | commingling',
      'dates-contradict | cans |  |  |  | canning',
      'movement-not-recorded | cans | 5000 | importer.123u | plant1u | pack-again',
      'movement-not-recorded | cans | 5000 | plant1u | importer.123u | unpack-again',
      'more-out-than-in | farmed-tuna | 1000 |  | fishfarm.1u | harvest',
    ]);
    expect(new Set(found.map((d) => d.key)).size).toBe(8);
  });

  it('makes a shipment of either end', () => {
    const legs = LOTS.flatMap((lot) =>
      fold(lot).shipments.map((s) =>
        [
          `${lot}: ${decimalText(s.value)} ${s.fromParty} (${s.from}) -> ${s.consignee} (${s.to})`,
          s.unit ?? 'loose',
          s.departureRecorded,
          s.events.join('+'),
          `open ${decimalText(s.outstanding)}`,
        ].join(' | '),
      ),
    );
    expect(legs).toEqual([
      'farmed-tuna: 12000 fishfarm (fishfarm.1u) -> processor (processor) | loose | true | ship-farmed+receive-farmed | open 0',
      'fisherman: 9876 fisherman01 (vessel1) -> processor (plant1u) | loose | false | receive-wild | open 0',
      'cans: 5000 processor (plant1u) -> importer (importer) | 0004 | true | ship-cans+receive-cans | open 0',
    ]);
  });

  it('infers consignees from movements nobody recorded, and from no others', () => {
    const moves = LOTS.flatMap((lot) =>
      fold(lot).inferredMoves.map((m) => `${lot}: ${decimalText(m.value)} ${m.fromParty} -> ${m.consignee}`),
    );
    expect(moves).toEqual([
      'feed: 10000 feedmill -> fishfarm',
      'hatchery: 1000 hatchery -> fishfarm',
      'cans: 5000 importer -> processor',
      'cans: 5000 processor -> importer',
    ]);
  });

  it('explains itself by its entries', () => {
    const entries = fold(FISHERMAN).entries.map((e) => {
      const name = (a: typeof e.from): string => (a.kind === 'place' ? String(a.place) : a.kind);
      return `${e.seq} ${decimalText(e.value)} ${name(e.from)} -> ${name(e.to)} by ${e.events.join('+')}`;
    });
    expect(entries).toEqual([
      '1 9876 made -> vessel1 by fishing',
      '2 9876 vessel1 -> transship1 by transshipment',
      '3 9876 transship1 -> port by landing',
      '4 9876 port -> plant1u by receive-wild',
      '5 10000 plant1u -> consumed by commingling',
      '6 124 unexplained -> plant1u by commingling',
    ]);
  });

  it('can be read as it stood at an earlier event time', () => {
    const early = foldLot(FISHERMAN, seafood, master, { readAt: '2022-01-22T11:30:00' });
    expect(onHand(early)).toEqual(['9876 mass at port']);
    expect(early.discrepancies).toEqual([]);
  });
});
