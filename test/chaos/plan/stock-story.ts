import type { Act, CommandAct, SentFact, Story } from './act.js';
import { CONSIGNEES, ITEMS, kg, lotOf, PLANT, SUPPLIER } from './places.js';
import { randomOf, type Random } from '#simulator';

const enc = encodeURIComponent;

interface Given {
  random: Random;
  story: string;
  item: string;
  lot: string;
}

type Kind = (given: Given) => Act[][];

const post = (
  name: string,
  app: CommandAct['app'],
  path: string,
  body: CommandAct['body'],
  more: Partial<CommandAct> = {},
): CommandAct => ({ kind: 'command', name, app, path, body, ...more });

const receive = ({ story, item, lot }: Given, more: Record<string, unknown> = {}): CommandAct =>
  post(
    `${story}-receive`,
    'inventory',
    '/inventory/receipts',
    {
      receipt: story,
      item,
      lotCode: lot.split('/').at(-1),
      amount: kg(10),
      place: PLANT,
      supplier: SUPPLIER,
      dates: { expiry: '2099-12-31' },
      ...more,
    },
    { proof: `receipt:${story}` },
  );

const issue = (name: string, lot: string, amount: number): CommandAct =>
  post(
    name,
    'inventory',
    '/inventory/issues',
    { reference: `order:${name}`, lines: [{ lot, place: PLANT, amount: kg(amount) }] },
    { proof: `issue:order:${name}:1`, mayBeRefused: true },
  );

const allocate = (name: string, to: string, lot: string, amount: number): CommandAct =>
  post(
    name,
    'inventory',
    '/inventory/allocations',
    { allocation: name, for: to, lines: [{ lot, place: PLANT, amount: kg(amount) }] },
    { proof: `allocation:${name}`, mayBeRefused: true },
  );

const hold = (name: string, lot: string): CommandAct =>
  post(
    name,
    'inventory',
    `/inventory/lots/${enc(lot)}/holds`,
    { holdId: name, reason: 'a doubt' },
    { proof: `hold:${lot}:${name}` },
  );

const lift = (name: string, holdId: string, lot: string): CommandAct =>
  post(
    name,
    'inventory',
    `/inventory/lots/${enc(lot)}/holds/${enc(holdId)}/lift`,
    { reason: 'no doubt left' },
    { proof: `lift:${lot}:${holdId}` },
  );

const plan = ({ random, story, lot }: Given, shipment: string, amount: number): CommandAct =>
  post(
    `${story}-plan-${shipment}`,
    'shipping',
    '/shipping/shipments',
    { shipment, from: PLANT, consignee: random.pick(CONSIGNEES), lines: [{ lot, amount: kg(amount) }] },
    { proof: `planned:${shipment}` },
  );

const dispatch = (name: string, shipment: string): CommandAct =>
  post(
    name,
    'shipping',
    `/shipping/shipments/${enc(shipment)}/dispatch`,
    {},
    {
      proof: `dispatched:${shipment}`,
      mayBeRefused: true,
    },
  );

const transform = (name: string, lot: string, amount: number, output: string): CommandAct =>
  post(
    name,
    'production',
    '/production/transformations',
    {
      transformation: name,
      place: PLANT,
      inputs: [{ lot, amount: kg(amount) }],
      outputs: [{ lot: output, amount: kg(amount) }],
    },
    { proof: `transformation:urn:lotline:transformation:${enc(name)}`, mayBeRefused: true },
  );

/** Two and more want the last of it: 10 are there, each asks for 6 or more. */
const lastKilo: Kind = (given) => {
  const { random, story, lot } = given;
  const callers = random.shuffled<Act>([
    issue(`${story}-a`, lot, random.int(6, 9)),
    issue(`${story}-b`, lot, random.int(6, 9)),
    allocate(`${story}-c`, `order:${story}-c`, lot, random.int(6, 9)),
    transform(`${story}-t`, lot, random.int(6, 9), lotOf(given.item, `T${story}`)),
  ]);
  return [callers.slice(0, random.int(2, 4)), [issue(`${story}-rest`, lot, random.int(1, 4))]];
};

