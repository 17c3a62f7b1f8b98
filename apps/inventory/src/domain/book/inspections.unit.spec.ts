import { describe, expect, it } from '@jest/globals';
import {
  BookCarriedForward,
  compileValidator,
  decided,
  InspectionPlanDefined,
  InspectionPlanWithdrawn,
  LotReceived,
  LotRejected,
  LotReleased,
} from '#contracts';
import { LotlineError, measure } from '#kernel';
import { given } from '#testkit';
import fc from 'fast-check';
import { planDecider, type Characteristic, type Plans } from '../inspection/plan.js';
import { knownLot, knownStock } from '../known-stock.fixture.js';
import type { Book, BookEvent } from './book.js';
import { emptyBook, qualityOf } from './book.js';
import { carryForward } from './carry-forward.js';
import type { BookCommand, CommandOf } from './command.js';
import { bookDecider } from './decide.js';
import { foldBook } from './evolve.js';
import { inspectionsOf, itemOfLot } from './inspections.js';

const ITEM = 'https://id.gs1.org/01/09506000134352';
const A = `${ITEM}/10/A`;
const PLANT = 'https://id.gs1.org/414/9506000100016';
const SUPPLIER = 'https://id.gs1.org/417/9506000200020';
const NOW = '2026-04-20T10:00:00Z';
const known = knownStock('0000000000000010', knownLot(A, { [PLANT]: '100 KGM' }));

const PH: Characteristic = { characteristic: 'pH', lower: '6.5', upper: '6.8', sampleSize: 2 };
const SMELL: Characteristic = { characteristic: 'smell', expected: 'none', sampleSize: 1 };
const plansOf = (quarantine: boolean, ...versions: Characteristic[][]): Plans =>
  versions
    .map((characteristics, i) =>
      decided(InspectionPlanDefined, NOW, { item: ITEM, version: i + 1, quarantine, characteristics }),
    )
    .reduce(planDecider.evolve, planDecider.initialState());
const plans = plansOf(true, [PH, SMELL]);
const circumstances = { known, now: NOW, plans };

const receipt = {
  ...{ receipt: 'GR-1', lot: A, item: ITEM, amount: { value: '100', unit: 'KGM' }, place: PLANT },
  ...{ supplier: SUPPLIER, quarantine: false },
};
const received = decided(LotReceived, NOW, { ...receipt, quarantine: true });

const results = (
  list: CommandOf<'record-results'>['results'],
  more: Partial<CommandOf<'record-results'>> = {},
): CommandOf<'record-results'> => ({
  type: 'record-results',
  lot: A,
  inspection: 'I-1',
  results: list,
  ...circumstances,
  ...more,
});
const good = results([
  { characteristic: 'pH', values: ['6.6', '6.7'] },
  { characteristic: 'smell', values: ['None'] },
]);
const decide = (
  decision: CommandOf<'decide-usage'>['decision'],
  more: Partial<CommandOf<'decide-usage'>> = {},
): CommandOf<'decide-usage'> => ({
  type: 'decide-usage',
  lot: A,
  inspection: 'I-1',
  decision,
  by: 'lead',
  ...circumstances,
  ...more,
});

/** The history that these commands make. */
const told = (...commands: BookCommand[]): BookEvent[] => {
  const events: BookEvent[] = [received];
  for (const command of commands) events.push(...bookDecider.decide(command, foldBook(emptyBook(), events)));
  return events;
};
const after = (...commands: BookCommand[]) => given<Book, BookCommand, BookEvent>(bookDecider, ...told(...commands));
const bookAfter = (...commands: BookCommand[]): Book => foldBook(emptyBook(), told(...commands));

