import { amountOf, measure, ZERO, type Decimal } from '#kernel';
import type { Happening, Thing, Verb } from '../happening.js';
import { discrepancy } from './book.js';
import { inLedgerOrder } from './order.js';
import type { Discrepancy } from './types.js';

/**
 * What counts of a record: errors declared are gone with what they void, whichever came first, and a commanded act that
 * facts confirm is replaced by those facts. A fact confirms an act of its own verb only (consuming and making: their
 * side of a transformation): a receiving that names the shipment does not replace its departure.
 * @param happenings in any order, aliases of lots resolved.
 */
export const effective = (happenings: readonly Happening[]): Happening[] => {
  const standing = notVoided(happenings);
  const confirmed = confirmedActs(standing);
  return standing.flatMap((h) => {
    if (isConfirmed(h, confirmed)) return [];
    if (h.commanded !== true || h.verb !== 'transform') return [h];
    // A run may be confirmed side by side: what went in by consuming, what came out by making.
    const consumed = names(h).some((id) => confirmed.has(reference('consume', id)));
    const made = names(h).some((id) => confirmed.has(reference('make', id)));
    if (consumed && made) return [];
    return consumed ? [{ ...h, things: [] }] : made ? [{ ...h, outputs: [] }] : [h];
  });
};

const notVoided = (happenings: readonly Happening[]): Happening[] => {
  const voided = new Set(happenings.map((h) => h.voids).filter((id) => id !== undefined));
  return happenings.filter((h) => h.voids === undefined && !voided.has(h.id));
};

const reference = (verb: Verb, id: string): string => `${verb} ${id}`;

const confirmedActs = (standing: readonly Happening[]): Map<string, Happening[]> => {
  const acts = new Map<string, Happening[]>();
  for (const h of standing) {
    if (h.commanded === true) continue;
    for (const id of h.confirms ?? []) {
      const key = reference(h.verb, id);
      acts.set(key, [...(acts.get(key) ?? []), h]);
    }
  }
  return acts;
};

const names = (act: Happening): string[] => [...(act.act === undefined ? [] : [act.act]), ...(act.alsoKnownAs ?? [])];

const isConfirmed = (h: Happening, confirmed: ReadonlyMap<string, unknown>): boolean =>
  h.commanded === true && names(h).some((id) => confirmed.has(reference(h.verb, id)));

const amountsOf = (happenings: readonly Happening[], of: (h: Happening) => readonly Thing[]): Map<string, Decimal> => {
  const amounts = new Map<string, Decimal>();
  for (const t of happenings.flatMap(of)) {
    if (t.amount === undefined || t.kind !== 'lot') continue;
    const { value, dimension } = measure(t.amount.value, t.amount.unit);
    const key = JSON.stringify([t.id, dimension]);
    amounts.set(key, (amounts.get(key) ?? ZERO).plus(value));
  }
  return amounts;
};

// Facts that name units or leave quantities out say nothing that could be compared line by line.
const isPlain = (things: readonly Thing[]): boolean => things.every((t) => t.kind === 'lot' && t.amount !== undefined);

/**
 * Facts against the commands they confirm: one discrepancy per act, lot and dimension whose amount differs. Lists are
 * compared where both sides name lots with quantities.
 * @param happenings as recorded (not yet `effective`).
 */
export const confirmedDifferently = (happenings: readonly Happening[]): Discrepancy[] => {
  const standing = notVoided(happenings);
  const confirmed = confirmedActs(standing);
  const acts = Map.groupBy(
    standing.filter((h) => isConfirmed(h, confirmed)),
    (h) => `${h.verb} ${h.act ?? h.id}`,
  );
  return [...acts.values()].flatMap((commands) => {
    const facts = [
      ...new Set(commands.flatMap((c) => names(c).flatMap((id) => confirmed.get(reference(c.verb, id)) ?? []))),
    ].sort(inLedgerOrder);
    const [command] = commands.sort(inLedgerOrder);
    const [fact] = facts;
    if (!command || !fact) return [];
    const sides = [(h: Happening) => h.things, (h: Happening) => h.outputs ?? []];
    return sides.flatMap((side) => {
      if (![...commands, ...facts].every((h) => isPlain(side(h)))) return [];
      const [said, done] = [amountsOf(commands, side), amountsOf(facts, side)];
      return [...new Set([...said.keys(), ...done.keys()])].sort().flatMap((key) => {
        const difference = (done.get(key) ?? ZERO).minus(said.get(key) ?? ZERO).abs();
        if (difference.eq(0)) return [];
        const [lot, dimension] = JSON.parse(key) as [string, string];
        const place = fact.bizLocation ?? fact.readPoint;
        const found = {
          kind: 'confirmed-differently' as const,
          lot,
          ...(place !== undefined && { place }),
          amount: amountOf(difference, dimension),
          events: [...commands, ...facts].map((h) => h.id),
          time: fact.time.key,
        };
        const amounts = {
          said: amountOf(said.get(key) ?? ZERO, dimension),
          done: amountOf(done.get(key) ?? ZERO, dimension),
        };
        return [discrepancy(found, { amounts })];
      });
    });
  });
};
