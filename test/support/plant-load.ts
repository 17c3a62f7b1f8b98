import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Api } from './start-standalone.js';

const CONTEXT = ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'];
const PLANT = 'https://id.gs1.org/414/9506000100016';
const SUPPLIER = 'https://id.gs1.org/417/9506000200020';
const SHOP = 'https://id.gs1.org/417/9506000300027';
export const ITEM = '09506000134352';
const MADE = '09506000134369';
const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });
const enc = encodeURIComponent;

/** What callers were told is done; it must be found, once. */
export interface Done {
  events: string[];
  /** Made of 10 KGM each by one event. */
  lots: string[];
  jobs: string[];
  /** Received 10 KGM each by command. */
  received: string[];
  /** Of these 4, 3 and 2 KGM are gone: by an issue, into a transformation, by a dispatch. */
  issues: string[];
  transformed: string[];
  dispatched: string[];
  /** Answers that are neither success nor "not now", and what was asked. */
  findings: string[];
  answers: number;
}

export const nothingDone = (): Done => ({
  events: [],
  lots: [],
  jobs: [],
  received: [],
  issues: [],
  transformed: [],
  dispatched: [],
  findings: [],
  answers: 0,
});

export const madeEvent = (eventID: string, lot: string): object => ({
  type: 'ObjectEvent',
  eventID,
  eventTime: '2026-03-01T08:00:00Z',
  eventTimeZoneOffset: '+01:00',
  action: 'ADD',
  bizStep: 'commissioning',
  bizLocation: { id: PLANT },
  quantityList: [{ epcClass: lot, quantity: 10, uom: 'KGM' }],
});

export const documentOf = (eventList: readonly object[]): object => ({
  '@context': CONTEXT,
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-03-01T09:00:00Z',
  epcisBody: { eventList },
});

/** Asks until it is answered with success; "not now" (503) is tried again, anything else is a finding. */
const insist = async (done: Done, what: string, ask: () => Promise<Answer>): Promise<Answer | undefined> => {
  for (let attempt = 1; attempt <= 200; attempt++) {
    const answer = await ask();
    done.answers += 1;
    if (answer.status < 300) return answer;
    if (answer.status !== 503) {
      done.findings.push(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return undefined;
    }
    await sleep(20);
  }
  done.findings.push(`${what}: never answered`);
  return undefined;
};

/**
 * One caller of many: captures an event and a document, receives, issues, transforms and dispatches by command, asks, so
 * many rounds. Every request
 * goes to each of the nodes in turn, the same one again where `twice`, as a caller does that lost the answer.
 */
export const work = async (
  nodes: readonly Api[],
  name: string,
  rounds: number,
  done: Done,
  { twice = false } = {},
): Promise<void> => {
  let turn = name.length;
  const send = (what: string, ask: (api: Api) => Promise<Answer>): Promise<Answer | undefined> => {
    const at = turn++;
    const once = (shift: number) => insist(done, what, () => ask(nodes[(at + shift) % nodes.length]!));
    return twice ? Promise.all([once(0), once(1)]).then(([first]) => first) : once(0);
  };
  for (let n = 0; n < rounds; n++) {
    const id = `urn:example:event:${name}-${n}`;
    const lot = `urn:example:lot:${name}-${n}`;
    const single = await send('event', (api) =>
      api('POST', '/epcis/events', { body: { '@context': CONTEXT, ...madeEvent(id, lot) } }),
    );
    if (single) {
      done.events.push(id);
      done.lots.push(lot);
    }
    const ids = Array.from({ length: 20 }, (_, i) => `${id}-${i}`);
    const document = await send('document', (api) =>
      api('POST', '/epcis/capture', { body: documentOf(ids.map((each, i) => madeEvent(each, `${lot}-${i}`))) }),
    );
    if (document) {
      done.jobs.push(new URL(document.headers.location ?? '', 'http://lotline').pathname);
      done.events.push(...ids);
      done.lots.push(`${lot}-0`);
    }
    const receipt = await send('receipt', (api) =>
      api('POST', '/inventory/receipts', {
        body: {
          receipt: `${name}-${n}`,
          item: ITEM,
          lotCode: `${name}-${n}`,
          amount: kg('10'),
          place: PLANT,
          supplier: SUPPLIER,
        },
        headers: { 'idempotency-key': `receipt-${name}-${n}` },
      }),
    );
    const received = receipt?.body.lot as string | undefined;
    if (received === undefined) continue;
    done.received.push(received);
    const issued = await send('issue', (api) =>
      api('POST', '/inventory/issues', {
        body: { reference: `run:${name}-${n}`, lines: [{ lot: received, place: PLANT, amount: kg('4') }] },
        headers: { 'idempotency-key': `issue-${name}-${n}` },
      }),
    );
    if (issued) done.issues.push(received);
    const transformed = await send('transformation', (api) =>
      api('POST', '/production/transformations', {
        body: {
          transformation: `${name}-${n}`,
          place: PLANT,
          inputs: [{ lot: received, amount: kg('3') }],
          outputs: [{ item: MADE, lotCode: `${name}-${n}`, amount: kg('3') }],
        },
        headers: { 'idempotency-key': `transformation-${name}-${n}` },
      }),
    );
    if (transformed) done.transformed.push(received);
    const shipment = `${name}-${n}`;
    await send('plan', (api) =>
      api('POST', '/shipping/shipments', {
        body: { shipment, from: PLANT, consignee: SHOP, lines: [{ lot: received, amount: kg('2') }] },
        headers: { 'idempotency-key': `plan-${name}-${n}` },
      }),
    );
    const dispatched = await send('dispatch', (api) =>
      api('POST', `/shipping/shipments/${shipment}/dispatch`, {
        headers: { 'idempotency-key': `dispatch-${name}-${n}` },
      }),
    );
    if (dispatched) done.dispatched.push(received);
    await send('lot', (api) => api('GET', `/inventory/lots/${enc(received)}`));
    await send('discrepancies', (api) => api('GET', '/genealogy/discrepancies'));
    await send('expiring', (api) => api('GET', '/expiry/lots?before=2099-01-01'));
  }
};
