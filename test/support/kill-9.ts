import type { RunningTs } from '#testkit';
import { apiOf, until, type Api } from './start-standalone.js';

export interface Acknowledged {
  /** Ids of events answered with 201, or counted by a 202. */
  events: Set<string>;
  /** Capture jobs answered with 202, and the ids of their events. */
  jobs: Set<string>;
}

const CLIENTS = 6;
const DOCUMENT_EVENTS = 40;

const epcisEvent = (eventID: string, lot: string) => ({
  type: 'ObjectEvent',
  eventID,
  eventTime: '2026-03-01T08:00:00Z',
  eventTimeZoneOffset: '+01:00',
  action: 'ADD',
  bizStep: 'commissioning',
  bizLocation: { id: 'urn:example:place:plant' },
  quantityList: [{ epcClass: `urn:example:lot:${lot}`, quantity: 10, uom: 'KGM' }],
});

const documentOf = (eventList: unknown[]) => ({
  '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-03-01T09:00:00Z',
  epcisBody: { eventList },
});

const jobOf = (location: string, ids: readonly string[]): string => JSON.stringify({ location, ids });

/** One client: a single event and a document in turn, until the process is gone. */
const client = async (api: Api, name: string, acknowledged: Acknowledged, acknowledge: () => void): Promise<void> => {
  for (let n = 0; ; n++) {
    const id = `urn:example:event:${name}-${n}`;
    try {
      if (n % 2 === 0) {
        const { status } = await api('POST', '/epcis/events', {
          body: {
            '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
            ...epcisEvent(id, `${name}-${n}`),
          },
        });
        if (status !== 201) throw new Error(`event answered ${status}`);
        acknowledged.events.add(id);
      } else {
        const ids = Array.from({ length: DOCUMENT_EVENTS }, (_, i) => `${id}-${i}`);
        const { status, headers } = await api('POST', '/epcis/capture', {
          body: documentOf(ids.map((eventId, i) => epcisEvent(eventId, `${name}-${n}-${i}`))),
        });
        if (status !== 202) throw new Error(`document answered ${status}`);
        acknowledged.jobs.add(jobOf(new URL(headers.location ?? '', 'http://lotline').pathname, ids));
      }
      acknowledge();
    } catch (error) {
      // The connection breaks when the process dies: that is what this is about. Anything else is a finding.
      if ((error as Error).name === 'TypeError') return;
      throw error;
    }
  }
};

/** Captures from several clients at once and kills the process after so many acknowledgements. */
export const captureUntilKilled = async (
  url: string,
  name: string,
  acknowledged: Acknowledged,
  after: number,
  running: RunningTs,
): Promise<void> => {
  const api = apiOf(url);
  let left = after;
  const acknowledge = (): void => {
    if (--left === 0) running.process.kill('SIGKILL');
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(api, `${name}-${i}`, acknowledged, acknowledge)));
};

/** Every acknowledged event can be read back, jobs have finished by themselves, and the ledger counts each event once. */
export const everythingAcknowledged = async (url: string, { events, jobs }: Acknowledged): Promise<void> => {
  const api = apiOf(url);
  const expected = [...events];
  for (const job of jobs) {
    const { location, ids } = JSON.parse(job) as { location: string; ids: string[] };
    await until(`job ${location} finished`, async () => {
      const { status, body } = await api('GET', location);
      if (status !== 200) throw new Error(`acknowledged job ${location} answered ${status}`);
      if (!body.running && !body.success) throw new Error(`job ${location} failed: ${JSON.stringify(body.errors)}`);
      return !body.running;
    });
    expected.push(...ids);
  }
  for (const id of expected) {
    const { status, body } = await api('GET', `/epcis/events/${encodeURIComponent(id)}`);
    if (status !== 200 || body.eventID !== id) throw new Error(`acknowledged event ${id} answered ${status}`);
  }
  // A lot of each event was made once: counted twice it would have 20 KGM.
  for (const id of expected.slice(-5)) {
    const lot = id.replace('urn:example:event:', 'urn:example:lot:');
    await until(`the ledger of ${lot}`, async () => {
      const { status, body } = await api('GET', `/genealogy/lots/${encodeURIComponent(lot)}`);
      if (status === 404) return false;
      if (body.made?.[0]?.value !== '10') throw new Error(`${lot} was made ${JSON.stringify(body.made)}`);
      return true;
    });
  }
};
