import type { Act, CommandAct, SentFact, Story } from './act.js';
import { CONSIGNEES, ITEMS, kg, lotOf, PLANT, SHOP, SUPPLIER } from './places.js';
import { randomOf } from '#simulator';

const enc = encodeURIComponent;

const fact = (id: string, type: string, time: string, data: object): SentFact => ({
  form: 'native',
  identity: `fact:urn:chaos:fact:${id}`,
  body: { specversion: '1.0', id: `urn:chaos:fact:${id}`, source: 'urn:chaos:plant', type, time, data },
});

/**
 * A lot is recalled while it is still being dispatched, made into other lots and shipped by facts that come late: the scope
 * widens, what it finds is held, everyone who got any of it is told once.
 */
export const recallStory = (seed: number, name: string): Story => {
  const random = randomOf(seed, 'recall', name);
  const item = random.pick(ITEMS);
  const lot = lotOf(item, `X${name}`);
  const made = lotOf(random.pick(ITEMS), `Y${name}`);
  const [first, second] = [`S-${name}-1`, `S-${name}-2`];
  const command = (act: string, app: CommandAct['app'], path: string, body: object, more = {}): CommandAct => ({
    ...{ kind: 'command', name: `${name}-${act}`, app, path, body: { ...body } },
    ...more,
  });
  const plan = (shipment: string, consignee: string): CommandAct =>
    command(
      `plan-${shipment}`,
      'shipping',
      '/shipping/shipments',
      { shipment, from: PLANT, to: SHOP, consignee, lines: [{ lot, amount: kg(3) }] },
      { proof: `planned:${shipment}` },
    );
  const dispatch = (shipment: string): CommandAct =>
    command(
      `dispatch-${shipment}`,
      'shipping',
      `/shipping/shipments/${enc(shipment)}/dispatch`,
      {},
      {
        proof: `dispatched:${shipment}`,
        mayBeRefused: true,
      },
    );
  const facts = [
    fact(`${name}:made`, 'ProductionRecorded', '2026-03-03T08:00:00Z', {
      place: PLANT,
      inputs: [{ lot, quantity: kg(2) }],
      outputs: [{ lot: made, quantity: kg(2) }],
    }),
    fact(`${name}:out`, 'GoodsShipped', '2026-03-04T08:00:00Z', {
      from: PLANT,
      to: SHOP,
      consignee: CONSIGNEES[2],
      shipmentId: `F-${name}`,
      goods: [{ lot: made, quantity: kg(1) }],
    }),
  ].map((each, index): Act => ({
    ...{ kind: 'capture', name: `${name}-late-${index}`, facts: [each], times: random.int(1, 2) },
    door: random.chance(0.5) ? 'kafka' : 'http-batch',
  }));
  const open = command(
    'open',
    'recalls',
    '/recalls/cases',
    { case: `C-${name}`, reason: 'glass', class: 'I', suspects: [{ lot }] },
    { proof: `case:C-${name}` },
  );
  return {
    name,
    steps: [
      [
        command(
          'receive',
          'inventory',
          '/inventory/receipts',
          ...[{ receipt: name, item, lotCode: `X${name}`, amount: kg(10), place: PLANT, supplier: SUPPLIER }],
          { proof: `receipt:${name}` },
        ),
        plan(first, CONSIGNEES[0]),
        plan(second, CONSIGNEES[1]),
      ],
      [dispatch(first)],
      random.shuffled<Act>([open, dispatch(second), facts[0]!]),
      [facts[1]!],
      ...(random.chance(0.3)
        ? [[command('close', 'recalls', `/recalls/cases/${enc(`C-${name}`)}/close`, { reason: 'all accounted for' })]]
        : []),
    ],
  };
};
