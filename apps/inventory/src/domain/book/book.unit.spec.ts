import { describe, expect, it } from '@jest/globals';
import {
  decided,
  HoldLifted,
  InspectionRecorded,
  IssueUndone,
  LotDatesChanged,
  LotHeld,
  LotReceived,
  LotRejected,
  StockAllocated,
  StockIssued,
  StockMoved,
} from '#contracts';
import { decimal, measure } from '#kernel';
import { given } from '#testkit';
import { knownLot, knownStock } from '../known-stock.fixture.js';
import type { BookEvent } from './book.js';
import type { BookCommand } from './command.js';
import { bookDecider } from './decide.js';

const ITEM = 'https://id.gs1.org/01/09506000134352';
const A = `${ITEM}/10/A`;
const B = `${ITEM}/10/B`;
const PLANT = 'https://id.gs1.org/414/9506000100016';
const SHOP = 'https://id.gs1.org/414/9506000100023';
const NOW = '2026-04-20T10:00:00Z';
const AT = '0000000000000010';

const at = (position: string, event: BookEvent): BookEvent => ({ ...event, position });
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });
const line = (lot: string, value: string, index = 0, place = PLANT): BookLine => ({
  index,
  lot,
  place,
  ...measure(value, 'KGM'),
});
type BookLine = Extract<BookCommand, { type: 'issue' }>['lines'][number];

const known = knownStock(
  AT,
  knownLot(A, { [PLANT]: '100 KGM' }, { dates: { expiry: '2026-05-01' } }),
  knownLot(B, { [PLANT]: '50 KGM' }, { dates: { expiry: '2026-04-25' } }),
);

const issueOf = (lines: BookLine[], more: Partial<Extract<BookCommand, { type: 'issue' }>> = {}): BookCommand => ({
  type: 'issue',
  reference: 'shipment:S-1',
  attempt: 1,
  lines,
  allocations: [],
  day: '2026-04-20',
  known,
  now: NOW,
  ...more,
});
const issued = (
  value: string,
  more: { reference?: string; attempt?: number; allocations?: string[]; lot?: string } = {},
): BookEvent =>
  decided(StockIssued, NOW, {
    reference: more.reference ?? 'shipment:S-1',
    attempt: more.attempt ?? 1,
    lines: [{ lot: more.lot ?? A, place: PLANT, amount: kg(value) }],
    ...(more.allocations && { allocations: more.allocations }),
    knownAt: AT,
  });
const held = (holdId: string, owner = 'quality', lot = A): BookEvent =>
  decided(LotHeld, NOW, { lot, holdId, reason: 'suspect', owner });
const allocated = (allocation: string, value: string, forWhom = 'order:1', lot = A): BookEvent =>
  decided(StockAllocated, NOW, {
    allocation,
    for: forWhom,
    lines: [{ lot, place: PLANT, amount: kg(value) }],
    neededOn: '2026-04-20',
    knownAt: AT,
  });

