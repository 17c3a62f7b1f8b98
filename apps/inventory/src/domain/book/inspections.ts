import { decided, InspectionRecorded, LotHeld, LotRejected, LotReleased, UsageDecided } from '#contracts';
import { calendarDay, canonicalId, canonicalJson, refused, type Problem } from '#kernel';
import { type Decision, failedOf, type Inspection, isAcceptance, missingOf } from '../inspection/inspection.js';
import { isReadable, verdictOf } from '../inspection/judge.js';
import { NO_PLANS, type Plan, planAt, planFor, type Plans, refOf } from '../inspection/plan.js';
import { holdsOn, qualityOf, type Book, type BookEvent } from './book.js';
import type { CommandOf } from './command.js';
import { datesChanged } from './dates-changed.js';

/** The item whose plans a lot is inspected by. */
export const itemOfLot = (book: Book, lot: string, receivedAs?: string): string | undefined =>
  canonicalId(lot).item ??
  receivedAs ??
  [...book.receipts.values()].find((receipt) => receipt.lot === lot && receipt.item !== undefined)?.item;

const suppliersOf = (book: Book, lot: string): string[] =>
  [...book.receipts.values()].flatMap((receipt) =>
    receipt.lot === lot && receipt.supplier !== undefined ? [receipt.supplier] : [],
  );

const NONE: ReadonlyMap<string, Inspection> = new Map();
export const inspectionsOf = (book: Book, lot: string): ReadonlyMap<string, Inspection> =>
  book.inspected.get(lot) ?? NONE;

/** The plan that holds for the lot now. */
export const planOfLot = (
  book: Book,
  lot: string,
  { plans = NO_PLANS }: Pick<CommandOf<'release'>, 'plans'>,
  supplier?: string,
): Plan | undefined =>
  plans.size === 0 ? undefined : planFor(plans, supplier === undefined ? suppliersOf(book, lot) : [supplier]);

/** Whether the lot was accepted by the last decision on any inspection of it. */
const isAccepted = (book: Book, lot: string): boolean => {
  const last = [...inspectionsOf(book, lot).values()].findLast((inspection) => inspection.decision !== undefined);
  return last?.decision !== undefined && isAcceptance(last.decision);
};

/** Whether the plan it began with keeps the goods until it is decided on, though that plan may be withdrawn by now. */
const isAwaited = (plans: Plans, { plan: began, decision }: Inspection): boolean =>
  decision === undefined &&
  plans
    .get(began.supplier ?? '')
    ?.versions.some((plan) => plan.item === began.item && plan.version === began.version && plan.quarantine) === true;

/** Whether goods of the lot have to wait for an inspection. */
export const needsInspection = (
  book: Book,
  lot: string,
  command: Pick<CommandOf<'release'>, 'plans'>,
  supplier?: string,
): boolean => {
  if (isAccepted(book, lot)) return false;
  const { plans = NO_PLANS } = command;
  const isPlanned = planOfLot(book, lot, command, supplier)?.quarantine === true;
  return isPlanned || [...inspectionsOf(book, lot).values()].some((inspection) => isAwaited(plans, inspection));
};

/** Why a plain release will not do. */
export const inspectionRequired = (book: Book, lot: string): Problem => ({
  code: 'inspection-required',
  message: `lot ${lot} is released by the decision on an inspection by its plan`,
  id: lot,
  found: [...inspectionsOf(book, lot)].map(([inspection, { decision }]) => ({
    inspection,
    decision: decision?.decision ?? null,
  })),
  expected: 'accept or accept-restricted',
});

/** Results against the plan; whether they pass follows from its limits. */
export const recordResults = (command: CommandOf<'record-results'>, book: Book): BookEvent[] => {
  const { lot, inspection, results, note, at, now } = command;
  const reasons: Problem[] = [];
  const before = inspectionsOf(book, lot).get(inspection);
  if (!command.known.lots.has(lot) && book.lots.get(lot)?.received !== true)
    reasons.push({ code: 'lot-unknown', message: `nothing is recorded of lot ${lot}`, id: lot });
  const plan = before === undefined ? planOfLot(book, lot, command) : planAt(command.plans ?? NO_PLANS, before.plan);
  if (plan === undefined)
    reasons.push({
      code: 'plan-missing',
      message: `no inspection plan holds for lot ${lot}`,
      id: lot,
      expected: 'a plan of its item, or of its item and supplier',
    });
  const seen = new Set<string>();
  const events: BookEvent[] = [];
  results.forEach(({ characteristic, values, unit }, index) => {
    const at_ = (code: string, message: string, more: Partial<Problem>): void => {
      reasons.push({ code, message, index, id: characteristic, ...more });
    };
    if (seen.has(characteristic)) at_('characteristic-listed-twice', `${characteristic} is listed twice`, {});
    seen.add(characteristic);
    const planned = plan?.characteristics.find((each) => each.characteristic === characteristic);
    if (plan === undefined) return;
    if (planned === undefined) {
      at_('characteristic-not-planned', `${characteristic} is not in the plan`, {
        expected: plan.characteristics.map((each) => each.characteristic).join(', '),
      });
      return;
    }
    if (unit !== undefined && unit !== planned.unit)
      at_('unit-mismatch', `${characteristic} is measured in another unit`, {
        found: unit,
        expected: planned.unit ?? 'no unit',
      });
    const unreadable = values.filter((value) => !isReadable(planned, value));
    if (unreadable.length > 0)
      at_('not-a-number', `${characteristic} is measured, and this is no number`, {
        found: unreadable,
        expected: 'a decimal number as text',
      });
    else if (canonicalJson(before?.findings.get(characteristic)?.values) !== canonicalJson(values))
      events.push(
        decided(InspectionRecorded, at ?? now, {
          lot,
          inspection,
          result: verdictOf(planned, values),
          characteristic,
          ...(values.length === 1 && { measured: values[0] }),
          ...(note !== undefined && { note }),
          plan: refOf(plan),
          values: [...values],
        }),
      );
  });
  if (before?.decision !== undefined && (events.length > 0 || reasons.length > 0))
    reasons.push({
      code: 'inspection-decided',
      message: `inspection ${inspection} was decided on: what is found now is another inspection`,
      id: inspection,
      found: before.decision.decision,
      expected: 'another inspection id',
    });
  if (reasons.length > 0) throw refused('results-refused', `results of ${inspection} cannot be recorded`, reasons);
  return events;
};

