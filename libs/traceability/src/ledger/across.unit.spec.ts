import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Happening, MasterData } from '../happening.js';
import { brokenCommitments } from './commitments.js';
import { datesContradict, datesOf } from './dates.js';
import { confirmedDifferently, effective } from './effective.js';
import { foldLot } from './fold.js';
import { notReceived } from './not-received.js';
import { at, happening, lot, masterOf, minute, unit } from './spec/builders.js';
import { LOT, randomHappenings, randomMaster } from './spec/random-happenings.js';
import { suspectedDuplicates } from './suspected-duplicates.js';
import { moreOutThanIn } from './transformation-balance.js';

const master = masterOf('A @a', 'B @b');
const ids = (happenings: readonly Happening[]): string[] => happenings.map((h) => h.id);
const amounts = (found: readonly { kind: string; lot: string; amount?: { value: string } }[]): string[] =>
  found.map((d) => `${d.kind} ${d.lot} ${d.amount?.value ?? ''}`);

describe('what counts of a record', () => {
  const made = happening('e1', 'make', minute(1), [lot('L', '10 KGM')], { bizLocation: 'A' });
  const error = { ...made, logId: 'log-declaration', voids: 'e1' };

  it('drops what is declared an error, and the declaration, whichever came first', () => {
    expect(effective([made, error])).toEqual([]);
    expect(effective([error, made])).toEqual([]);
    expect(effective([error])).toEqual([]);
  });

  it('replaces a commanded act by the facts that confirm it', () => {
    const command = happening('c1', 'ship', minute(1), [lot('L', '10 KGM')], {
      bizLocation: 'A',
      act: 'shipment:1',
      alsoKnownAs: ['sscc:1'],
      commanded: true,
    });
    const fact = (id: string, quantity: string, confirms: string): Happening =>
      happening(id, 'ship', minute(3), [lot('L', quantity)], { bizLocation: 'A', confirms: [confirms] });
    expect(ids(effective([command]))).toEqual(['c1']);
    expect(ids(effective([command, fact('f1', '9 KGM', 'shipment:1')]))).toEqual(['f1']);
    expect(ids(effective([fact('f1', '9 KGM', 'sscc:1'), command]))).toEqual(['f1']);
    // A receiving that names the shipment is no departure, and a voided fact confirms nothing.
    expect(ids(effective([command, { ...fact('f1', '9 KGM', 'shipment:1'), verb: 'receive' }]))).toEqual(['c1', 'f1']);
    expect(
      ids(effective([command, fact('f1', '9 KGM', 'shipment:1'), { ...fact('f1', '9', ''), voids: 'f1' }])),
    ).toEqual(['c1']);
    expect(amounts(confirmedDifferently([command, fact('f1', '9 KGM', 'shipment:1')]))).toEqual([
      'confirmed-differently L 1',
    ]);
    expect(
      confirmedDifferently([command, fact('f1', '4 KGM', 'shipment:1'), fact('f2', '6000 GRM', 'sscc:1')]),
    ).toEqual([]);
  });

  it('replaces a commanded run side by side', () => {
    const run = happening('c1', 'transform', minute(1), [lot('I', '10 KGM')], {
      outputs: [lot('O', '9 KGM')],
      act: 'run:1',
      commanded: true,
      transformation: 't',
    });
    const consumed = happening('f1', 'consume', minute(1), [lot('I', '11 KGM')], { confirms: ['run:1'] });
    const made2 = happening('f2', 'make', minute(1), [lot('O', '8 KGM')], { confirms: ['run:1'] });
    expect(effective([run, consumed]).map((h) => [h.id, h.things.length, h.outputs?.length])).toEqual([
      ['c1', 0, 1],
      ['f1', 1, undefined],
    ]);
    expect(ids(effective([run, consumed, made2]))).toEqual(['f1', 'f2']);
  });

  it('gives the ledger of the corrected record, wherever the corrections stand', () => {
    const corrected = randomHappenings({ max: 20, serials: true }).chain((list) =>
      fc.subarray(list).chain((wrong) => {
        const all = [...list, ...wrong.map((h) => ({ ...h, voids: h.id, logId: `void-${h.id}` }))];
        return fc.tuple(
          fc.constant(list.filter((h) => !wrong.includes(h))),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        );
      }),
    );
    fc.assert(
      fc.property(corrected, ([right, recorded]) => {
        const ledger = foldLot(LOT, effective(recorded), randomMaster);
        expect(JSON.stringify(ledger)).toBe(JSON.stringify(foldLot(LOT, right, randomMaster)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('more out than in', () => {
  const run = (id: string, input: string | undefined, output: string | undefined): Happening =>
    happening(id, 'transform', minute(1), input === undefined ? [] : [lot('I', input)], {
      bizLocation: 'A',
      outputs: output === undefined ? [] : [{ ...lot('O', output), item: 'item' }],
      transformation: 't',
    });
  const tolerant: MasterData = { ...master, item: () => ({ id: 'item', tolerance: '0.1' }) };

  it('is judged on the union of the events that share the transformation', () => {
    expect(
      amounts(
        [moreOutThanIn([run('e1', '10 KGM', '8 KGM'), run('e2', undefined, '3 KGM')], master)].filter(
          (d) => d !== undefined,
        ),
      ),
    ).toEqual(['more-out-than-in O 1']);
    expect(moreOutThanIn([run('e1', '10 KGM', '8 KGM'), run('e2', '1 KGM', '3 KGM')], master)).toBeUndefined();
  });

  it('lets a disassembly give more pieces than it takes, not more weight', () => {
    const apart = (input: string, output: string): Happening => ({
      ...run('e1', input, output),
      transformationKind: 'disassembly',
    });
    expect(moreOutThanIn([apart('1 EA', '100 EA')], master)).toBeUndefined();
    expect(moreOutThanIn([apart('1 KGM', '2 KGM')], master)).toBeDefined();
  });

  it('allows the tolerance of the item, and says nothing across dimensions or of half a transformation', () => {
    expect(moreOutThanIn([run('e1', '10 KGM', '11 KGM')], tolerant)).toBeUndefined();
    expect(moreOutThanIn([run('e1', '10 KGM', '11.1 KGM')], tolerant)).toBeDefined();
    expect(moreOutThanIn([run('e1', '10 KGM', '12')], master)).toBeUndefined();
    expect(moreOutThanIn([run('e1', undefined, '12 KGM')], master)).toBeUndefined();
  });
});

describe('suspected duplicates', () => {
  const received = (id: string, seconds: number, more: Partial<Happening> = {}): Happening =>
    happening(id, 'receive', at(`2024-01-01T08:00:${String(seconds).padStart(2, '0')}Z`), [lot('L', '10 KGM')], {
      bizLocation: 'A',
      ...more,
    });

  it('are the same act by two systems within a minute, or by one within a second', () => {
    expect(
      amounts(suspectedDuplicates([received('e1', 0, { reporter: 'x' }), received('e2', 40, { reporter: 'y' })])),
    ).toEqual(['suspected-duplicate L 10']);
    expect(suspectedDuplicates([received('e1', 0), received('e2', 1)])).toHaveLength(1);
    expect(suspectedDuplicates([received('e1', 0), received('e2', 2)])).toEqual([]);
    expect(suspectedDuplicates([received('e1', 0), received('e2', 0, { bizLocation: 'B' })])).toEqual([]);
  });

  it('are not those that share an id', () => {
    expect(suspectedDuplicates([received('e1', 0, { shipment: 's' }), received('e2', 0, { shipment: 's' })])).toEqual(
      [],
    );
    const confirms = ['delivery:s'];
    expect(suspectedDuplicates([received('e1', 0, { confirms }), received('e2', 0, { confirms })])).toEqual([]);
  });

  it.each(['order:O-1', 'urn:epcglobal:cbv:bt:9521321000018:O-1'])(
    'are also those that share a document of many acts, %s',
    (document) => {
      const confirms = [document];
      expect(suspectedDuplicates([received('e1', 0, { confirms }), received('e2', 0, { confirms })])).toHaveLength(1);
    },
  );
});

describe('dates', () => {
  it('in force are those stated last in ledger order', () => {
    const stated = (id: string, n: number, expiry: string): Happening =>
      happening(id, 'dates', minute(n), [lot('L')], { dates: { L: { expiry } } });
    expect(datesOf('L', [stated('e2', 2, '2024-03-01'), stated('e1', 1, '2024-02-01')]).expiry?.day).toBe('2024-03-01');
  });

  it('contradict where production is after making or use, or before that of an input: once per lot', () => {
    const run = happening('e1', 'transform', at('2024-01-05T23:30:00+02:00'), [lot('I', '1 KGM')], {
      outputs: [lot('L', '1 KGM')],
      transformation: 't',
      dates: { L: { production: '2024-01-05' } },
    });
    expect(datesContradict('L', [run])).toBeUndefined();
    expect(datesContradict('L', [run], new Map([['I', '2024-01-06']]))?.events).toEqual(['e1']);
    const early = { ...run, dates: { L: { production: '2024-01-06' } } };
    const used = happening('e2', 'consume', at('2024-01-05T23:50:00+02:00'), [lot('L', '1 KGM')]);
    const both = datesContradict('L', [used, early]);
    expect(both?.events).toEqual(['e1', 'e2']);
    expect(both?.explanation).toBe('Produced on 2024-01-06 as stated, but made on 2024-01-05 and used on 2024-01-05.');
  });

  it('contradict also where another event of the transformation names the input, or a unit takes the lot', () => {
    const output = happening('e1', 'transform', at('2024-01-05T08:00:00Z'), [], {
      outputs: [lot('L', '1 KGM')],
      transformation: 't',
      dates: { L: { production: '2024-01-05' } },
    });
    expect(datesContradict('L', [output], new Map([['I', '2024-01-06']]))?.explanation).toBe(
      'Produced on 2024-01-05 as stated, but made of I, which was produced on 2024-01-06.',
    );
    const record = [
      happening('e1', 'make', at('2024-01-05T08:00:00Z'), [lot('L', '1 KGM')], { bizLocation: 'A' }),
      happening('e2', 'pack', at('2024-01-05T09:00:00Z'), [lot('L', '1 KGM')], { bizLocation: 'A', parent: 'U' }),
      happening('e3', 'ship', at('2024-01-06T08:00:00Z'), [unit('U')], { bizLocation: 'A' }),
      happening('e4', 'dates', at('2024-01-07T08:00:00Z'), [lot('L')], { dates: { L: { production: '2024-01-07' } } }),
    ];
    const found = foldLot('L', record, master).discrepancies.find((d) => d.kind === 'dates-contradict');
    expect(found?.events).toEqual(['e4', 'e1', 'e3']);
  });
});

describe('expiry by the rule of the item', () => {
  const ruled: MasterData = {
    ...master,
    item: (id) => ({ id, shelfLife: { rule: 'fixed', days: 2 } }),
  };
  const of = (id: string, quantity: string) => ({ ...lot(id, quantity), item: 'I' });
  const kinds = (...record: Happening[]): string[] => foldLot('L', record, ruled).discrepancies.map((d) => d.kind);
  const make = happening('e1', 'make', at('2024-01-01T08:00:00Z'), [of('L', '9 KGM')], { bizLocation: 'A' });
  const use = (day: string): Happening =>
    happening(`use ${day}`, 'consume', at(`${day}T08:00:00Z`), [of('L', '1 KGM')], { bizLocation: 'A' });

  it('counts from the making, or from the production date stated; a stated expiry stands before it', () => {
    expect(kinds(make, use('2024-01-03'))).toEqual([]);
    expect(kinds(make, use('2024-01-04'))).toEqual(['used-after-expiry']);
    const stated = (dates: object): Happening =>
      happening('e2', 'dates', at('2024-01-02T08:00:00Z'), [of('L', '9 KGM')], { dates: { L: dates } });
    expect(kinds(make, stated({ production: '2023-12-31' }), use('2024-01-03'))).toEqual(['used-after-expiry']);
    expect(kinds(make, stated({ expiry: '2024-02-01' }), use('2024-01-04'))).toEqual([]);
  });
});

describe('what is read with the time or the book at hand', () => {
  const record = [
    happening('e1', 'make', minute(1), [lot('L', '10 KGM')], { bizLocation: 'A' }),
    happening('e2', 'pack', minute(2), [lot('L', '8 KGM')], { bizLocation: 'A', parent: 'U' }),
    happening('e3', 'ship', minute(3), [unit('U')], {
      bizLocation: 'A',
      destination: { location: 'B' },
      due: '2024-01-03',
    }),
  ];
  const ledger = foldLot('L', record, master);

  it('is not received after the due day, at a place of ours', () => {
    const ours = (place: string): boolean => place === 'B';
    expect(notReceived('L', ledger.shipments, '2024-01-03T20:00:00', ours)).toEqual([]);
    expect(amounts(notReceived('L', ledger.shipments, '2024-01-04T00:00:00', ours))).toEqual(['not-received L 8']);
    expect(notReceived('L', ledger.shipments, '2024-01-04T00:00:00', () => false)).toEqual([]);
    const arrived = [...record, happening('e4', 'receive', minute(9), [unit('U')], { bizLocation: 'B' })];
    expect(notReceived('L', foldLot('L', arrived, master).shipments, '2024-01-04T00:00:00', ours)).toEqual([]);
  });

  it('is promised beyond what is on hand', () => {
    const promise = (value: string): { id: string; amount: { value: string; unit: string } }[] => [
      { id: 'allocation:1', amount: { value, unit: 'KGM' } },
    ];
    expect(brokenCommitments(ledger, promise('2'), 'now')).toEqual([]);
    expect(amounts(brokenCommitments(ledger, promise('3'), 'now'))).toEqual(['commitment-broken L 1']);
  });
});

describe('a discrepancy', () => {
  it('keeps its key while the amount changes, and is gone when a later fact explains it', () => {
    const use = happening('e1', 'consume', minute(5), [lot('L', '10 KGM')], { bizLocation: 'A' });
    const make = (quantity: string): Happening =>
      happening('e0', 'make', minute(1), [lot('L', quantity)], { bizLocation: 'A' });
    const [all] = foldLot('L', [use], master).discrepancies;
    const [some] = foldLot('L', [use, make('4 KGM')], master).discrepancies;
    expect([all?.kind, all?.amount?.value, some?.amount?.value]).toEqual(['over-used', '10', '6']);
    expect(some?.key).toBe(all?.key);
    expect(foldLot('L', [use, make('10 KGM')], master).discrepancies).toEqual([]);
  });
});