describe('issue', () => {
  it('takes what is there and says what it knew', () =>
    given(bookDecider)
      .when(issueOf([line(A, '100')]))
      .then(issued('100')));

  it('gives every reason over all lines', () => {
    const error = given(
      bookDecider,
      held('H-1'),
      held('recall:R-1', 'recall:R-1'),
      decided(LotRejected, NOW, { lot: B, reason: 'listeria' }),
    )
      .when(issueOf([line(A, '101'), line(B, '10', 1), line(`${ITEM}/10/C`, '1', 2)], { day: '2026-04-28' }))
      .thenRefused('lot-held', 'lot-recalled', 'insufficient-stock', 'lot-rejected', 'lot-expired', 'lot-unknown');
    expect(error.problems.map((p) => [p.index, p.code])).toEqual([
      [0, 'lot-held'],
      [0, 'lot-recalled'],
      [1, 'lot-rejected'],
      [1, 'lot-expired'],
      [2, 'lot-unknown'],
      [0, 'insufficient-stock'],
    ]);
  });

  it('is good on the use-by day itself', () =>
    given(bookDecider)
      .when(issueOf([line(A, '1')], { day: '2026-05-01' }))
      .then(issued('1')));

  it('adds up lines of the same stock', () => {
    given(bookDecider)
      .when(issueOf([line(A, '60'), line(A, '41', 1)]))
      .thenRefused('insufficient-stock');
  });

  it('does not give out twice what another act took', () => {
    const error = given(bookDecider, issued('70', { reference: 'shipment:S-0' }))
      .when(issueOf([line(A, '31')]))
      .thenRefused('insufficient-stock');
    expect(error.problems[0]?.found).toEqual({ value: '30', unit: 'KGM' });
  });

  it('counts an act once: what known stock shows already is not subtracted again', () => {
    const later = knownStock('0000000000000011', knownLot(A, { [PLANT]: '30 KGM' }, { acts: ['shipment:S-0'] }));
    given(bookDecider, issued('70', { reference: 'shipment:S-0' }))
      .when(issueOf([line(A, '30')], { known: later }))
      .then({ ...issued('30'), data: { ...issued('30').data, knownAt: '0000000000000011' } } as BookEvent);
  });

  it('does not ask again for what the record already saw leave', () => {
    const gone = knownStock(AT, knownLot(A, { [SHOP]: '100 KGM' }, { acts: ['shipment:S-1'] }));
    given(bookDecider)
      .when(issueOf([line(A, '100')], { known: gone }))
      .then(issued('100'));
  });

  it('says where the lot is when it is elsewhere', () => {
    const error = given(bookDecider)
      .when(issueOf([line(A, '5', 0, SHOP)]))
      .thenRefused('wrong-place');
    expect(error.problems[0]?.found).toEqual([{ place: PLANT, amount: kg('100') }]);
  });

  it('is done once per reference', () =>
    given(bookDecider, issued('10'))
      .when(issueOf([line(A, '10')]))
      .thenNothing());

  it('is in conflict with an issue of other amounts', () => {
    given(bookDecider, issued('10'))
      .when(issueOf([line(A, '11')]))
      .thenRefused('issue-exists');
  });

  it('replaces an earlier attempt in one decision', () =>
    given(bookDecider, issued('100'))
      .when(issueOf([line(A, '100')], { attempt: 2 }))
      .then(
        decided(IssueUndone, NOW, { reference: 'shipment:S-1', attempt: 1, reason: 'superseded by a later attempt' }),
        issued('100', { attempt: 2 }),
      ));

  it('comes too late after a later attempt', () => {
    given(bookDecider, issued('10', { attempt: 2 }))
      .when(issueOf([line(A, '10')]))
      .thenRefused('issue-superseded');
  });

  it('draws on the allocation made for it, which nobody else gets', () => {
    given(bookDecider, allocated('A-1', '80', 'shipment:S-1'))
      .when(issueOf([line(A, '90')]))
      .then(issued('90', { allocations: ['A-1'] }));
    given(bookDecider, allocated('A-1', '80'))
      .when(issueOf([line(A, '21')]))
      .thenRefused('insufficient-stock');
  });

  it('leaves the rest of an allocation promised', () => {
    const history = [allocated('A-1', '80', 'shipment:S-1'), issued('30', { allocations: ['A-1'] })];
    given(bookDecider, ...history)
      .when(issueOf([line(A, '21')], { reference: 'shipment:S-2' }))
      .thenRefused('insufficient-stock');
    given(bookDecider, ...history)
      .when(issueOf([line(A, '20')], { reference: 'shipment:S-2' }))
      .then(issued('20', { reference: 'shipment:S-2' }));
  });
});

describe('undo', () => {
  const undo = (attempt?: number): BookCommand => ({
    type: 'undo-issue',
    reference: 'shipment:S-1',
    attempt,
    reason: 'not dispatched',
    known,
    now: NOW,
  });

  it('gives the stock and the allocation back', () => {
    const state = given(bookDecider, allocated('A-1', '80', 'shipment:S-1'), issued('90', { allocations: ['A-1'] }))
      .when(undo(1))
      .state();
    expect(() => bookDecider.decide(issueOf([line(A, '21')], { reference: 'shipment:S-2' }), state)).toThrow();
    expect(bookDecider.decide(issueOf([line(A, '20')], { reference: 'shipment:S-2' }), state)).toHaveLength(1);
  });

  it('of an earlier attempt leaves the later one', () =>
    given(bookDecider, issued('9', { attempt: 2 }))
      .when(undo(1))
      .thenNothing());
  it('is done once', () =>
    given(bookDecider, issued('9'), decided(IssueUndone, NOW, { reference: 'shipment:S-1', attempt: 1, reason: 'x' }))
      .when(undo())
      .thenNothing());
});

