import type { Act, CommandAct, SentFact, Story } from './act.js';
import { ITEMS, kg, lotOf, PLANT, SUPPLIER } from './places.js';
import { randomOf } from '#simulator';

/** Long past: whatever lead times are set, an alert is due as long as any of it is on hand. */
export const PAST_DAY = '2026-03-20';

/** Lots on hand whose date is over: received by command or told by a fact, or dated only later; each is to be alerted once. */
export const expiryStory = (seed: number, name: string): Story => {
  const random = randomOf(seed, 'expiry', name);
  const item = random.pick(ITEMS);
  const fact = (key: string, type: string, data: object): SentFact => ({
    form: 'native',
    identity: `fact:urn:chaos:fact:${name}:${key}`,
    body: {
      ...{ specversion: '1.0', id: `urn:chaos:fact:${name}:${key}`, source: 'urn:chaos:plant', type },
      ...{ time: '2026-03-02T08:00:00Z', data },
    },
  });
  const told = (key: string, each: SentFact): Act => ({
    ...{ kind: 'capture', name: `${name}-${key}`, facts: [each], times: random.int(1, 2) },
    door: random.chance(0.5) ? 'kafka' : 'http-batch',
  });
  const byCommand: CommandAct = {
    ...{ kind: 'command', name: `${name}-receive`, app: 'inventory', path: '/inventory/receipts' },
    body: {
      ...{ receipt: name, item, lotCode: `E${name}`, amount: kg(5), place: PLANT, supplier: SUPPLIER },
      dates: { expiry: PAST_DAY },
    },
    proof: `receipt:${name}`,
  };
  const lot = lotOf(item, `G${name}`);
  const byFact = told(
    'came',
    fact('came', 'GoodsReceived', { place: PLANT, supplier: SUPPLIER, goods: [{ lot, quantity: kg(5) }] }),
  );
  const dated = told('dated', fact('dated', 'LotDatesStated', { lots: [{ lot, dates: { expiry: PAST_DAY } }] }));
  return {
    name,
    steps: [
      [byCommand, ...random.shuffled([byFact, dated]).slice(0, 1)],
      [byFact, dated],
    ],
  };
};
