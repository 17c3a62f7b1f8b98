import { checkDigit } from '#kernel';
import type { CaptureAct, Door, SentFact, Story } from './act.js';
import { CONSIGNEES, ITEMS, kg, lotOf, OTHER_SHOP, PLANT, SHOP, SUPPLIER } from './places.js';
import { randomOf, type Random } from '#simulator';

const CONTEXT = ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'];
export const EPCIS_CONTEXT = CONTEXT;
const SOURCE = 'urn:chaos:plant';

/** Minutes of 1 March 2026: when it happened, whatever the order it is told in. */
const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 6, minute)).toISOString().replace('.000Z', 'Z');

/** What one fact says, before it is told as a CloudEvent or as an EPCIS event. */
interface Told {
  key: string;
  minute: number;
  native?: { type: string; data: Readonly<Record<string, unknown>> };
  epcis?: Readonly<Record<string, unknown>>;
}

const nativeFact = (story: string, { key, minute, native }: Told): SentFact => {
  const id = `urn:chaos:fact:${story}:${key}`;
  return {
    form: 'native',
    identity: `fact:${id}`,
    body: { specversion: '1.0', id, source: SOURCE, type: native?.type, time: at(minute), data: native?.data },
  };
};

const epcisFact = (story: string, { key, minute, epcis }: Told, declared = false): SentFact => {
  const eventID = `urn:chaos:event:${story}:${key}`;
  return {
    form: 'epcis',
    identity: `${declared ? 'declaration' : 'fact'}:${eventID}`,
    body: {
      eventID,
      eventTime: at(minute),
      eventTimeZoneOffset: '+00:00',
      ...epcis,
      ...(declared && {
        errorDeclaration: { declarationTime: '2026-03-02T06:00:00Z', reason: 'incorrect_data' },
      }),
    },
  };
};

const native = (key: string, minute: number, type: string, data: Told['epcis'] & object): Told => ({
  key,
  minute,
  native: { type, data },
});

const ssccOf = (random: Random): string => {
  const digits = `0950600${String(random.int(0, 9_999_999_999)).padStart(10, '0')}`;
  return `https://id.gs1.org/00/${digits}${checkDigit(digits)}`;
};

/**
 * A day in the plant's life: raw material comes, is made into something, is packed, shipped, received elsewhere; some of it
 * is scrapped, dated, moved; some of what is told was wrong and is voided.
 */
const dayInTheLife = (random: Random, story: string): SentFact[] => {
  const raw = lotOf('09506000134352', `R${story}`);
  const made = lotOf('09506000134369', `M${story}`);
  const run = `urn:chaos:run:${story}`;
  const unit = ssccOf(random);
  const packed = String(random.int(5, 20));
  const shipped = String(random.int(5, 20));
  const shipmentId = `F-${story}`;
  const consignee = random.pick(CONSIGNEES);
  const shop = random.pick([SHOP, OTHER_SHOP]);
  const quantities = (lot: string, quantity: string) => [{ epcClass: lot, quantity: Number(quantity), uom: 'KGM' }];

  const received = native('received', 0, 'GoodsReceived', {
    place: PLANT,
    supplier: SUPPLIER,
    goods: [
      {
        lot: raw,
        quantity: kg(100),
        supplierLot: `S${story}`,
        dates: { production: '2026-02-20', expiry: '2099-04-01' },
      },
    ],
  });
  const produced: Told = {
    ...native('produced', 30, 'ProductionRecorded', {
      place: PLANT,
      runId: run,
      inputs: [{ lot: raw, quantity: kg(60) }],
      outputs: [{ lot: made, quantity: kg(58), dates: { production: '2026-03-01', expiry: '2099-05-01' } }],
    }),
    epcis: {
      type: 'TransformationEvent',
      bizStep: 'commissioning',
      bizLocation: { id: PLANT },
      transformationID: run,
      inputQuantityList: quantities(raw, '60'),
      outputQuantityList: quantities(made, '58'),
    },
  };
  const pack: Told = {
    ...native('packed', 60, 'UnitPacked', { unit, place: PLANT, goods: [{ lot: made, quantity: kg(packed) }] }),
    epcis: {
      type: 'AggregationEvent',
      action: 'ADD',
      bizStep: 'packing',
      bizLocation: { id: PLANT },
      parentID: unit,
      childQuantityList: quantities(made, packed),
    },
  };
  const ship: Told = {
    ...native('shipped', 90, 'GoodsShipped', {
      from: PLANT,
      to: shop,
      consignee,
      shipmentId,
      units: [unit],
      goods: [{ lot: made, quantity: kg(shipped) }],
    }),
    epcis: {
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep: 'shipping',
      readPoint: { id: PLANT },
      epcList: [unit],
      quantityList: quantities(made, shipped),
      destinationList: [
        { type: 'owning_party', destination: consignee },
        { type: 'location', destination: shop },
      ],
    },
  };
  const arrive = native('delivered', 200, 'GoodsDelivered', {
    place: shop,
    consignee,
    shipmentId,
    units: [unit],
    goods: [{ lot: made, quantity: kg(shipped) }],
  });
  const more: Told[] = [
    native('scrapped', 120, 'LotScrapped', { place: PLANT, goods: [{ lot: raw, quantity: kg(random.int(1, 5)) }] }),
    native('dated', 10, 'LotDatesStated', { lots: [{ lot: raw, dates: { expiry: '2099-03-15' } }] }),
    native('moved', 20, 'LotMoved', {
      from: PLANT,
      to: `${PLANT}/254/COLD`,
      goods: [{ lot: raw, quantity: kg(random.int(1, 30)) }],
    }),
  ];

  const facts = [received, ...[produced, pack, ship].filter(() => random.chance(0.9)), arrive].map((told) =>
    told.epcis !== undefined && random.chance(0.5) ? epcisFact(story, told) : nativeFact(story, told),
  );
  for (const told of more) if (random.chance(0.5)) facts.push(nativeFact(story, told));
  if (random.chance(0.5)) {
    // Wrong, and voided: whichever of the two arrives first.
    const wrong = native('wrong', 100, 'LotScrapped', { place: PLANT, goods: [{ lot: made, quantity: kg(7) }] });
    const told = nativeFact(story, wrong);
    facts.push(
      told,
      nativeFact(story, native('void', 300, 'FactVoided', { voids: told.body.id, reason: 'misreported' })),
    );
  }
  if (random.chance(0.5)) {
    const wrong: Told = {
      key: 'declared',
      minute: 110,
      epcis: {
        type: 'ObjectEvent',
        action: 'ADD',
        bizStep: 'commissioning',
        bizLocation: { id: PLANT },
        quantityList: quantities(made, '11'),
      },
    };
    facts.push(epcisFact(story, wrong), epcisFact(story, wrong, true));
  }
  return facts;
};