describe('a receipt of an item with a plan', () => {
  it('stays in quarantine until an inspection is decided on; told again it is the same receipt', () => {
    given<Book, BookCommand, BookEvent>(bookDecider)
      .when({ type: 'receive', receipt, ...circumstances })
      .then(received);
    const withdrawn = planDecider.evolve(plans, decided(InspectionPlanWithdrawn, NOW, { item: ITEM, reason: 'x' }));
    after()
      .when({ type: 'receive', receipt, ...circumstances, plans: withdrawn })
      .thenNothing();
    after().when({ type: 'receive', receipt, known, now: NOW }).thenRefused('receipt-exists');
    given<Book, BookCommand, BookEvent>(bookDecider)
      .when({ type: 'receive', receipt, ...circumstances, plans: plansOf(false, [PH]) })
      .then(decided(LotReceived, NOW, receipt));
    // More of a lot that was accepted has not to wait.
    const more = { ...receipt, receipt: 'GR-2' };
    after(good, decide('accept'))
      .when({ type: 'receive', receipt: more, ...circumstances })
      .then(decided(LotReceived, NOW, more));
  });

  it('is released by a decision, not by a plain release', () => {
    const error = after(good)
      .when({ type: 'release', lot: A, ...circumstances })
      .thenRefused('inspection-required');
    expect(error.problems[0]?.found).toEqual([{ inspection: 'I-1', decision: null }]);
    after(good, decide('accept'))
      .when({ type: 'release', lot: A, ...circumstances })
      .thenNothing();
    after(good)
      .when({ type: 'release', lot: A, known, now: NOW })
      .then(decided(LotReleased, NOW, { lot: A }));
  });

  it('is not released by a plain release while an inspection that has begun is not decided on, its plan withdrawn or not', () => {
    const withdrawn = planDecider.evolve(plans, decided(InspectionPlanWithdrawn, NOW, { item: ITEM, reason: 'x' }));
    const release = { type: 'release', lot: A, ...circumstances, plans: withdrawn } as const;
    const failed = results([{ characteristic: 'pH', values: ['7'] }]);
    const error = after(failed).when(release).thenRefused('inspection-required');
    expect(error.problems[0]?.found).toEqual([{ inspection: 'I-1', decision: null }]);
    // Goods that came with them wait with them.
    const more = { ...receipt, receipt: 'GR-2' };
    after(failed)
      .when({ type: 'receive', receipt: more, ...circumstances, plans: withdrawn })
      .then(decided(LotReceived, NOW, { ...more, quarantine: true }));
    // Nobody has begun, or the decision was made.
    after()
      .when(release)
      .then(decided(LotReleased, NOW, { lot: A }));
    after(failed, decide('reject', { reason: 'x' }))
      .when(release)
      .then(decided(LotReleased, NOW, { lot: A }));
    const free = plansOf(false, [PH]);
    after({ ...failed, plans: free })
      .when({ ...release, plans: free })
      .then(decided(LotReleased, NOW, { lot: A }));
  });

  it('is inspected by the plans of the first item that a receipt states of it', () => {
    const own = 'urn:example:lot:1';
    const of = (n: number, item?: string): BookEvent => {
      const { item: _item, ...rest } = receipt;
      return decided(LotReceived, NOW, {
        ...{ ...rest, receipt: `GR-${n}`, lot: own },
        ...(item !== undefined && { item }),
      });
    };
    const book = foldBook(emptyBook(), [of(1), of(2, ITEM), of(3, 'urn:example:item:2')]);
    expect(itemOfLot(book, own)).toBe(ITEM);
    expect(itemOfLot(book, own, 'urn:example:item:3')).toBe('urn:example:item:3');
    expect(itemOfLot(foldBook(emptyBook(), [of(1)]), own)).toBeUndefined();
  });
});

describe('results against a plan', () => {
  it('pass or fail by the limits; what was told before is not told again, what is told anew takes its place', () => {
    expect(
      after()
        .when(good)
        .events()
        .map(({ data }) => data),
    ).toMatchObject([
      { characteristic: 'pH', result: 'pass', values: ['6.6', '6.7'], plan: { item: ITEM, version: 1 } },
      { characteristic: 'smell', result: 'pass', values: ['None'], measured: 'None' },
    ]);
    after(good).when(good).thenNothing();
    const worse = after(good).when(results([{ characteristic: 'pH', values: ['6.6', '6.9'] }]));
    expect([...inspectionsOf(worse.state(), A).get('I-1')!.findings].map(([c, f]) => [c, f.result])).toEqual([
      ['pH', 'fail'],
      ['smell', 'pass'],
    ]);
  });

  it('are refused with every reason', () => {
    after()
      .when(
        results([
          { characteristic: 'pH', values: ['6,7'], unit: 'CEL' },
          { characteristic: 'fat', values: ['3'] },
          { characteristic: 'pH', values: ['6.7'] },
        ]),
      )
      .thenRefused('not-a-number', 'unit-mismatch', 'characteristic-not-planned', 'characteristic-listed-twice');
    after()
      .when({ ...good, plans: new Map() })
      .thenRefused('plan-missing');
    given<Book, BookCommand, BookEvent>(bookDecider)
      .when({ ...good, lot: `${ITEM}/10/none` })
      .thenRefused('lot-unknown');
    after(good, decide('accept'))
      .when(results([{ characteristic: 'pH', values: ['9'] }]))
      .thenRefused('inspection-decided');
  });

  it('keep the version of the plan they began with', () => {
    const changed = plansOf(
      true,
      [PH, SMELL],
      [
        { ...PH, upper: '6' },
        { ...SMELL, characteristic: 'taste' },
      ],
    );
    after(results([{ characteristic: 'pH', values: ['6.6', '6.7'] }]))
      .when(decide('accept', { plans: changed }))
      .thenRefused('result-missing');
    const [smell] = after(results([{ characteristic: 'pH', values: ['6.6'] }]))
      .when(results([{ characteristic: 'smell', values: ['none'] }], { plans: changed }))
      .events();
    expect(smell?.data).toMatchObject({ result: 'pass', plan: { version: 1 } });
    expect(
      after()
        .when(results([{ characteristic: 'taste', values: ['none'] }], { plans: changed }))
        .events(),
    ).toHaveLength(1);
  });
});

