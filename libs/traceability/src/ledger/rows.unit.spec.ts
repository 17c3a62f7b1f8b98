import { describe, expect, it } from '@jest/globals';
import type { Happening, Thing, Verb } from '../happening.js';
import { foldLot } from './fold.js';
import { happening, lot, masterOf, minute, serial, unit } from './spec/builders.js';
import { tell } from './spec/story.js';

// Party a has two sites (A with two rooms, W); b and c one each.
const master = masterOf('A @a', 'A1 <A', 'A2 <A', 'W @a', 'B @b', 'C @c');
const L = (quantity?: string): Thing => lot('L', quantity);

/** Facts at minutes 1, 2, 3 … in the order written: [verb, place, things, more]. */
type Line = [Verb, string | null, Thing[], Partial<Happening>?];
const facts = (...lines: Line[]): Happening[] =>
  lines.map(([verb, place, things, more], i) =>
    happening(`${verb}${i + 1}`, verb, minute(i + 1), things, {
      ...(place !== null && { bizLocation: place }),
      ...more,
    }),
  );
const said = (...lines: Line[]): ReturnType<typeof tell> => tell('L', facts(...lines), master);
const to = (location: string): Partial<Happening> => ({ destination: { location } });
const toParty = (owning: string): Partial<Happening> => ({ destination: { owning } });
const from = (owning: string): Partial<Happening> => ({ source: { owning } });
const parent = (id: string): Partial<Happening> => ({ parent: id });

