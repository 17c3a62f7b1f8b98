import { ZERO, amountOf, decimal, decimalText, isDecimal, measure, type Decimal } from '#kernel';
import type { Happening, MasterData, Thing } from '../happening.js';
import { discrepancy } from './book.js';
import { inLedgerOrder } from './order.js';
import type { Discrepancy } from './types.js';

interface Line {
  lot: string;
  item: string | undefined;
  value: Decimal;
  dimension: string;
}

/** undefined where a line does not say how much: units stand for contents, and quantities may be missing. */
const line = (t: Thing): Line | undefined => {
  if (t.kind === 'unit') return undefined;
  if (t.kind === 'serial') return { lot: t.id, item: t.item, value: decimal('1'), dimension: 'count' };
  return t.amount === undefined ? undefined : { lot: t.id, item: t.item, ...measure(t.amount.value, t.amount.unit) };
};

const sum = (lines: readonly Line[]): Decimal => lines.reduce((total, l) => total.plus(l.value), ZERO);

/** Share by which more may come out than went in, as the widest of the output items allow: "0.02" or "2%". */
const toleranceOf = (outputs: readonly Line[], master: MasterData): Decimal =>
  outputs.reduce((widest, { item }) => {
    const text = item === undefined ? undefined : master.item(item)?.tolerance;
    const number = text?.replace(/\s*%$/, '');
    if (text === undefined || number === undefined || !isDecimal(number)) return widest;
    const share = decimal(number).times(text.endsWith('%') ? '0.01' : '1');
    return share.gt(widest) ? share : widest;
  }, ZERO);

const percent = (share: Decimal): string => `${decimalText(share.times(100))} %`;

/**
 * More out than in, over the union of all events of one transformation. Compared only where inputs and outputs are stated
 * and all in one dimension; a transformation of which only outputs are known yet is not judged.
 * @param happenings all effective happenings that share the transformation.
 */
export const moreOutThanIn = (happenings: readonly Happening[], master: MasterData): Discrepancy | undefined => {
  const ordered = happenings.filter((h) => h.verb === 'transform').sort(inLedgerOrder);
  const inputs = ordered.flatMap((h) => h.things.map(line));
  const outputs = ordered.flatMap((h) => (h.outputs ?? []).map(line));
  const lines = [...inputs, ...outputs];
  const [input] = inputs;
  const [output] = outputs;
  const [first] = ordered;
  if (!first || !input || !output || !lines.every((l) => l?.dimension === input.dimension)) return undefined;
  // One machine is many parts.
  if (input.dimension === 'count' && ordered.some((h) => h.transformationKind === 'disassembly')) return undefined;
  const [went, came] = [sum(inputs as Line[]), sum(outputs as Line[])];
  const more = came.minus(went);
  const tolerance = toleranceOf(outputs as Line[], master);
  if (!more.gt(went.times(tolerance))) return undefined;
  const place = ordered.map((h) => h.bizLocation ?? h.readPoint).find((p) => p !== undefined);
  const found = {
    kind: 'more-out-than-in' as const,
    lot: output.lot,
    ...(place !== undefined && { place }),
    transformation: first.transformation ?? first.id,
    amount: amountOf(more, input.dimension),
    events: [...new Set(ordered.map((h) => h.id))],
    time: first.time.key,
  };
  const [inAll, outAll] = [amountOf(went, input.dimension), amountOf(came, input.dimension)];
  return discrepancy(found, {
    balance: { went: inAll, came: outAll, ...(tolerance.gt(0) && { tolerance: percent(tolerance) }) },
  });
};
