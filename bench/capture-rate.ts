/**
 * The capture rate of one client over HTTP in batches of 1,000 events, each batch sent when the one before is recorded:
 * EPCIS documents by their jobs, then native facts. The server is a process of its own, on the PostgreSQL of DATABASE_URL
 * or (fsync on) an embedded one in a temporary directory.
 *
 *   node --import ./libs/testkit/src/run-ts/register.mjs bench/capture-rate.ts [batches]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
// Not by #testkit: that needs Jest.
import { spawnTs } from '../libs/testkit/src/run-ts/spawn-ts.js';

const BATCH = 1_000;
const batches = Number(process.argv[2] ?? 20);

const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (response.status !== 202) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
};

const epcisDocument = (batch: number): unknown => ({
  '@context': ['https://ref.gs1.org/standards/epcis/epcis-context.jsonld', { dairy: 'https://dairy.example/epcis/' }],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-01-17T10:00:00Z',
  epcisBody: {
    eventList: Array.from({ length: BATCH }, (_, n) => ({
      type: 'ObjectEvent',
      eventID: `urn:bench:event:${batch}:${n}`,
      eventTime: '2026-01-17T09:30:00.000+01:00',
      eventTimeZoneOffset: '+01:00',
      action: 'OBSERVE',
      bizStep: 'shipping',
      disposition: 'in_transit',
      readPoint: { id: 'urn:epc:id:sgln:952132100001.0.0' },
      quantityList: [{ epcClass: `urn:epc:class:lgtin:9521321.000003.Y-${batch}`, quantity: n + 0.5, uom: 'KGM' }],
      destinationList: [{ type: 'owning_party', destination: 'urn:epc:id:pgln:9521987.00000' }],
      'dairy:truck': 'T-7',
    })),
  },
});

const cloudEvents = (batch: number): unknown =>
  Array.from({ length: BATCH }, (_, n) => ({
    specversion: '1.0',
    id: `urn:bench:fact:${batch}:${n}`,
    source: 'urn:dairy:wms',
    type: 'LotMoved',
    time: '2026-01-17T09:30:00+01:00',
    data: {
      from: 'https://id.gs1.org/414/9521321000018/254/INTAKE',
      to: 'https://id.gs1.org/414/9521321000018/254/COLD-2',
      goods: [{ lot: { item: '09521321000032', lotCode: `Y-${batch}` }, quantity: { value: `${n}.5`, unit: 'KGM' } }],
    },
  }));

const sendEpcis = async (url: string, batch: number): Promise<void> => {
  const location = (await post(`${url}/epcis/capture`, epcisDocument(batch))).headers.get('location') ?? '';
  for (;;) {
    const job = (await (await fetch(url + location)).json()) as { running: boolean; success: boolean };
    if (!job.running && job.success) return;
    if (!job.running) throw new Error(JSON.stringify(job));
    await sleep(2);
  }
};

/** Processor time a process has used, in seconds (Linux): tells more than the clock where others use the machine too. */
const processorTime = async (pid: number): Promise<number> => {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

const measure = async (name: string, pid: number, send: (batch: number) => Promise<void>): Promise<void> => {
  for (let batch = 0; batch < 3; batch++) await send(-1 - batch); // The code gets warm.
  const before = await processorTime(pid);
  const start = performance.now();
  for (let batch = 0; batch < batches; batch++) await send(batch);
  const seconds = (performance.now() - start) / 1_000;
  const rate = Math.round((batches * BATCH) / seconds);
  const busy = ((await processorTime(pid)) - before).toFixed(2);
  process.stdout.write(
    `${name}: ${batches} x ${BATCH} events in ${seconds.toFixed(2)} s: ${rate} events/s; ${busy} s of processor time\n`,
  );
};

const dataDir = await mkdtemp(join(tmpdir(), 'lotline-bench-'));
const server = spawnTs(new URL('../apps/capture/src/main.ts', import.meta.url), [], {
  PORT: '0',
  LOTLINE_DATA_DIR: dataDir,
  LOG_LEVEL: 'info',
});
try {
  const url = /http:\/\/[^"\s]+/.exec(await server.line(/listens on http/))?.[0] ?? '';
  const pid = server.process.pid ?? 0;
  await measure('EPCIS documents', pid, (batch) => sendEpcis(url, batch));
  await measure('native facts', pid, async (batch) => {
    await post(`${url}/events`, cloudEvents(batch));
  });
} finally {
  server.process.kill('SIGTERM');
  await server.ended;
  await rm(dataDir, { recursive: true, force: true });
}