describe('the decision on an inspection', () => {
  it('releases or rejects the lot, once', () => {
    expect(
      after(good)
        .when(decide('accept'))
        .events()
        .map((e) => e.type),
    ).toEqual(['UsageDecided', 'LotReleased']);
    after(good, decide('accept')).when(decide('accept')).thenNothing();
    expect(
      after(good)
        .when(decide('reject', { reason: 'mouldy' }))
        .events()
        .at(-1),
    ).toEqual(decided(LotRejected, NOW, { lot: A, reason: 'inspection I-1: reject, mouldy' }));
    const rework = after(good)
      .when(decide('rework', { reason: 'too thin' }))
      .state();
    expect([...rework.lots.get(A)!.holds.values()]).toEqual([
      { holdId: 'rework:I-1', reason: 'inspection I-1: rework, too thin', owner: 'quality' },
    ]);
    // Already rejected: the decision is recorded, the lot is what it was.
    const scrap = after(good, { type: 'reject', lot: A, reason: 'x', ...circumstances }).when(
      decide('scrap', { reason: 'y' }),
    );
    expect(scrap.events().map((e) => e.type)).toEqual(['UsageDecided']);
  });

  it('sets the next retest date of goods that are accepted', () => {
    const accepted = after(good).when(decide('accept', { retest: '2026-10-20' }));
    expect(accepted.events().at(-1)).toMatchObject({
      type: 'LotDatesChanged',
      data: { lot: A, dates: { retest: '2026-10-20' }, reason: 'inspection I-1: accept' },
    });
    expect(accepted.events().at(-1)?.data).not.toHaveProperty('before');
    const dates = { production: '2026-04-01', retest: '2026-05-01' };
    const dated = knownStock(known.position, knownLot(A, { [PLANT]: '100 KGM' }, { dates }));
    const withRetest = (retest: string) =>
      after(good)
        .when(decide('accept', { retest, known: dated }))
        .events();
    expect(withRetest('2026-10-20').at(-1)?.data).toMatchObject({
      dates: { retest: '2026-10-20' },
      before: { retest: '2026-05-01' },
    });
    expect(withRetest('2026-05-01').map(({ type }) => type)).toEqual(['UsageDecided', 'LotReleased']);
    after(good)
      .when(decide('accept', { retest: '2026-04-20' }))
      .thenRefused('retest-not-later');
    after(good)
      .when(decide('reject', { reason: 'x', retest: '2026-10-20' }))
      .thenRefused('retest-not-accepted');
  });

  it('is refused with every reason', () => {
    after().when(decide('accept')).thenRefused('inspection-unknown');
    after(results([{ characteristic: 'pH', values: ['7'] }]))
      .when(decide('accept-restricted', { retest: '2020-01-01' }))
      .thenRefused(
        'sample-incomplete',
        'result-missing',
        'failed-without-justification',
        'restriction-missing',
        'retest-not-later',
      );
    after(good).when(decide('reject')).thenRefused('reason-missing');
    const twice = after(good, decide('accept')).when(decide('reject', { by: 'other' }));
    expect(twice.thenRefused('decided-otherwise', 'reason-missing').problems[0]).toMatchObject({
      message: 'inspection I-1 was decided on by lead',
      found: 'accept',
    });
  });

  it('accepts what failed where somebody says why', () => {
    const failed = results([
      { characteristic: 'pH', values: ['6.6', '6.9'] },
      { characteristic: 'smell', values: ['none'] },
    ]);
    after(failed).when(decide('accept')).thenRefused('failed-without-justification');
    const accepted = after(failed).when(
      decide('accept-restricted', { reason: 'within the limit of the customer', restriction: 'for cheese only' }),
    );
    expect(qualityOf(accepted.state(), A)).toBe('released');
  });
});

