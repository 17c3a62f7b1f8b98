import { randomUUID } from 'node:crypto';
import type { Answer, Standalone } from './start-standalone.js';

export const kg = (value: string): { value: string; unit: string } => ({ value, unit: 'KGM' });

/** A native fact before it has an id: what happened, when, and what is said of it. */
export interface Said {
  type: string;
  time: string;
  data: object;
  /** The reporting system. */
  source?: string;
  /** Given where a later fact names it. */
  id?: string;
}

export const said = (type: string, time: string, data: object, more: Partial<Said> = {}): Said => ({
  type,
  time,
  data,
  ...more,
});

export const voids = (id: string, time: string): Said => said('FactVoided', time, { voids: id, reason: 'misreported' });

/** An EPCIS event, bare, in the standard's context. */
export const epcis = (event: object): object => ({
  '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
  eventID: `urn:uuid:${randomUUID()}`,
  eventTimeZoneOffset: '+00:00',
  ...event,
});

export interface PlaceOf {
  place: string;
  party?: string;
  /** Places inside it. */
  parts?: string[];
}

/** Sends facts to the composed product and reads what it makes of them, each read seeing all that was sent before. */
export interface Reporter {
  /** @returns the log position of the facts. */
  tell(...facts: Said[]): Promise<string>;
  /** One EPCIS event. @returns its log position. */
  event(event: object): Promise<string>;
  /** Which party each place belongs to, as the header of an EPCIS document. */
  places(places: readonly PlaceOf[]): Promise<void>;
  get(path: string, query?: Record<string, string>): Promise<any>;
  /** Later reads see what stood at this position. */
  seen(answer: Answer): void;
}

export const reporterOf = (lotline: Standalone): Reporter => {
  let position = '';
  const seen = ({ headers }: Answer): void => {
    const at = headers['x-log-position'] ?? '';
    if (at > position) position = at;
  };
  const taken = (answer: Answer, statuses: readonly number[]): string => {
    if (!statuses.includes(answer.status)) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
    seen(answer);
    return answer.headers['x-log-position'] ?? '';
  };
  return {
    seen,
    tell: async (...facts) => {
      const answer = await lotline.api('POST', '/events', {
        body: facts.map(({ id = `urn:uuid:${randomUUID()}`, source = 'urn:test:mes', ...fact }) => ({
          ...{ specversion: '1.0', id, source },
          ...fact,
        })),
      });
      if ((answer.body as { refused?: unknown[] }).refused?.length !== 0)
        throw new Error(JSON.stringify(answer.body, null, 1));
      return taken(answer, [202]);
    },
    event: async (event) => taken(await lotline.api('POST', '/epcis/events', { body: epcis(event) }), [200, 201]),
    places: async (places) => {
      const elements = places.map(({ place, party, parts }) => ({
        id: place,
        attributes: party === undefined ? [] : [{ id: 'urn:epcglobal:cbv:owning_party', attribute: party }],
        ...(parts !== undefined && { children: parts }),
      }));
      const answer = await lotline.api('POST', '/epcis/capture', {
        body: {
          '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld'],
          ...{ type: 'EPCISDocument', schemaVersion: '2.0', creationDate: '2026-01-01T00:00:00Z' },
          epcisHeader: {
            epcisMasterData: {
              vocabularyList: [{ type: 'urn:epcglobal:epcis:vtype:Location', vocabularyElementList: elements }],
            },
          },
          epcisBody: {
            eventList: [
              {
                ...{ type: 'ObjectEvent', action: 'OBSERVE', eventTime: '2026-01-01T00:00:00Z' },
                ...{ eventTimeZoneOffset: '+00:00', bizStep: 'inspecting', epcList: ['urn:test:device:1'] },
              },
            ],
          },
        },
      });
      taken(answer, [202]);
      const job = answer.headers.location ?? '';
      await lotline.until('places known', async () => {
        const state = await lotline.api('GET', job);
        seen(state);
        const { running, success, errors } = state.body as { running: boolean; success: boolean; errors: unknown };
        if (!running && !success) throw new Error(JSON.stringify(errors));
        return !running;
      });
    },
    get: async (path, query = {}) => {
      const answer = await lotline.api(
        'GET',
        `${path}?${new URLSearchParams({ minPosition: position, ...query }).toString()}`,
      );
      if (answer.status !== 200) throw new Error(`${path} ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
  };
};