describe('making, shipping, receiving', () => {
  it('moves goods from made over shipped to received stock', () => {
    const s = said(
      ['make', 'A1', [L('100 KGM')]],
      ['ship', 'A1', [L('60 KGM')], toParty('b')],
      ['receive', 'B', [L('60 KGM')]],
    );
    expect(s).toEqual({
      stock: ['40 at A1', '60 at B received'],
      shipped: [],
      found: [],
      legs: ['ship2: 60 a -> b, received 60 by receive3'],
    });
  });

  it('does not settle a departure from what it sent away itself, on its way or arrived', () => {
    const sent = said(['make', 'B', [L('1 KGM')]], ['ship', 'A1', [L('10 KGM')], toParty('a')]);
    expect(sent.found.filter((f) => f.includes('over-used'))).toHaveLength(1);
    expect(sent.shipped).toEqual(['10 to a']);
    const arrived = said(['ship', 'A1', [L('10 KGM')], to('W')], ['receive', 'W', [L('10 KGM')]]);
    expect(arrived.found.filter((f) => f.includes('over-used'))).toHaveLength(1);
    expect(arrived.stock).toEqual(['10 at W received']);
  });

  it('keeps the two halves of a partial receipt apart', () => {
    const s = said(
      ['make', 'A1', [L('100 KGM')]],
      ['ship', 'A1', [L('100 KGM')], to('B')],
      ['receive', 'B', [L('30 KGM')]],
      ['receive', 'B', [L('50 KGM')]],
    );
    expect(s.stock).toEqual(['80 at B received']);
    expect(s.shipped).toEqual(['20 to B']);
    expect(s.legs).toEqual(['ship2: 100 a -> b, received 30 by receive3, received 50 by receive4, open 20']);
  });

  it('takes a second receipt of the same goods from outside, as nothing else explains it', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['ship', 'A1', [L('10 KGM')], to('B')],
      ['receive', 'B', [L('10 KGM')]],
      ['receive', 'B', [L('10 KGM')]],
    );
    expect(s.stock).toEqual(['20 at B received']);
    expect(s.found).toEqual([]);
  });

  it('finds a receiving shipped to the place, then to its party, then to anyone, oldest first', () => {
    const ledger = foldLot(
      'L',
      facts(
        ['make', 'A1', [L('40 KGM')]],
        ['ship', 'A1', [L('10 KGM')], toParty('c')],
        ['ship', 'A1', [L('10 KGM')], toParty('b')],
        ['ship', 'A1', [L('10 KGM')], to('B')],
        ['receive', 'B', [L('25 KGM')]],
      ),
      master,
    );
    const taken = ledger.entries.filter((e) => e.events[0] === 'receive5').map((e) => [e.from, e.value.toFixed()]);
    expect(taken).toEqual([
      [{ kind: 'shipped', to: 'B' }, '10'],
      [{ kind: 'shipped', to: 'b' }, '10'],
      [{ kind: 'shipped', to: 'c' }, '5'],
    ]);
  });

  it('makes a shipment of a receiving with a source: from places of that party, else unreceived stock, else outside', () => {
    const s = said(['make', 'A1', [L('10 KGM')]], ['receive', 'B', [L('15 KGM')], from('a')]);
    expect(s.stock).toEqual(['15 at B received']);
    expect(s.legs).toEqual(['no departure: 15 a -> b, received 15 by receive2']);
    expect(s.found).toEqual([]);
  });

  it('takes a return from what its sender received, not from what is on its way to somebody else or to the sender', () => {
    const s = said(
      ['make', 'A1', [L('40 KGM')]],
      ['ship', 'A1', [L('20 KGM')], to('B')],
      ['receive', 'B', [L('20 KGM')]],
      ['ship', 'A1', [L('10 KGM')], toParty('c')],
      ['ship', 'A1', [L('10 KGM')], to('B')],
      ['receive', 'A1', [L('5 KGM')], from('b')],
    );
    expect(s.stock).toEqual(['5 at A1 received', '15 at B received']);
    expect(s.shipped).toEqual(['10 to B', '10 to c']);
    expect(s.found).toEqual([]);
  });

  it('takes what its sender sent to others before what anybody else did', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['make', 'C', [L('10 KGM')]],
      ['ship', 'C', [L('10 KGM')], toParty('d')],
      ['ship', 'A1', [L('10 KGM')], toParty('c')],
      ['receive', 'B', [L('10 KGM')], from('a')],
    );
    expect(s.stock).toEqual(['10 at B received']);
    expect(s.shipped).toEqual(['10 to d']);
  });

  it('never drains what another party received', () => {
    const s = said(['receive', 'B', [L('10 KGM')]], ['receive', 'C', [L('10 KGM')]], ['consume', 'A1', [L('5 KGM')]]);
    expect(s.stock).toEqual(['10 at B received', '10 at C received']);
    expect(s.found).toEqual(['over-used 5 at A1 by consume3']);
  });

  it('gives goods back when the departure is voided', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['ship', 'A1', [L('6 KGM')], toParty('b')],
      ['unship', 'A1', [L('6 KGM')]],
    );
    expect(s).toEqual({ stock: ['10 at A1'], shipped: [], found: [], legs: [] });
  });

  it('knows goods that were sent back as a shipment of their own', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['ship', 'A1', [L('4 KGM')], toParty('c')],
      ['ship', 'A1', [L('6 KGM')], toParty('b')],
      ['receive', 'A1', [L('2 KGM')], from('b')],
    );
    expect(s.stock).toEqual(['2 at A1 received']);
    expect(s.shipped).toEqual(['4 to b', '4 to c']);
    expect(s.legs).toEqual([
      'ship2: 4 a -> c, open 4',
      'ship3: 6 a -> b, inferred 2 by receive4, open 4',
      'no departure: 2 b -> a, received 2 by receive4',
    ]);
  });

  it('joins departure and arrival by their shipment id, and takes an arrival without goods for all of it', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['ship', 'A1', [L('4 KGM')], { ...toParty('b'), shipment: 's1' }],
      ['ship', 'A1', [L('6 KGM')], { ...toParty('b'), shipment: 's2' }],
      ['receive', 'B', [], { shipment: 's2' }],
    );
    expect(s.legs).toEqual(['ship2: 4 a -> b, open 4', 'ship3: 6 a -> b, received 6 by receive4']);
  });

  it('matches a departure to the arrival that the receiver dated minutes before it', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['receive', 'B', [L('6 KGM')], from('a')],
      ['ship', 'A1', [L('6 KGM')], toParty('b')],
    );
    expect(s).toEqual({
      stock: ['4 at A1', '6 at B received'],
      shipped: [],
      found: [],
      legs: ['ship3: 6 a -> b, received 6 by receive2'],
    });
  });
});