type DecideUsage = CommandOf<'decide-usage'>;

const without = (code: string, message: string, expected: string): Problem => ({ code, message, expected });

const isSameDecision = (command: DecideUsage, before: Decision): boolean =>
  command.decision === before.decision &&
  command.restriction === before.restriction &&
  (command.retest === undefined || command.retest === before.retest);

/** Every rule against accepting the goods. */
const againstAccepting = (command: DecideUsage, inspection: Inspection): Problem[] => {
  const plan = planAt(command.plans ?? NO_PLANS, inspection.plan);
  const today = command.now.slice(0, 10);
  const retest = command.retest === undefined ? undefined : calendarDay(command.retest);
  return [
    ...missingOf(plan, inspection),
    ...(command.reason === undefined ? failedOf(plan, inspection, 'failed-without-justification') : []),
    ...(command.decision === 'accept-restricted' && command.restriction === undefined
      ? [without('restriction-missing', 'a restricted acceptance says what the goods may be used for', 'restriction')]
      : []),
    ...(retest !== undefined && retest <= today
      ? [
          {
            code: 'retest-not-later',
            message: `the next retest is not after ${today}`,
            found: command.retest,
            expected: `after ${today}`,
          },
        ]
      : []),
  ];
};

const againstRefusing = (command: DecideUsage): Problem[] => [
  ...(command.reason === undefined ? [without('reason-missing', `${command.decision} needs a reason`, 'reason')] : []),
  ...(command.retest === undefined
    ? []
    : [without('retest-not-accepted', 'only goods that are accepted have a next retest', 'no retest')]),
];

/** What the decision means for the stock, beside being recorded. */
const consequences = (command: DecideUsage, book: Book): BookEvent[] => {
  const { lot, inspection, decision, reason, retest, now } = command;
  const why = `inspection ${inspection}: ${decision}${reason === undefined ? '' : `, ${reason}`}`.slice(0, 2_000);
  switch (decision) {
    case 'accept':
    case 'accept-restricted':
      return [
        ...(qualityOf(book, lot) === 'released' ? [] : [decided(LotReleased, now, { lot, reason: why })]),
        ...(retest === undefined ? [] : datesChanged(lot, { retest }, why, command, book)),
      ];
    case 'rework': {
      const holdId = `rework:${inspection}`.slice(0, 256);
      return holdsOn(book, lot).has(holdId)
        ? []
        : [decided(LotHeld, now, { lot, holdId, reason: why, owner: 'quality' })];
    }
    case 'reject':
    case 'scrap':
      return qualityOf(book, lot) === 'rejected' ? [] : [decided(LotRejected, now, { lot, reason: why })];
  }
};

/** What becomes of the lot, once for each inspection; the same decision again changes nothing. */
export const decideUsage = (command: DecideUsage, book: Book): BookEvent[] => {
  const { lot, inspection: id, decision, reason, restriction, by, retest, now } = command;
  const inspection = inspectionsOf(book, lot).get(id);
  if (inspection === undefined)
    throw refused('decision-refused', `${id} cannot be decided on`, [
      {
        code: 'inspection-unknown',
        message: `no result of inspection ${id} by a plan is recorded of lot ${lot}`,
        id,
        found: [...inspectionsOf(book, lot).keys()],
        expected: 'an inspection with results',
      },
    ]);
  const before = inspection.decision;
  if (before !== undefined && isSameDecision(command, before)) return [];
  const isAccepting = decision === 'accept' || decision === 'accept-restricted';
  const reasons: Problem[] = [
    ...(before === undefined
      ? []
      : [
          {
            code: 'decided-otherwise',
            message: `inspection ${id} was decided on by ${before.by}`,
            id,
            found: before.decision,
            expected: 'a new inspection',
          },
        ]),
    ...(isAccepting ? againstAccepting(command, inspection) : againstRefusing(command)),
  ];
  if (reasons.length > 0) throw refused('decision-refused', `${id} cannot be decided on like this`, reasons);
  return [
    decided(UsageDecided, now, {
      lot,
      inspection: id,
      decision,
      ...(reason !== undefined && { reason }),
      ...(restriction !== undefined && { restriction }),
      by,
      ...(retest !== undefined && { retest }),
    }),
    ...consequences(command, book),
  ];
};
