import type { Verb } from '../../happening.js';

/** What an ObjectEvent says, by action and business step. */
export const objectVerb = (action: string, step: string | undefined, hasPlace: boolean): Verb => {
  if (step === 'receiving') return 'receive';
  if (action === 'ADD') return 'make';
  if (step === 'void_shipping') return 'unship';
  if (step === 'shipping') return 'ship';
  if (action === 'DELETE')
    return step === 'consuming' ? 'consume' : step === 'retail_selling' || step === 'dispensing' ? 'sell' : 'scrap';
  if (step === 'stock_taking' || step === 'cycle_counting') return 'count';
  return hasPlace ? 'observe' : 'note';
};

/** What an AggregationEvent says of its contents. */
export const aggregationVerb = (action: string): Verb =>
  action === 'ADD' ? 'pack' : action === 'DELETE' ? 'unpack' : 'contain';

/** What an AggregationEvent says of its unit besides: a packing list may come with the departure or the arrival itself. */
export const unitVerb = (step: string | undefined): Verb | undefined =>
  step === 'shipping' ? 'ship' : step === 'receiving' ? 'receive' : step === 'void_shipping' ? 'unship' : undefined;