describe('observing and counting', () => {
  it('brings what is not yet there, and nothing new', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['observe', 'A2', [L('4 KGM')]],
      ['observe', 'A2', [L('4 KGM')]],
      ['observe', 'A2', [L('30 KGM')]],
    );
    expect(s.stock).toEqual(['10 at A2']);
    expect(s.found).toEqual([]);
  });

  it('is confirmed by the next receiving there, which brings nothing again', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['ship', 'A1', [L('8 KGM')], toParty('b')],
      ['observe', 'B', [L('8 KGM')]],
      ['receive', 'B', [L('8 KGM')]],
    );
    expect(s.stock).toEqual(['2 at A1', '8 at B received']);
    expect(s.legs).toEqual(['ship2: 8 a -> b, observed 8 by observe3, received 8 by receive4']);
  });

  it('is confirmed also where older goods changed units after it', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['observe', 'A2', [L('2 KGM')]],
      ['receive', 'A2', [L('1 KGM')]],
      ['observe', 'A2', [L('5 KGM')]],
      ['pack', 'A2', [L('2 KGM')], parent('U')],
      ['receive', 'A2', [L('3 KGM')]],
    );
    expect(s.stock).toEqual(['5 at A1', '3 at A2 received', '2 at A2 in U received 1']);
  });

  it('puts goods away from the same site before calling back what went to a customer', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['ship', 'A1', [L('5 KGM')], toParty('b')],
      ['observe', 'A2', [L('5 KGM')]],
    );
    expect(s.stock).toEqual(['5 at A2']);
    expect(s.shipped).toEqual(['5 to b']);
  });

  it('moves just the amount where the source place is stated', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['observe', 'A2', [L('4 KGM')], { source: { location: 'A1' } }],
      ['observe', 'A2', [L('4 KGM')], { source: { location: 'A1' } }],
    );
    expect(s.stock).toEqual(['2 at A1', '8 at A2']);
  });

  it('lets a commanded move take what is there, and not what is on its way', () => {
    const moved = (commanded: boolean) =>
      said(
        ['make', 'A1', [L('10 KGM')]],
        ['ship', 'A1', [L('4 KGM')], to('B')],
        ['observe', 'B', [L('3 KGM')], { source: { location: 'A1' }, ...(commanded && { commanded }) }],
      );
    expect(moved(false)).toMatchObject({ stock: ['6 at A1', '3 at B'], shipped: ['1 to B'] });
    expect(moved(true)).toMatchObject({ stock: ['3 at A1', '3 at B'], shipped: ['4 to B'] });
  });

  it('takes a move back that nothing supports', () => {
    const s = said(
      ['make', 'C', [L('1 KGM')]],
      ['receive', 'C', [L('1 KGM')]],
      ['observe', 'A2', [L('4 KGM')], { source: { location: 'A1' } }],
    );
    expect(s.stock).toEqual(['1 at C received']);
    expect(s.found).toEqual([]);
  });

  it('adjusts to a count, loose before packed', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['pack', 'A1', [L('6 KGM')], parent('U')],
      ['count', 'A1', [L('5 KGM')]],
    );
    expect(s.stock).toEqual(['5 at A1 in U']);
    expect(s.found).toEqual(['unpack-not-recorded 1 at A1 in U by count3']);
    expect(said(['make', 'A1', [L('1 KGM')]], ['count', 'A1', [L('5 KGM')]]).stock).toEqual(['5 at A1']);
  });
});