/** Facts that the door has to refuse, each for a reason of its own. */
const badFacts = (random: Random, story: string): SentFact[] => {
  const lot = lotOf(random.pick(ITEMS), `B${story}`);
  const fact = nativeFact(story, native('bad', 0, 'GoodsReceived', {}));
  return [
    random.pick([
      {
        ...fact,
        body: { ...fact.body, data: { place: PLANT, goods: [{ lot, quantity: { value: '-3', unit: 'KGM' } }] } },
        refusal: 'out-of-range',
      },
      { ...fact, body: { ...fact.body, type: 'GoodsRecieved', data: { place: PLANT } }, refusal: 'unknown-event-type' },
      { ...fact, body: { ...fact.body, data: { goods: [{ lot, quantity: kg(3) }] } }, refusal: 'missing-field' },
    ]),
  ];
};

const NATIVE_DOORS: readonly Door[] = ['http-single', 'http-batch', 'kafka'];
const EPCIS_DOORS: readonly Door[] = ['http-single', 'document', 'kafka', 'kafka-document'];

/** What must not be handed over together: one door takes one form. */
const acts = (random: Random, name: string, facts: readonly SentFact[]): CaptureAct[] => {
  const made: CaptureAct[] = [];
  for (const form of ['native', 'epcis'] as const) {
    const doors = form === 'native' ? NATIVE_DOORS : EPCIS_DOORS;
    let rest = facts.filter((fact) => fact.form === form);
    while (rest.length > 0) {
      const door = random.pick(doors);
      const size = door === 'http-single' || door === 'kafka' ? 1 : random.int(1, rest.length);
      made.push({
        kind: 'capture',
        name: `${name}-${form}-${made.length}`,
        door,
        facts: rest.slice(0, size),
        times: random.chance(0.25) ? 2 : 1,
      });
      rest = rest.slice(size);
    }
  }
  return random.shuffled(made);
};

/** Facts of one day told in any order, through several doors, some of them twice and by two doors, some not to be taken. */
export const factStory = (seed: number, name: string): Story => {
  const random = randomOf(seed, 'facts', name);
  const facts = random.shuffled(dayInTheLife(random, name));
  const all = acts(random, name, [...facts, ...(random.chance(0.3) ? badFacts(random, name) : [])]);
  const again = acts(
    random,
    `${name}-again`,
    facts.filter(() => random.chance(0.2)),
  );
  const steps: CaptureAct[][] = [];
  for (let rest = random.shuffled([...all, ...again]); rest.length > 0;) {
    const together = random.int(1, 3);
    steps.push(rest.slice(0, together));
    rest = rest.slice(together);
  }
  return { name, steps };
};