describe('hold', () => {
  const hold = (lots: string[], owner = 'quality'): BookCommand => ({
    type: 'hold',
    lots,
    holdId: 'H-1',
    reason: 'suspect',
    owner,
    known,
    now: NOW,
  });
  const lift = (owner?: string, holdId = 'H-1'): BookCommand => ({
    type: 'lift',
    lots: [A],
    holdId,
    reason: 'cleared',
    owner,
    known,
    now: NOW,
  });

  it('holds each lot once', () =>
    given(bookDecider, held('H-1'))
      .when(hold([A, B, B]))
      .then(held('H-1', 'quality', B)));
  it('is in conflict with somebody else’s of the same id', () => {
    given(bookDecider, held('H-1'))
      .when(hold([A], 'customs'))
      .thenRefused('hold-exists');
  });
  it('stands until every hold is lifted', () => {
    const lifted = decided(HoldLifted, NOW, { lot: A, holdId: 'H-1', reason: 'cleared' });
    given(bookDecider, held('H-1'), held('H-2')).when(lift()).then(lifted);
    given(bookDecider, held('H-1'), held('H-2'), lifted)
      .when(issueOf([line(A, '1')]))
      .thenRefused('lot-held');
  });
  it('of a recall is lifted by that recall only', () => {
    const recall = held('recall:R-1', 'recall:R-1');
    given(bookDecider, recall).when(lift(undefined, 'recall:R-1')).thenRefused('hold-not-yours');
    given(bookDecider, recall).when(lift('recall:R-2', 'recall:R-1')).thenRefused('hold-not-yours');
    given(bookDecider, recall)
      .when(lift('recall:R-1', 'recall:R-1'))
      .then(decided(HoldLifted, NOW, { lot: A, holdId: 'recall:R-1', reason: 'cleared' }));
  });
  it('lifted before changes nothing', () => given(bookDecider).when(lift()).thenNothing());
  it('collides with nothing that was issued before', () =>
    given(bookDecider, issued('10'))
      .when(hold([A]))
      .then(held('H-1')));
});

describe('quality', () => {
  const receipt = { receipt: 'GR-1', lot: A, amount: kg('5'), place: PLANT, quarantine: true };

  it('receives into quarantine, from which only a release takes it', () => {
    const received = decided(LotReceived, NOW, receipt);
    given(bookDecider).when({ type: 'receive', receipt, known, now: NOW }).then(received);
    given(bookDecider, received).when({ type: 'receive', receipt, known, now: NOW }).thenNothing();
    given(bookDecider, received)
      .when({ type: 'receive', receipt: { ...receipt, quarantine: false }, known, now: NOW })
      .thenRefused('receipt-exists');
    given(bookDecider, received)
      .when(issueOf([line(A, '1')]))
      .thenRefused('lot-quarantined');
    const released = given(bookDecider, received).when({ type: 'release', lot: A, known, now: NOW }).events();
    given(bookDecider, received, ...released)
      .when(issueOf([line(A, '1')]))
      .then(issued('1'));
  });

  it('rejects once', () => {
    const rejected = decided(LotRejected, NOW, { lot: A, reason: 'listeria' });
    const reject: BookCommand = { type: 'reject', lot: A, reason: 'listeria', known, now: NOW };
    given(bookDecider).when(reject).then(rejected);
    given(bookDecider, rejected).when(reject).thenNothing();
    given(bookDecider)
      .when({ ...reject, lot: `${ITEM}/10/NEVER` })
      .thenRefused('lot-unknown');
  });

  it('changes dates once, and keeps what held before of those that it changes', () => {
    const change = (dates: object): BookCommand => ({
      ...{ type: 'change-dates', lot: A, dates, reason: 'retested', known: dated, now: NOW },
    });
    const dated = {
      ...known,
      lots: new Map([[A, { ...known.lots.get(A)!, dates: { expiry: '2026-05-01', production: '2026-03-01' } }]]),
    };
    given(bookDecider)
      .when(change({ expiry: '2026-06-01', retest: '2026-05-15' }))
      .then(
        decided(LotDatesChanged, NOW, {
          ...{ lot: A, dates: { expiry: '2026-06-01', retest: '2026-05-15' }, reason: 'retested' },
          before: { expiry: '2026-05-01' },
        }),
      );
    given(bookDecider)
      .when(change({ retest: '2026-05-15' }))
      .then(decided(LotDatesChanged, NOW, { lot: A, dates: { retest: '2026-05-15' }, reason: 'retested' }));
    given(bookDecider)
      .when(change({ expiry: '2026-05-01' }))
      .thenNothing();
  });

  it('believes a date changed after known stock was taken, and the facts afterwards', () => {
    const changed = decided(LotDatesChanged, NOW, { lot: A, dates: { expiry: '2026-04-01' }, reason: 'label' });
    given(bookDecider, at('0000000000000011', changed))
      .when(issueOf([line(A, '1')]))
      .thenRefused('lot-expired');
    given(bookDecider, at('0000000000000009', changed))
      .when(issueOf([line(A, '1')]))
      .then(issued('1'));
  });
});