describe('using', () => {
  it('may come before its arrival by clocks that are minutes off', () => {
    const s = said(
      ['consume', 'B', [L('6 KGM')]],
      ['make', 'A1', [L('10 KGM')]],
      ['ship', 'A1', [L('10 KGM')], toParty('b')],
      ['receive', 'B', [L('10 KGM')]],
    );
    expect(s.stock).toEqual(['4 at B received']);
    expect(s.found).toEqual(['out-of-order 6 by consume1']);
  });

  it('is settled from what was shipped to the place or its party', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['ship', 'A1', [L('10 KGM')], toParty('b')],
      ['consume', 'B', [L('6 KGM')]],
    );
    expect(s.shipped).toEqual(['4 to b']);
    expect(s.found).toEqual(['movement-not-recorded 6 from b at B by consume3']);
    expect(s.legs).toEqual(['ship2: 10 a -> b, inferred 6 by consume3, open 4']);
  });

  it('is settled within the site without a word, then from the party, then from unreceived stock', () => {
    const s = said(
      ['make', 'C', [L('10 KGM')]],
      ['make', 'W', [L('10 KGM')]],
      ['make', 'A2', [L('10 KGM')]],
      ['consume', 'A1', [L('25 KGM')]],
    );
    expect(s.stock).toEqual(['5 at C']);
    expect(s.found.filter((f) => !f.startsWith('code-reused')).sort()).toEqual([
      'movement-not-recorded 10 from W at A1 by consume4',
      'movement-not-recorded 5 from C at A1 by consume4',
    ]);
  });

  it('takes loose stock before packed, and then shrinks the unit', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['pack', 'A1', [L('6 KGM')], parent('U')],
      ['consume', 'A1', [L('7 KGM')]],
    );
    expect(s.stock).toEqual(['3 at A1 in U']);
    expect(s.found).toEqual(['unpack-not-recorded 3 at A1 in U by consume3']);
  });

  it('takes all at the place where no quantity is given', () => {
    const s = said(['make', 'A1', [L('10 KGM'), L('3')]], ['scrap', 'A1', [L()]], ['make', 'A1', [L()]]);
    expect(s.stock).toEqual([]);
    expect(s.found.sort()).toEqual(['quantity-assumed 10 at A1 by scrap2', 'quantity-assumed 3 at A1 by scrap2']);
  });

  it('tells a use in a unit the lot was never had in', () => {
    const s = said(['make', 'A1', [L('10 KGM')]], ['sell', 'A1', [L('3')]]);
    expect(s.stock).toEqual(['10 at A1']);
    expect(s.found.sort()).toEqual(['over-used 3 at A1 by sell2', 'unit-mismatch 3 at A1 by sell2']);
  });

  it('is taken at the read point only where that is a known place', () => {
    const at = (readPoint: string): string[] =>
      said(['make', 'A1', [L('10 KGM')]], ['make', 'W', [L('10 KGM')]], ['consume', 'W', [L('4 KGM')], { readPoint }])
        .stock;
    expect(at('A1')).toEqual(['6 at A1', '10 at W']);
    expect(at('geo:1,2')).toEqual(['10 at A1', '6 at W']);
  });

  it('without a place takes where the record has it', () => {
    const s = said(['make', 'A1', [L('10 KGM')]], ['consume', null, [L('4 KGM')]]);
    expect(s.stock).toEqual(['6 at A1']);
    expect(s.found).toEqual([]);
  });
});

