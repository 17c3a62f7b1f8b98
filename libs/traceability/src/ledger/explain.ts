import type { Amount } from '#kernel';
import type { Discrepancy } from './types.js';

/** What a sentence tells besides the members of the discrepancy itself. */
export interface Because {
  /** `dates-contradict`: the production day as stated, and what contradicts it. */
  production?: {
    day: string;
    made?: string;
    used?: { how: string; day: string };
    input?: { lot: string; day: string };
  };
  /** The expiry day in force. */
  expiry?: string;
  /** What kept the lot: `on hold QC-1 (glass found)`, `in quarantine`, `rejected`. */
  kept?: string;
  /** `more-out-than-in`: what went in, what came out, and the tolerance where the item has one. */
  balance?: { went: Amount; came: Amount; tolerance?: string };
  /** `confirmed-differently`: of the command and of the fact. */
  amounts?: { said: Amount; done: Amount };
  /** `code-reused`: the two makings. */
  makings?: { day: string; place: string | null }[];
  /** `unit-mismatch`: units in which the lot is recorded. */
  units?: string[];
  /** `suspected-duplicate`: reporting systems, where they differ. */
  reporters?: string[];
  /** `not-received`: when it left. */
  shippedOn?: string;
  /** `commitment-broken`: what is promised and to whom, and what is there. */
  promised?: { amount: Amount; by: string[]; onHand: Amount };
}

type Facts = Omit<Discrepancy, 'key' | 'explanation'>;

const text = ({ value, unit }: Amount): string => `${value} ${unit}`;
const amount = (d: Facts): string => (d.amount ? text(d.amount) : 'An amount not stated');
const at = (d: Facts): string => (d.place === undefined ? '' : ` at ${d.place}`);
const from = (d: Facts): string => (d.place === undefined ? '' : ` from ${d.place}`);
const day = (d: Facts): string => d.time.slice(0, 10);

/** "a", "a and b", "a, b and c" */
const all = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

const contradiction = (p: NonNullable<Because['production']>): string => {
  const against = [
    ...(p.made === undefined ? [] : [`made on ${p.made}`]),
    ...(p.used === undefined ? [] : [`${p.used.how} on ${p.used.day}`]),
    ...(p.input === undefined ? [] : [`made of ${p.input.lot}, which was produced on ${p.input.day}`]),
  ];
  return `Produced on ${p.day} as stated, but ${all(against)}.`;
};

/** One sentence for a person. */
export const explain = (d: Facts, because: Because = {}): string => {
  const { balance, amounts, makings = [], promised, reporters = [] } = because;
  switch (d.kind) {
    case 'movement-not-recorded':
      return `${amount(d)} came from ${d.from ?? 'elsewhere'} to ${d.place ?? 'an unknown place'} by ${day(d)}, and no event says how.`;
    case 'over-used':
      return `${amount(d)} more was used${at(d)} on ${day(d)} than the record can account for.`;
    case 'more-out-than-in': {
      const sums = balance ? `: ${text(balance.came)} from ${text(balance.went)}` : '';
      const beyond = balance?.tolerance === undefined ? '' : `, beyond the tolerance of ${balance.tolerance}`;
      return `${amount(d)} more came out${at(d)} on ${day(d)} than went in${sums}${beyond}.`;
    }
    case 'out-of-order':
      return `${amount(d)} was used or shipped before the record has it made or received, first on ${day(d)}.`;
    case 'dates-contradict':
      return because.production
        ? contradiction(because.production)
        : 'The stated production date is after the lot was made or used, or before that of an input.';
    case 'used-after-expiry':
      return `${amount(d)} was used${at(d)} on ${day(d)}, but expired on ${because.expiry ?? 'an earlier day'}.`;
    case 'shipped-after-expiry':
      return `${amount(d)} was shipped${from(d)} on ${day(d)}, but expired on ${because.expiry ?? 'an earlier day'}.`;
    case 'used-while-held':
      return `${amount(d)} was used${at(d)} on ${day(d)} while the lot was ${because.kept ?? 'on hold'}.`;
    case 'shipped-while-held':
      return `${amount(d)} was shipped${from(d)} on ${day(d)} while the lot was ${because.kept ?? 'on hold'}.`;
    case 'not-received': {
      const left = because.shippedOn === undefined ? '' : ` on ${because.shippedOn}`;
      return `${amount(d)} shipped${left} to ${d.place ?? 'a place of ours'} was due on ${day(d)} and has not arrived.`;
    }
    case 'unit-mismatch': {
      const others = because.units ? `in ${all(because.units)}` : 'in other units';
      return `${amount(d)} was used or shipped${at(d)} on ${day(d)}, but the record has the lot ${others} only.`;
    }
    case 'quantity-assumed':
      return `No quantity was given on ${day(d)}: all${at(d)} (${d.amount ? amount(d) : 'nothing on record'}) is taken as meant.`;
    case 'contents-unknown':
      return `The unit left${from(d)} on ${day(d)} and no list says what it held.`;
    case 'unpack-not-recorded':
      return `${amount(d)} was taken out of unit ${d.unit ?? ''}${at(d)} on ${day(d)}, and no event says that it was unpacked.`;
    case 'lot-not-stated':
      return `${amount(d)} of the item was named without its lot${at(d)} on ${day(d)}: what it was cannot be traced further.`;
    case 'code-reused': {
      const [first, again] = makings.map((m) => `on ${m.day}${m.place === null ? '' : ` at ${m.place}`}`);
      return first === undefined || again === undefined
        ? 'The same lot code was made by different parties or again long after: it may be two lots.'
        : `Made ${first} and again ${again}: the one lot code may name two lots.`;
    }
    case 'suspected-duplicate': {
      const by = reporters.length > 1 ? `, by ${all(reporters)},` : '';
      return `Two events${by} say the same of ${amount(d)}${at(d)} at nearly the same time on ${day(d)} without a shared id.`;
    }
    case 'commitment-broken':
      return promised
        ? `${text(promised.amount)}${at(d)} is promised by ${all(promised.by)}, but only ${text(promised.onHand)} is there.`
        : `${amount(d)}${at(d)} is promised beyond what is on hand.`;
    case 'confirmed-differently':
      return amounts
        ? `The command said ${text(amounts.said)}${at(d)}, the fact that confirms it says ${text(amounts.done)}.`
        : `The fact differs from the command it confirms by ${amount(d)}${at(d)}.`;
  }
};
