import { describe, expect, it } from '@jest/globals';
import {
  decided,
  LotExcluded,
  NoticeIssued,
  RecallClosed,
  RecallHoldsLifted,
  RecallOpened,
  RecallReopened,
  ScopeChanged,
  ScopeHeld,
} from '#contracts';
import { given } from '#testkit';
import { recallDecider, type FoundScope, type RecallCommand } from './decide.js';
import { consigneesInScope, foldCase, heldLots, inScope, type RecallCase, type RecallEvent } from './recall-case.js';

const NOW = '2026-04-20T10:00:00Z';
const after = (...history: RecallEvent[]): ReturnType<typeof given<RecallCase, RecallCommand, RecallEvent>> =>
  given(recallDecider, ...history);

const opening = { case: 'R-1', reason: 'glass', drill: false, suspects: [{ lot: 'milk' }] };
const opened = decided(RecallOpened, NOW, opening);
const found: FoundScope = {
  position: '0010',
  lots: [
    { lot: 'milk', suspect: true, because: [] },
    { lot: 'yoghurt', suspect: false, because: ['run-1'] },
  ],
  shipments: [{ shipment: 'S-1', consignee: 'shop', because: ['ship-1'] }],
  consignees: [{ party: 'shop', inferred: false, lots: ['yoghurt'], because: ['ship-1'] }],
};
const widened = decided(ScopeChanged, NOW, {
  case: 'R-1',
  addedLots: [
    { lot: 'milk', suspect: true },
    { lot: 'yoghurt', suspect: false },
  ],
  addedShipments: [{ shipment: 'S-1', consignee: 'shop' }],
  addedConsignees: [{ party: 'shop', inferred: false, lots: ['yoghurt'] }],
  because: ['run-1', 'ship-1'],
  knownAt: '0010',
});
const held = decided(ScopeHeld, NOW, { case: 'R-1', holdId: 'recall:R-1', lots: [{ lot: 'milk', heldAt: '0011' }] });
const excluded = decided(LotExcluded, NOW, { case: 'R-1', lot: 'yoghurt', reason: 'other line' });
const closed = decided(RecallClosed, NOW, { case: 'R-1', reason: 'all accounted for' });
const reopened = decided(RecallReopened, NOW, { case: 'R-1', reason: 'second complaint' });

describe('opening', () => {
  it('happens once', () => {
    after().when({ type: 'open', opening, now: NOW }).then(opened);
    after(opened).when({ type: 'open', opening, now: NOW }).thenNothing();
    after(opened)
      .when({ type: 'open', opening: { ...opening, drill: true }, now: NOW })
      .thenRefused('case-exists');
  });
  it('comes before everything else', () => {
    after().when({ type: 'close', reason: 'x', now: NOW }).thenRefused('case-unknown');
  });
});

describe('the scope', () => {
  it('grows by what is new, and says because of which events', () => {
    after(opened).when({ type: 'widen', found, now: NOW }).then(widened);
    after(opened, widened).when({ type: 'widen', found, now: NOW }).thenNothing();
    after(opened, widened)
      .when({
        type: 'widen',
        found: {
          ...found,
          lots: [...found.lots, { lot: 'cheese', suspect: false, because: ['run-2', 'run-2b'] }],
          consignees: [...found.consignees, { party: 'shop', inferred: true, lots: ['milk'], because: ['gap-1'] }],
        },
        now: NOW,
      })
      .then(
        decided(ScopeChanged, NOW, {
          case: 'R-1',
          addedLots: [{ lot: 'cheese', suspect: false }],
          addedShipments: [],
          addedConsignees: [{ party: 'shop', inferred: true, lots: ['milk'] }],
          because: ['gap-1', 'run-2', 'run-2b'],
          knownAt: '0010',
        }),
      );
  });
  it('keeps a lot that the record no longer leads to', () => {
    const state = after(opened, widened)
      .when({ type: 'widen', found: { ...found, lots: [], shipments: [], consignees: [] }, now: NOW })
      .state()!;
    expect(inScope(state)).toEqual(['milk', 'yoghurt']);
  });
  it('loses a lot by decision only, and does not take it back by itself', () => {
    const command: RecallCommand = { type: 'exclude', lot: 'yoghurt', reason: 'other line', now: NOW };
    after(opened, widened).when(command).then(excluded);
    after(opened, widened, excluded).when(command).thenNothing();
    after(opened, widened, excluded).when({ type: 'widen', found, now: NOW }).thenNothing();
    after(opened, widened)
      .when({ ...command, lot: 'butter' })
      .thenRefused('lot-not-in-scope');
    after(opened, widened, closed).when(command).thenRefused('case-closed');
  });
  it('of a closed case stays as it is', () => {
    after(opened, closed).when({ type: 'widen', found, now: NOW }).thenNothing();
  });
});

