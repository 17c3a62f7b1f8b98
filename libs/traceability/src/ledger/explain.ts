import type { Discrepancy } from './types.js';

type Facts = Omit<Discrepancy, 'key' | 'explanation'>;

const amount = (d: Facts): string => (d.amount ? `${d.amount.value} ${d.amount.unit}` : 'an amount not stated');
const at = (d: Facts): string => (d.place === undefined ? '' : ` at ${d.place}`);
const day = (d: Facts): string => d.time.slice(0, 10);

/** One sentence for a person. */
export const explain = (d: Facts): string => {
  switch (d.kind) {
    case 'movement-not-recorded':
      return `${amount(d)} came from ${d.from ?? 'elsewhere'} to ${d.place ?? 'an unknown place'} by ${day(d)}, and no event says how.`;
    case 'over-used':
      return `${amount(d)} more was used${at(d)} on ${day(d)} than the record can account for.`;
    case 'more-out-than-in':
      return `${amount(d)} more came out${at(d)} than went in, beyond the item's tolerance.`;
    case 'out-of-order':
      return `${amount(d)} was used before the record has it made or received (first on ${day(d)}).`;
    case 'dates-contradict':
      return `The stated production date is after the lot was made or used, or before that of an input.`;
    case 'used-after-expiry':
      return `Used${at(d)} on ${day(d)}, after its expiry date.`;
    case 'shipped-after-expiry':
      return `Shipped${at(d) && ` from${at(d).slice(3)}`} on ${day(d)}, after its expiry date.`;
    case 'used-while-held':
      return `Used${at(d)} on ${day(d)} while it was on hold.`;
    case 'shipped-while-held':
      return `Shipped${at(d) && ` from${at(d).slice(3)}`} on ${day(d)} while it was on hold.`;
    case 'not-received':
      return `${amount(d)} shipped to ${d.place ?? 'a place of ours'} was due on ${day(d)} and has not arrived.`;
    case 'unit-mismatch':
      return `Used in ${d.amount?.unit ?? 'a unit'}${at(d)} on ${day(d)}, while the record has the lot in other units only.`;
    case 'quantity-assumed':
      return `No quantity was given on ${day(d)}: all${at(d)} (${d.amount ? amount(d) : 'nothing on record'}) is taken as meant.`;
    case 'contents-unknown':
      return `The unit left${at(d) && ` from${at(d).slice(3)}`} on ${day(d)} and no list says what it held.`;
    case 'unpack-not-recorded':
      return `${amount(d)} was taken out of unit ${d.unit ?? ''}${at(d)} on ${day(d)}, and no event says that it was unpacked.`;
    case 'lot-not-stated':
      return `An item is named without its lot${at(d)} on ${day(d)}: what it was cannot be traced further.`;
    case 'code-reused':
      return `The same lot code was made by different parties or again long after: it may be two lots.`;
    case 'suspected-duplicate':
      return `Two events say the same of ${amount(d)}${at(d)} at nearly the same time (${day(d)}) without a shared id.`;
    case 'commitment-broken':
      return `${amount(d)}${at(d)} is promised beyond what is on hand.`;
    case 'confirmed-differently':
      return `The fact differs from the command it confirms by ${amount(d)}${at(d)}.`;
  }
};
