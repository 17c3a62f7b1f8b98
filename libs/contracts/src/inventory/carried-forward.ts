import Type from 'typebox';
import { defineEvent } from '../define-event.js';
import { Id, KnownAt, LookedAt, LotAtPlace, StatedAmount, StatedDates } from './fields.js';
import { PlanReference, UsageDecided } from './quality.js';
import { LotReceived } from './receipt.js';

const OwnId = Type.String({ minLength: 1, maxLength: 256 });
const Reason = Type.String({ minLength: 1, maxLength: 2000 });
const Attempt = Type.Integer({ minimum: 1 });
const closed = { additionalProperties: false } as const;

const Lot = Type.Object(
  {
    lot: Id,
    received: Type.Boolean(),
    quality: Type.Union([
      Type.Literal('none'),
      Type.Literal('quarantine'),
      Type.Literal('released'),
      Type.Literal('rejected'),
    ]),
    holds: Type.Array(Type.Object({ holdId: OwnId, reason: Reason, owner: OwnId }, closed)),
    /** As stated through the book, oldest first. No position: decided together with this event. */
    dates: Type.Array(Type.Object({ stated: StatedDates, position: Type.Optional(KnownAt) }, closed)),
  },
  closed,
);

const Allocation = Type.Object(
  {
    allocation: OwnId,
    for: OwnId,
    lines: Type.Array(LotAtPlace),
    /** Of each line, what is not issued yet. */
    open: Type.Array(StatedAmount),
    released: Type.Boolean(),
    explained: Type.Array(LookedAt),
    passedOverBesides: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  closed,
);

const Issue = Type.Object(
  {
    reference: OwnId,
    attempt: Attempt,
    lines: Type.Array(LotAtPlace),
    /** What it took out of lines of allocations, by their number. */
    used: Type.Array(
      Type.Object({ allocation: OwnId, line: Type.Integer({ minimum: 0 }), amount: StatedAmount }, closed),
    ),
    undone: Type.Boolean(),
  },
  closed,
);

const Inspected = Type.Object(
  {
    lot: Id,
    inspection: OwnId,
    plan: PlanReference,
    results: Type.Array(
      Type.Object(
        {
          characteristic: OwnId,
          result: Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('inconclusive')]),
          values: Type.Array(Type.String({ minLength: 1, maxLength: 256 })),
        },
        closed,
      ),
    ),
    decision: Type.Optional(UsageDecided.data),
  },
  closed,
);

const lot = 'https://id.gs1.org/01/09506000134352/10/MILK-0419';
const taken = { lot, place: 'https://id.gs1.org/414/9506000100016', amount: { value: '300', unit: 'KGM' } };
const used = { allocation: 'A-17', line: 0, amount: taken.amount };

/** Moves nothing, decides nothing: everything that the events before it in its stream say, so that none of them is read. */
export const BookCarriedForward = defineEvent({
  type: 'BookCarriedForward',
  version: 1,
  context: 'inventory',
  summary: 'A stock book was closed and carried forward: whoever reads it begins here.',
  data: Type.Object(
    {
      lots: Type.Array(Lot),
      allocations: Type.Array(Allocation),
      issues: Type.Array(Issue),
      receipts: Type.Array(LotReceived.data),
      counts: Type.Array(
        Type.Object({ count: OwnId, lot: Id, place: Id, counted: StatedAmount, expected: StatedAmount }, closed),
      ),
      scraps: Type.Array(Type.Object({ scrap: OwnId, lot: Id, place: Id, amount: StatedAmount }, closed)),
      /** Absent where it was written by a release that knew no moves. */
      moves: Type.Optional(
        Type.Array(Type.Object({ move: OwnId, lot: Id, from: Id, to: Id, amount: StatedAmount }, closed)),
      ),
      inspections: Type.Array(OwnId),
      /** Inspections by a plan, in the order in which they began or, once decided on, were decided on. */
      inspected: Type.Optional(Type.Array(Inspected)),
    },
    closed,
  ),
  sample: {
    lots: [
      {
        lot,
        received: true,
        quality: 'released',
        holds: [{ holdId: 'QC-1', reason: 'label check', owner: 'quality' }],
        dates: [{ stated: { expiry: '2026-05-10' }, position: '0000000000000412' }],
      },
    ],
    allocations: [
      {
        allocation: 'A-17',
        for: 'shipment:S-1',
        lines: [taken],
        open: [{ value: '0', unit: 'KGM' }],
        released: false,
        explained: [],
      },
    ],
    issues: [{ reference: 'shipment:S-1', attempt: 1, lines: [taken], used: [used], undone: false }],
    receipts: [LotReceived.sample],
    counts: [],
    scraps: [],
    moves: [{ move: 'M-31', lot, from: taken.place, to: `${taken.place}/254/COLD-2`, amount: taken.amount }],
    inspections: ['QC-991'],
  },
});
