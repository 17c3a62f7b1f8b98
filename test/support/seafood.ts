import { readFileSync } from 'node:fs';
import type { Standalone } from './start-standalone.js';

export const file = new URL('../../examples/seafood-gdst.epcis.jsonld', import.meta.url);
export const text = readFileSync(file, 'utf8');

interface EpcisDocument {
  '@context': unknown[];
  epcisHeader: unknown;
  epcisBody: { eventList: { eventID: string }[] };
}
export const document = JSON.parse(text) as EpcisDocument;
export const events = document.epcisBody.eventList;

const lot = (code: string): string => `urn:gdst:example.org:product:lot:class:${code}`;
const party = (code: string): string => `urn:gdst:example.org:party:${code}`;
const place = (code: string): string => `urn:gdst:example.org:location:loc:${code}`;

export const ids = {
  feed: lot('feedmill.1u.ff11252021'),
  hatchery: lot('hatchery.1u.tf12012021'),
  farmed: lot('fishfarm.1u.farmed-tuna-01192022'),
  fisherman: lot('fisherman01.tunau.v1-0122-2022'),
  commingle: lot('processor.10u.commingle-01232022'),
  cans: lot('processor.2u.v1-0122-2022'),
  /** Too short to be an SSCC, hence kept as it came. */
  sscc: 'urn:epc:id:sscc:08600031303.0004',
  plant: place('processor.plant1u'),
  warehouse: place('importer.123u'),
  processor: party('processor.1u'),
  importer: party('importer.1u'),
  fishfarm: party('fishfarm.1u'),
  fishermanParty: party('fisherman01.1u'),
};

/** Sends the file as any upstream system would and waits for its job. @returns the log position of its last event. */
export const captureSeafood = async (lotline: Standalone): Promise<string> => {
  const accepted = await lotline.api('POST', '/epcis/capture', {
    rawBody: text,
    headers: { 'content-type': 'application/ld+json' },
  });
  if (accepted.status !== 202) throw new Error(`capture answered ${accepted.status}`);
  const job = accepted.headers.location ?? '';
  let position = '';
  await lotline.until('the capture job finished', async () => {
    const { body, headers } = await lotline.api('GET', job);
    position = headers['x-log-position'] ?? '';
    const state = body as { running: boolean; success: boolean; errors: unknown[] };
    if (!state.running && !state.success) throw new Error(JSON.stringify(state.errors));
    return !state.running;
  });
  return position;
};
