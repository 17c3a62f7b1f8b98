import { ZERO, amountOf, calendarDay, instant, measure, type Amount, type Decimal } from '#kernel';
import type { LotDates } from '#traceability';
import { daysBetween, endOfLife } from '../book/remaining-life.js';
import type { AnnouncedDelivery, Announcement } from './delivery.js';

/** A receipt that names the delivery. */
export interface DeliveryReceipt {
  receipt: string;
  lot: string;
  /** As the receipt states it, else as the lot's id does. */
  item?: string;
  supplierLot?: string;
  amount: Amount;
  receivedAt: string;
  dates?: LotDates;
}

export interface ReceivedLot extends DeliveryReceipt {
  /** Lines it fills, by index, in that order; none: it was not announced. */
  lines: number[];
  /** It came after the day it was due. */
  late: boolean;
  /** Life left on the day it came; absent where the receipt states no date that ends it. */
  life?: { days: number; until: string };
  /** The life that was agreed, where any was: `kept` is null where its dates do not tell. */
  agreed?: { days: number; kept: boolean | null };
}

export interface DeliveredLine {
  item: string;
  supplierLot?: string;
  ordered: Amount;
  delivered: Amount;
  /** What is still to come. */
  outstanding: Amount;
  minRemainingDays?: number;
}

export type DeliveryStatus = 'expected' | 'partial' | 'delivered' | 'cancelled';

export interface Progress {
  status: DeliveryStatus;
  lines: DeliveredLine[];
  receipts: ReceivedLot[];
}

const dayOf = (text: string): string => calendarDay(text) ?? text.slice(0, 10);

const keyOf = ({ receivedAt, receipt, lot }: DeliveryReceipt): string =>
  [instant(receivedAt)?.key ?? receivedAt, receipt, lot].join('\n');

/** Lines a receipt may fill, the best match first: the lot announced, then lines that announced none, then any of the item. */
const linesFor = ({ lines }: Announcement, receipt: DeliveryReceipt, dimension: string): number[] => {
  const rank = (line: Announcement['lines'][number]): number =>
    line.supplierLot === undefined ? 1 : line.supplierLot === receipt.supplierLot ? 0 : 2;
  return lines
    .map((line, index) => ({ line, index, rank: rank(line) }))
    .filter(({ line }) => line.item === receipt.item && measure('0', line.amount.unit).dimension === dimension)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ index }) => index);
};

/**
 * What was ordered against what came. A fold over the set of receipts: the order in which they became known changes nothing.
 * A receipt fills the lines that match it best up to what they ordered; what is more counts to the best of them.
 */
export const progressOf = (delivery: AnnouncedDelivery, receipts: readonly DeliveryReceipt[]): Progress => {
  const due = dayOf(delivery.due);
  const ordered = delivery.lines.map(({ amount }) => measure(amount.value, amount.unit));
  const delivered: Decimal[] = ordered.map(() => ZERO);
  const inOrder = [...receipts].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const received = inOrder.map((receipt): ReceivedLot => {
    const { value, dimension } = measure(receipt.amount.value, receipt.amount.unit);
    const matching = linesFor(delivery, receipt, dimension);
    const filled: number[] = [];
    let left = value;
    const fill = (line: number, part: Decimal): void => {
      delivered[line] = (delivered[line] ?? ZERO).plus(part);
      left = left.minus(part);
      if (!filled.includes(line)) filled.push(line);
    };
    for (const line of matching) {
      const open = (ordered[line]?.value ?? ZERO).minus(delivered[line] ?? ZERO);
      if (left.gt(ZERO) && open.gt(ZERO)) fill(line, open.lt(left) ? open : left);
    }
    const [best] = matching;
    if (left.gt(ZERO) && best !== undefined) fill(best, left);
    const day = dayOf(receipt.receivedAt);
    const until = endOfLife(receipt.dates ?? {});
    const life = until === undefined ? undefined : { days: daysBetween(day, until), until };
    const agreed = Math.max(-1, ...filled.map((line) => delivery.lines[line]?.minRemainingDays ?? -1));
    return {
      ...receipt,
      lines: filled,
      late: day > due,
      ...(life && { life }),
      ...(agreed >= 0 && { agreed: { days: agreed, kept: life === undefined ? null : life.days >= agreed } }),
    };
  });
  const lines = delivery.lines.map(({ item, supplierLot, minRemainingDays }, index): DeliveredLine => {
    const { value, dimension } = ordered[index] ?? { value: ZERO, dimension: '' };
    const came = delivered[index] ?? ZERO;
    return {
      item,
      ...(supplierLot !== undefined && { supplierLot }),
      ordered: amountOf(value, dimension),
      delivered: amountOf(came, dimension),
      outstanding: amountOf(came.lt(value) ? value.minus(came) : ZERO, dimension),
      ...(minRemainingDays !== undefined && { minRemainingDays }),
    };
  });
  const isComplete = lines.every(({ outstanding }) => outstanding.value === '0');
  return {
    status: delivery.cancelled ? 'cancelled' : isComplete ? 'delivered' : received.length > 0 ? 'partial' : 'expected',
    lines,
    receipts: received,
  };
};

/** Whether something of it should have come by now. */
export const isOverdue = (delivery: AnnouncedDelivery, status: DeliveryStatus, today: string): boolean =>
  (status === 'expected' || status === 'partial') && dayOf(delivery.due) < today;