describe('allocate', () => {
  type Fefo = Extract<BookCommand, { type: 'allocate-fefo' }>;
  const wants = (value: string, more: Partial<Fefo['wanted'][number]> = {}): Fefo['wanted'][number] => ({
    index: 0,
    item: ITEM,
    ...measure(value, 'KGM'),
    split: true,
    ...more,
  });
  const fefo = (value: string | Fefo['wanted'], more: Partial<Fefo> = {}): BookCommand => ({
    type: 'allocate-fefo',
    allocation: 'A-9',
    for: 'order:9',
    neededOn: '2026-04-20',
    wanted: typeof value === 'string' ? [wants(value)] : value,
    known,
    now: NOW,
    ...more,
  });
  const taken = (event: BookEvent | undefined): [lot: string, place: string, value: string][] =>
    event?.type === 'StockAllocated' ? event.data.lines.map((l) => [l.lot, l.place, l.amount.value]) : [];

  it('takes what expires first, and says how it chose', () => {
    const [event] = given(bookDecider).when(fefo('70')).events();
    expect(event?.data).toMatchObject({
      lines: [
        { lot: B, place: PLANT, amount: kg('50') },
        { lot: A, place: PLANT, amount: kg('20') },
      ],
      explained: [
        {
          lot: B,
          place: PLANT,
          why: 'use by 2026-04-25; 50 available',
          line: 0,
          outcome: 'taken',
          amount: kg('50'),
        },
        { lot: A, place: PLANT, why: 'use by 2026-05-01; 100 available', outcome: 'taken', amount: kg('20') },
      ],
      knownAt: AT,
    });
  });

  it('passes over what is expired on the day needed, held or promised', () => {
    const [event] = given(bookDecider, allocated('A-1', '40'))
      .when(fefo('60', { neededOn: '2026-04-26' }))
      .events();
    expect(event?.data).toMatchObject({
      lines: [{ lot: A, amount: kg('60') }],
      explained: [
        { lot: B, outcome: 'passed-over', code: 'lot-expired' },
        { lot: A, outcome: 'taken', amount: kg('60') },
      ],
    });
    given(bookDecider, held('H-1')).when(fefo('51')).thenRefused('insufficient-stock', 'lot-held');
  });

  it('says of a lot that others have all of', () => {
    const [event] = given(bookDecider, allocated('A-1', '50', 'order:1', B))
      .when(fefo('1'))
      .events();
    expect(event?.data).toMatchObject({
      explained: [
        { lot: B, outcome: 'passed-over', code: 'lot-promised', why: 'use by 2026-04-25; all of it is promised' },
        { lot: A, outcome: 'taken' },
      ],
    });
    const error = given(bookDecider, allocated('A-1', '50', 'order:1', B))
      .when(fefo('101'))
      .thenRefused('insufficient-stock', 'lot-promised');
    expect(error.problems).toMatchObject([
      { id: ITEM, index: 0, found: kg('100'), expected: '101 KGM', accepted: { amount: kg('100') } },
      { id: B, found: kg('50') },
    ]);
  });

  describe('with a minimum of remaining life', () => {
    // On 20 April B has 5 days left, A 11.
    it.each([
      [5, [B, A]],
      [6, [A]],
    ])('keeps %s days', (days, lots) => {
      const [event] = given(bookDecider)
        .when(fefo([wants('60', { minRemaining: { days } })]))
        .events();
      expect(taken(event).map(([lot]) => lot)).toEqual(lots);
    });

    it('says what would be accepted: how much on that day, and the last day for all of it', () => {
      const error = given(bookDecider)
        .when(fefo([wants('120', { minRemaining: { days: 7 } })], { neededOn: '2026-04-24' }))
        .thenRefused('insufficient-stock', 'life-too-short');
      expect(error.problems).toMatchObject([
        { found: kg('100'), accepted: { amount: kg('100') } },
        {
          id: B,
          found: { days: 1, until: '2026-04-25' },
          expected: '7 days or more',
          accepted: { neededOn: '2026-04-18' },
        },
      ]);
      // Today is the 20th: the 18th is no answer. With 3 days asked, the 22nd is one.
      expect(error.problems[0]?.accepted).not.toHaveProperty('neededOn');
      const later = given(bookDecider)
        .when(fefo([wants('120', { minRemaining: { days: 3 } })], { neededOn: '2026-04-24' }))
        .thenRefused('insufficient-stock', 'life-too-short');
      expect(later.problems[0]?.accepted).toEqual({ amount: kg('100'), neededOn: '2026-04-22' });
    });

    it('as a share of the whole life needs to know when the lot was made', () => {
      const dated = knownStock(
        AT,
        knownLot(A, { [PLANT]: '10 KGM' }, { dates: { production: '2026-04-11', bestBefore: '2026-05-11' } }),
        knownLot(B, { [PLANT]: '10 KGM' }, { dates: { expiry: '2026-05-11' } }),
        knownLot(`${ITEM}/10/C`, { [PLANT]: '10 KGM' }),
      );
      const share = (text: string, value = '10') =>
        given(bookDecider).when(fefo([wants(value, { minRemaining: { share: decimal(text) } })], { known: dated }));
      // 21 of 30 days are left.
      expect(taken(share('0.7').events()[0])).toEqual([[A, PLANT, '10']]);
      share('0.71').thenRefused('insufficient-stock', 'life-too-short', 'life-unknown', 'life-unknown');
      share('0.7', '11').thenRefused('insufficient-stock', 'life-unknown', 'life-unknown');
    });

    it('is kept by lots that are named, too', () => {
      const named = (days: number): BookCommand => ({
        type: 'allocate',
        allocation: 'A-9',
        for: 'order:9',
        neededOn: '2026-04-20',
        lines: [line(B, '1')],
        minRemaining: { days },
        known,
        now: NOW,
      });
      expect(given(bookDecider).when(named(5)).events()).toHaveLength(1);
      given(bookDecider).when(named(6)).thenRefused('life-too-short');
    });
  });

  describe('with whole lots only', () => {
    const whole = (value: string, ...history: BookEvent[]) =>
      given(bookDecider, ...history).when(fefo([wants(value, { split: false })]));

    it('takes a lot as a whole or not at all', () => {
      expect(taken(whole('150').events()[0])).toEqual([
        [B, PLANT, '50'],
        [A, PLANT, '100'],
      ]);
      const [event] = whole('100').events();
      expect(taken(event)).toEqual([[A, PLANT, '100']]);
      expect(event?.data).toMatchObject({
        explained: [{ lot: B, outcome: 'passed-over', code: 'lot-does-not-fit' }, { lot: A }],
      });
    });

    it('says which amounts whole lots make up', () => {
      const error = whole('120').thenRefused('insufficient-stock');
      expect(error.problems[0]).toMatchObject({
        found: kg('100'),
        accepted: { amount: kg('100'), wholeLotsAbove: kg('150') },
      });
    });

    it('leaves a lot alone of which part is promised', () => {
      whole('50', allocated('A-1', '1', 'order:1', B)).thenRefused('insufficient-stock', 'lot-promised');
    });
  });

  describe('of several lines', () => {
    const two = knownStock(
      AT,
      knownLot(A, { [PLANT]: '30 KGM', [SHOP]: '30 KGM' }, { dates: { expiry: '2026-05-01' } }),
      knownLot(B, { [PLANT]: '30 KGM' }, { dates: { expiry: '2026-04-25' } }),
    );
    const lines = (...more: Partial<Fefo['wanted'][number]>[]): BookCommand =>
      fefo(
        more.map((m, index) => wants('30', { index, ...m })),
        { known: two },
      );

    it('gives no stock to two of them, and none to one that only another can have', () => {
      // The second may have stock of the shop only; the first would take that too, were it to choose first.
      const [event] = given(bookDecider)
        .when(lines({ ...measure('60', 'KGM') }, { place: SHOP }))
        .events();
      expect(taken(event)).toEqual([
        [B, PLANT, '30'],
        [A, PLANT, '30'],
        [A, SHOP, '30'],
      ]);
    });

    it('takes from a preferred place first, what lacks from elsewhere', () => {
      const [event] = given(bookDecider)
        .when(lines({ ...measure('40', 'KGM'), preferredPlace: SHOP }))
        .events();
      expect(taken(event)).toEqual([
        [A, SHOP, '30'],
        [B, PLANT, '10'],
      ]);
    });

    it('is refused as a whole, with the reasons of each line', () => {
      const error = given(bookDecider)
        .when(lines({ ...measure('31', 'KGM'), place: SHOP }, {}, { ...measure('61', 'KGM') }))
        .thenRefused('insufficient-stock', 'insufficient-stock', 'lot-promised');
      expect(error.problems.map(({ index, code }) => [index, code])).toEqual([
        [0, 'insufficient-stock'],
        [2, 'insufficient-stock'],
        [2, 'lot-promised'],
      ]);
    });
  });

  it('covers the line together or not at all', () => {
    const error = given(bookDecider).when(fefo('151')).thenRefused('insufficient-stock');
    expect(error.problems[0]?.found).toEqual(kg('150'));
  });

  it('is done once per allocation', () => {
    const events = given(bookDecider).when(fefo('70')).events();
    given(bookDecider, ...events)
      .when(fefo('70'))
      .thenNothing();
    given(bookDecider, ...events)
      .when(fefo('71'))
      .thenRefused('allocation-exists');
  });

  it('gives back what is left of it', () => {
    const release: BookCommand = { type: 'release-allocation', allocation: 'A-1', known, now: NOW };
    const events = given(bookDecider, allocated('A-1', '100')).when(release).events();
    given(bookDecider, allocated('A-1', '100'), ...events)
      .when(issueOf([line(A, '100')]))
      .then(issued('100'));
    given(bookDecider, allocated('A-1', '100'), ...events)
      .when(release)
      .thenNothing();
    given(bookDecider).when(release).thenRefused('allocation-unknown');
  });
});