describe('a lot past its retest date', () => {
  it('is refused like one that expired, from the day after on', () => {
    const due = knownStock('0', knownLot(A, { [PLANT]: '10 KGM' }, { dates: { retest: '2026-04-19' } }));
    const issue = (day: string): BookCommand => ({
      ...{ type: 'issue', reference: 'run:1', attempt: 1, allocations: [], known: due, now: NOW, day },
      lines: [{ index: 0, lot: A, place: PLANT, ...measure('1', 'KGM') }],
    });
    const book = given<Book, BookCommand, BookEvent>(bookDecider);
    expect(book.when(issue('2026-04-20')).thenRefused('lot-retest-due').problems[0]).toMatchObject({
      found: '2026-04-19',
      expected: '2026-04-20 or later',
    });
    expect(book.when(issue('2026-04-19')).events()).toHaveLength(1);
  });
});

const isValid = compileValidator(BookCarriedForward.data);
const step: fc.Arbitrary<BookCommand> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('I-1', 'I-2'),
      fc.array(
        fc.tuple(
          fc.constantFrom('pH', 'smell', 'fat'),
          fc.array(fc.constantFrom('6.6', '7', 'none'), { minLength: 1, maxLength: 2 }),
        ),
        { minLength: 1, maxLength: 2 },
      ),
    )
    .map(([inspection, list]) =>
      results(
        list.map(([characteristic, values]) => ({ characteristic, values })),
        { inspection },
      ),
    ),
  fc
    .tuple(
      fc.constantFrom('I-1', 'I-2'),
      fc.constantFrom<CommandOf<'decide-usage'>['decision'][]>('accept', 'accept-restricted', 'rework', 'reject'),
      fc.boolean(),
    )
    .map(([inspection, decision, why]) =>
      decide(decision, { inspection, ...(why && { reason: 'because', restriction: 'for cheese only' }) }),
    ),
  fc.constant<BookCommand>({ type: 'release', lot: A, ...circumstances }),
);

describe('whatever is inspected and decided in whatever order', () => {
  it('goods in quarantine are released only by an acceptance of all that the plan wants, carried forward or not', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (commands) => {
        let [book, carried] = [bookAfter(), bookAfter()];
        // The model: findings by inspection, as they were told last.
        const found = new Map<string, Map<string, string[]>>();
        for (const command of commands) {
          const attempt = (of: Book): BookEvent[] | string => {
            try {
              return bookDecider.decide(command, of);
            } catch (error) {
              if (!(error instanceof LotlineError)) throw error;
              return JSON.stringify(error.problems);
            }
          };
          const before = qualityOf(book, A);
          const events = attempt(book);
          expect(attempt(carried)).toEqual(events);
          if (typeof events === 'string') continue;
          book = foldBook(book, events);
          const forward = JSON.parse(JSON.stringify(carryForward(foldBook(carried, events), NOW))) as BookEvent;
          expect(isValid(forward.data)).toEqual([]);
          carried = foldBook(emptyBook(), [forward]);
          expect(carried.inspected).toEqual(book.inspected);
          expect(attempt(book)).toEqual([]);
          if (command.type === 'record-results') {
            const of = found.get(command.inspection) ?? new Map<string, string[]>();
            for (const { characteristic, values } of command.results) of.set(characteristic, [...values]);
            found.set(command.inspection, of);
          }
          if (before === 'released' || qualityOf(book, A) !== 'released') continue;
          // Only a decision releases it, and only one that had all the plan asks for, or says why not.
          expect(command.type).toBe('decide-usage');
          if (command.type !== 'decide-usage') continue;
          const of = found.get(command.inspection);
          expect([of?.get('pH')?.length, of?.has('smell')]).toEqual([2, true]);
          const isGood = of?.get('pH')?.every((v) => v === '6.6') && of.get('smell')?.every((v) => v === 'none');
          expect(isGood === true || command.reason !== undefined).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