describe('units', () => {
  it('carry their contents, nested ones too, and are emptied by an unpacking without a list', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['pack', 'A1', [L('6 KGM')], parent('case')],
      ['pack', 'A1', [unit('case'), L('1 KGM')], parent('pallet')],
      ['ship', 'A1', [unit('pallet')], toParty('b')],
      ['receive', 'B', [unit('pallet')]],
      ['unpack', 'B', [], parent('pallet')],
    );
    expect(s.stock).toEqual(['3 at A1', '1 at B received', '6 at B in case received']);
    expect(s.legs).toEqual([
      'ship4: 1 in pallet a -> b, received 1 by receive5',
      'ship4: 6 in case a -> b, received 6 by receive5',
    ]);
  });

  it('may be reused: what they held before stays where it was unpacked', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['pack', 'A1', [L('4 KGM')], parent('tote')],
      ['ship', 'A1', [unit('tote')], toParty('b')],
      ['receive', 'B', [unit('tote')]],
      ['unpack', 'B', [], parent('tote')],
      ['pack', 'A1', [L('5 KGM')], parent('tote')],
      ['ship', 'A1', [unit('tote')], toParty('c')],
    );
    expect(s.stock).toEqual(['1 at A1', '4 at B received']);
    expect(s.shipped).toEqual(['5 to c in tote']);
    expect(s.found).toEqual([]);
  });

  it('have what their list names at the place, received or not', () => {
    const s = said(['receive', 'B', [L('5 KGM')]], ['pack', 'A1', [L('5 KGM')], parent('U')]);
    expect(s.stock).toEqual(['5 at A1 in U']);
    expect(s.found).toEqual(['movement-not-recorded 5 from B at A1 in U by pack2']);
  });

  it('may be packed minutes before the making by another clock', () => {
    const s = said(
      ['pack', 'A1', [L('5 KGM')], parent('U')],
      ['make', 'A1', [L('8 KGM')]],
      ['ship', 'A1', [unit('U')], toParty('b')],
    );
    expect(s.stock).toEqual(['3 at A1']);
    expect(s.shipped).toEqual(['5 to b in U']);
    expect(s.found).toEqual([]);
  });

  it('hold nothing that only their list claims, unless it left', () => {
    expect(said(['pack', 'A1', [L('5 KGM')], parent('U')])).toEqual({ stock: [], shipped: [], found: [], legs: [] });
    const left = said(['pack', 'A1', [L('5 KGM')], parent('U')], ['ship', 'A1', [unit('U')], toParty('b')]);
    expect(left.shipped).toEqual(['5 to b in U']);
    expect(left.found).toEqual(['over-used 5 at A1 by pack1']);
  });

  it('that left empty take the next list learnt of them', () => {
    const ledger = foldLot(
      'L',
      facts(
        ['make', 'A1', [L('10 KGM')]],
        ['ship', 'A1', [unit('U')], toParty('b')],
        ['receive', 'B', [unit('U')]],
        ['unpack', 'B', [L('7 KGM')], parent('U')],
      ),
      master,
    );
    expect(ledger.shipments.map((s) => [s.value.toFixed(), s.unit, s.contentsLearntLater])).toEqual([['7', 'U', true]]);
    expect(ledger.balances.map((b) => [b.place, b.unit, b.value.toFixed()])).toEqual([
      ['A1', undefined, '3'],
      ['B', undefined, '7'],
    ]);
    expect(ledger.entries.map((e) => e.flag)).toContain('contents-learnt-later');
  });

  it('that left empty and were packed elsewhere later keep their secret', () => {
    const record = facts(
      ['make', 'B', [L('10 KGM')]],
      ['ship', 'A1', [unit('U')], toParty('b')],
      ['receive', 'B', [unit('U')]],
      ['pack', 'B', [L('7 KGM')], parent('U')],
    );
    expect(tell('L', record, master).legs).toEqual([]);
    expect(tell('U', record, master).found).toEqual(['contents-unknown at A1 by ship2']);
  });

  it('are said to be unpacked from the unit they leave without', () => {
    const s = said(
      ['make', 'A1', [L('6 KGM')]],
      ['pack', 'A1', [L('6 KGM')], parent('case')],
      ['pack', 'A1', [unit('case')], parent('pallet')],
      ['ship', 'A1', [unit('case')], toParty('b')],
    );
    expect(s.found).toEqual(['unpack-not-recorded 6 at A1 in pallet by ship4']);
  });
});