describe('corrections', () => {
  it('scraps held stock, but not what is promised', () => {
    const scrap: BookCommand = { type: 'scrap', scrap: 'W-1', take: line(A, '60'), reason: 'torn', known, now: NOW };
    given(bookDecider, allocated('A-1', '41')).when(scrap).thenRefused('insufficient-stock');
    const [event] = given(bookDecider, held('H-1'), allocated('A-1', '40')).when(scrap).events();
    expect(event).toMatchObject({ type: 'StockScrapped', data: { amount: kg('60') } });
    given(bookDecider, event!).when(scrap).thenNothing();
    given(bookDecider, event!)
      .when(issueOf([line(A, '41')]))
      .thenRefused('insufficient-stock');
  });

  describe('move', () => {
    const moveOf = (more: Partial<Extract<BookCommand, { type: 'move' }>> = {}): BookCommand => ({
      type: 'move',
      move: 'M-1',
      take: line(A, '60'),
      to: SHOP,
      evenIfBlocked: false,
      known,
      now: NOW,
      ...more,
    });
    const moved = decided(StockMoved, NOW, {
      move: 'M-1',
      lot: A,
      from: PLANT,
      to: SHOP,
      amount: kg('60'),
      knownAt: AT,
    });

    it('takes away what nobody was promised, once', () => {
      given(bookDecider, allocated('A-1', '40')).when(moveOf()).then(moved);
      given(bookDecider, moved).when(moveOf()).thenNothing();
      given(bookDecider, moved)
        .when(moveOf({ to: PLANT }))
        .thenRefused('move-exists');
      given(bookDecider, moved)
        .when(issueOf([line(A, '41')]))
        .thenRefused('insufficient-stock');
    });

    it('gives it to nobody at the other place before it is known to be there', () => {
      given(bookDecider, moved)
        .when(issueOf([line(A, '1', 0, SHOP)]))
        .thenRefused('wrong-place');
      const later = knownStock(
        '0000000000000011',
        knownLot(A, { [PLANT]: '40 KGM', [SHOP]: '60 KGM' }, { acts: ['move:M-1'] }),
      );
      const both = [line(A, '40'), line(A, '60', 1, SHOP)];
      expect(
        given(bookDecider, moved)
          .when(issueOf(both, { known: later }))
          .events(),
      ).toHaveLength(1);
    });

    it('leaves what is held where it is, unless that is meant', () => {
      const error = given(bookDecider, held('H-1')).when(moveOf()).thenRefused('lot-held');
      expect(error.problems[0]?.accepted).toEqual({ evenIfBlocked: true });
      given(bookDecider, held('H-1'))
        .when(moveOf({ evenIfBlocked: true }))
        .then({ ...moved, data: { ...moved.data, blocked: ['lot-held'] } });
    });

    it('gives every reason', () => {
      const there = { ...known, partnerPlaces: new Set([SHOP]) };
      const error = given(bookDecider, held('H-1'), allocated('A-1', '90'))
        .when(moveOf({ known: there }))
        .thenRefused('lot-held', 'place-not-ours', 'insufficient-stock');
      expect(error.problems.at(-1)?.accepted).toEqual({ amount: kg('10') });
      given(bookDecider)
        .when(moveOf({ to: PLANT }))
        .thenRefused('same-place');
      given(bookDecider)
        .when(moveOf({ take: line(`${ITEM}/10/NEVER`, '1') }))
        .thenRefused('lot-unknown');
    });
  });

  it('counts less than was promised without being refused, and promises no more than was counted', () => {
    const count: BookCommand = {
      type: 'adjust',
      count: 'C-1',
      counted: line(A, '30'),
      reason: 'count',
      known,
      now: NOW,
    };
    const [event] = given(bookDecider).when(count).events();
    expect(event).toMatchObject({ type: 'StockAdjusted', data: { counted: kg('30'), expected: kg('100') } });
    given(bookDecider, event!)
      .when(issueOf([line(A, '31')]))
      .thenRefused('insufficient-stock');
  });
});

// A second characteristic of an inspection was answered as recorded, and was not.
describe('inspect', () => {
  type Inspection = Extract<BookCommand, { type: 'inspect' }>['inspection'];
  const result = (more: Partial<Inspection>): Inspection => ({ lot: A, inspection: 'QC-1', result: 'pass', ...more });
  const first = result({ characteristic: 'pH', measured: '6.7' });
  const inspect = (inspection: Inspection): BookCommand => ({ type: 'inspect', inspection, known, now: NOW });
  const recorded = decided(InspectionRecorded, NOW, first);

  it('records a result once', () =>
    given(bookDecider, at('1', recorded))
      .when(inspect({ ...first }))
      .thenNothing());

  it.each([
    ['characteristic', { characteristic: 'salmonella', result: 'fail' as const }],
    ['lot', { characteristic: 'pH', measured: '6.7', lot: B }],
    ['result', { characteristic: 'pH', measured: '3.1', result: 'fail' as const }],
  ])('records another %s under the same inspection too', (_, more) => {
    const other = result(more);
    given(bookDecider, at('1', recorded))
      .when(inspect(other))
      .then(decided(InspectionRecorded, NOW, other));
  });
});