/** A hold against a dispatch of the same lot, from two sides at once. */
const holdAgainstDispatch: Kind = (given) => {
  const { random, story, lot } = given;
  const shipment = `S-${story}`;
  const holdId = `${story}-hold`;
  return [
    [plan(given, shipment, random.int(2, 10))],
    random.shuffled<Act>([
      hold(holdId, lot),
      dispatch(`${story}-dispatch-1`, shipment),
      ...(random.chance(0.5) ? [dispatch(`${story}-dispatch-2`, shipment)] : []),
    ]),
    [dispatch(`${story}-dispatch-3`, shipment)],
    [lift(`${story}-lift`, holdId, lot)],
    [dispatch(`${story}-dispatch-4`, shipment)],
    [{ kind: 'read', name: `${story}-read`, app: 'inventory', path: `/inventory/lots/${enc(lot)}` }],
  ];
};

/** Two shipments want more than there is; one has a promise. */
const twoShipments: Kind = (given) => {
  const { random, story, lot } = given;
  const [one, two] = [`S-${story}-1`, `S-${story}-2`];
  return [
    [plan(given, one, random.int(6, 10)), plan(given, two, random.int(5, 10))],
    [allocate(`${story}-promise`, `shipment:${one}`, lot, random.int(3, 8))],
    random.shuffled<Act>([dispatch(`${story}-d1`, one), dispatch(`${story}-d2`, two), issue(`${story}-i`, lot, 5)]),
  ];
};

/** Given out, given back, and wanted by the next at the same moment. */
const givenBack: Kind = ({ random, story, lot }) => {
  const amount = random.int(6, 10);
  const undo = post(`${story}-undo`, 'inventory', `/inventory/issues/${enc(`order:${story}-a`)}/undo`, {
    attempt: 1,
    reason: 'not needed',
  });
  return [[issue(`${story}-a`, lot, amount)], random.shuffled<Act>([undo, issue(`${story}-b`, lot, amount)])];
};

/** Scrapped while somebody takes it. */
const scrapped: Kind = ({ random, story, lot }) => [
  random.shuffled<Act>([
    post(
      `${story}-scrap`,
      'inventory',
      '/inventory/scraps',
      { scrap: story, lot, place: PLANT, amount: kg(random.int(5, 9)), reason: 'dropped' },
      { proof: `scrap:${story}`, mayBeRefused: true },
    ),
    issue(`${story}-a`, lot, random.int(5, 9)),
  ]),
];

/** In quarantine until quality says otherwise. */
const quarantined: Kind = ({ random, story, lot }) => [
  random.shuffled<Act>([
    issue(`${story}-early`, lot, 5),
    post(
      `${story}-release`,
      'inventory',
      `/inventory/lots/${enc(lot)}/release`,
      { reason: 'inspected' },
      {
        proof: `released:${lot}`,
      },
    ),
  ]),
  [issue(`${story}-late`, lot, 8)],
];

const scrapFact = ({ story, lot }: Given, amount: number): SentFact => {
  const id = `urn:chaos:fact:${story}:scrapped`;
  return {
    form: 'native',
    identity: `fact:${id}`,
    body: {
      ...{ specversion: '1.0', id, source: 'urn:chaos:plant', type: 'LotScrapped', time: '2026-03-05T10:00:00Z' },
      data: { place: PLANT, goods: [{ lot, quantity: kg(amount) }] },
    },
  };
};

/** A fact takes what commands want too: it is recorded in any case, and the books go without. */
const factAgainstCommand: Kind = (given) => {
  const { random, story, lot } = given;
  return [
    [
      { kind: 'capture', name: `${story}-fact`, door: 'http-batch', facts: [scrapFact(given, 4)], times: 1 },
      issue(`${story}-a`, lot, random.int(5, 9)),
    ],
    [issue(`${story}-b`, lot, random.int(1, 6))],
  ];
};

const KINDS: readonly Kind[] = [
  lastKilo,
  holdAgainstDispatch,
  holdAgainstDispatch,
  twoShipments,
  givenBack,
  scrapped,
  quarantined,
  factAgainstCommand,
];

/** One lot, received by command, and callers who want more of it than may be had. */
export const stockStory = (seed: number, name: string): Story => {
  const random = randomOf(seed, 'stock', name);
  const item = random.pick(ITEMS);
  const given: Given = { random, story: name, item, lot: lotOf(item, `K${name}`) };
  const kind = random.pick(KINDS);
  const received = receive(given, kind === quarantined ? { quarantine: true } : {});
  const read: Act = { kind: 'read', name: `${name}-see`, app: 'inventory', path: `/inventory/lots/${enc(given.lot)}` };
  return { name, steps: [[received], [read], ...kind(given)] };
};