describe('pieces with serial numbers', () => {
  const S = (n: number): Thing => serial(`S${n}`, 'L');
  it('are counted once, made as pieces or as a number of the lot', () => {
    expect(said(['make', 'A1', [L('3')]], ['make', 'A1', [S(1), S(2)]]).stock).toEqual([
      '1 at A1',
      '1 at A1 in S1',
      '1 at A1 in S2',
    ]);
    expect(said(['make', 'A1', [S(1), S(2)]], ['make', 'A1', [L('3')]]).stock).toEqual([
      '1 at A1',
      '1 at A1 in S1',
      '1 at A1 in S2',
    ]);
  });

  it('travel in units and are sold one by one', () => {
    const s = said(
      ['make', 'A1', [S(1), S(2)]],
      ['pack', 'A1', [S(1), S(2)], parent('U')],
      ['ship', 'A1', [unit('U')], toParty('b')],
      ['receive', 'B', [unit('U')]],
      ['sell', 'B', [S(1)]],
    );
    expect(s.stock).toEqual(['1 at B in S2 received']);
  });

  it('have a ledger of their own, as a lot of one', () => {
    const record = facts(['make', 'A1', [S(1)]], ['sell', 'A1', [S(1)]], ['sell', 'A1', [S(1)]]);
    expect(tell('S1', record, master).found).toContain('over-used 1 at A1 by sell3');
    expect(tell('L', record, master).found).toEqual([]);
  });
});

describe('dates, holds and codes', () => {
  const dates = (expiry: string): Partial<Happening> => ({ dates: { L: { expiry } } });
  it('flags use and departure after expiry, by the day in force', () => {
    const s = said(
      ['make', 'A1', [L('10 KGM')], dates('2023-12-31')],
      ['consume', 'A1', [L('1 KGM')]],
      ['ship', 'A1', [L('1 KGM')], toParty('b')],
      ['scrap', 'A1', [L('1 KGM')]],
      ['dates', null, [L()], dates('2024-01-01')],
      ['consume', 'A1', [L('1 KGM')]],
    );
    expect(s.found).toEqual(['used-after-expiry 1 at A1 by consume2', 'shipped-after-expiry 1 at A1 by ship3']);
  });

  it('flags use and departure under a hold, until it is lifted', () => {
    const hold = { hold: { holdId: 'h', reason: 'smell' } };
    const s = said(
      ['make', 'A1', [L('10 KGM')]],
      ['hold', null, [L()], hold],
      ['consume', 'A1', [L('1 KGM')]],
      ['ship', 'A1', [L('1 KGM')], toParty('b')],
      ['lift', null, [L()], hold],
      ['consume', 'A1', [L('1 KGM')]],
      ['note', null, [L()], { quality: 'rejected' }],
      ['sell', 'A1', [L('1 KGM')]],
    );
    expect(s.found).toEqual([
      'used-while-held 1 at A1 by consume3',
      'shipped-while-held 1 at A1 by ship4',
      'used-while-held 1 at A1 by sell8',
    ]);
  });

  it('says when two parties made the same lot, and when an item came without lot', () => {
    expect(said(['make', 'A1', [L('1 KGM')]], ['make', 'B', [L('1 KGM')]]).found).toEqual([
      'code-reused at B by make1+make2',
    ]);
    const pool: Thing = { id: 'item', kind: 'pool', amount: { value: '5', unit: 'KGM' } };
    expect(tell('item', facts(['receive', 'A1', [pool]]), master)).toEqual({
      stock: [],
      shipped: [],
      found: ['lot-not-stated 5 at A1 by receive1'],
      legs: [],
    });
  });
});