describe('holds', () => {
  it('are noted once the books said so, and gone once they said that', () => {
    const lots = [{ lot: 'milk', heldAt: '0011' }];
    after(opened, widened).when({ type: 'note-held', lots, now: NOW }).then(held);
    after(opened, widened, held).when({ type: 'note-held', lots, now: NOW }).thenNothing();
    const lifted = decided(RecallHoldsLifted, NOW, { case: 'R-1', holdId: 'recall:R-1', lots: ['milk'] });
    after(opened, widened, held, closed)
      .when({ type: 'note-lifted', lots: ['milk', 'yoghurt'], now: NOW })
      .then(lifted);
    after(opened, widened, held, closed, lifted)
      .when({ type: 'note-lifted', lots: ['milk'], now: NOW })
      .thenNothing();
  });
  it('are all asked for again when the case is opened again', () => {
    const state = after(opened, widened, held, closed)
      .when({ type: 'reopen', reason: 'second complaint', now: NOW })
      .state()!;
    expect(heldLots(state)).toEqual([]);
  });
});

describe('notices', () => {
  const due = [
    { consignee: 'shop', inferred: false, lots: [{ lot: 'yoghurt', amounts: [{ value: '5', unit: 'KGM' }] }] },
  ];
  const more = [{ ...due[0], lots: [{ lot: 'yoghurt', amounts: [{ value: '7', unit: 'KGM' }] }] }] as typeof due;
  const issued = decided(NoticeIssued, NOW, { notice: 'R-1-1', case: 'R-1', ...due[0]! });
  it('go once to each consignee, and again when there is more to tell', () => {
    after(opened, widened).when({ type: 'notify', due, now: NOW }).then(issued);
    after(opened, widened, issued).when({ type: 'notify', due, now: NOW }).thenNothing();
    after(opened, widened, issued)
      .when({ type: 'notify', due: more, now: NOW })
      .then({ ...issued, data: { ...issued.data, notice: 'R-1-2', lots: more[0]!.lots } });
  });
  it('are not sent by a drill or a closed case', () => {
    const drill = decided(RecallOpened, NOW, { ...opening, drill: true });
    after(drill, widened).when({ type: 'notify', due, now: NOW }).thenNothing();
    after(opened, widened, closed).when({ type: 'notify', due, now: NOW }).thenNothing();
  });
});

describe('closing and reopening', () => {
  it('are decisions with a reason, each done once', () => {
    after(opened).when({ type: 'close', reason: 'all accounted for', now: NOW }).then(closed);
    after(opened, closed).when({ type: 'close', reason: 'again', now: NOW }).thenNothing();
    after(opened, closed).when({ type: 'reopen', reason: 'second complaint', now: NOW }).then(reopened);
    after(opened).when({ type: 'reopen', reason: 'x', now: NOW }).thenNothing();
  });
});

describe('consignees', () => {
  const more: FoundScope = {
    ...found,
    consignees: [{ party: 'shop', inferred: false, lots: ['milk', 'yoghurt'], because: ['ship-1', 'ship-2'] }],
  };
  const gotMilk = decided(ScopeChanged, NOW, {
    case: 'R-1',
    addedLots: [],
    addedShipments: [],
    addedConsignees: [{ party: 'shop', inferred: false, lots: ['milk'] }],
    because: ['ship-1', 'ship-2'],
    knownAt: '0010',
  });

  it('that get another lot are noted with it', () => {
    after(opened, widened).when({ type: 'widen', found: more, now: NOW }).then(gotMilk);
    after(opened, widened, gotMilk).when({ type: 'widen', found: more, now: NOW }).thenNothing();
  });

  it('are in scope as long as anything they got is', () => {
    const inScopeAfter = (...history: RecallEvent[]): string[] => consigneesInScope(foldCase(history)!);
    expect(inScopeAfter(opened, widened)).toEqual(['shop']);
    expect(inScopeAfter(opened, widened, excluded)).toEqual([]);
    expect(inScopeAfter(opened, widened, excluded, gotMilk)).toEqual(['shop']);
  });
});

describe('a lot is unguarded', () => {
  const at = (minute: number): string => `2026-04-20T10:0${minute}:00Z`;
  const unguarded = (...history: RecallEvent[]) => foldCase([opened, widened, ...history])?.lots.milk?.unguarded;
  const heldAt = (minute: number): RecallEvent => ({ ...held, eventTime: at(minute) });
  const closedAt = (minute: number): RecallEvent => ({ ...closed, eventTime: at(minute) });
  const reopenedAt = (minute: number): RecallEvent => ({ ...reopened, eventTime: at(minute) });

  it('from when it is covered until it is held or the case is closed, and again from when that is reopened', () => {
    expect(unguarded()).toEqual([{ from: NOW }]);
    expect(unguarded(heldAt(1), closedAt(2))).toEqual([{ from: NOW, until: at(1) }]);
    expect(unguarded(closedAt(2))).toEqual([{ from: NOW, until: at(2) }]);
    expect(unguarded(heldAt(1), closedAt(2), reopenedAt(3))).toEqual([{ from: NOW, until: at(1) }, { from: at(3) }]);
    expect(unguarded(heldAt(1), closedAt(2), reopenedAt(3), heldAt(4))).toEqual([
      { from: NOW, until: at(1) },
      { from: at(3), until: at(4) },
    ]);
  });
});
