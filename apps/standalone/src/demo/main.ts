import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { startApp } from '#platform';
import { canonicalId } from '#kernel';
import { StandaloneModule } from '../standalone.module.js';
import { captureFiles } from './capture.js';
import { type Client, clientOf, Trouble } from './client.js';
import { tellRecall } from './recall-story.js';
import { tellDiscrepancies, tellExpiry } from './shelf-story.js';
import { chooseLot, tellTrace } from './trace-story.js';

const SEAFOOD = 'examples/seafood-gdst.epcis.jsonld';
const FEED = 'urn:gdst:example.org:product:lot:class:feedmill.1u.ff11252021';

const say = (text: string): void => console.log(text);

interface Wanted {
  files: readonly string[];
  lot: string | undefined;
}

/** The whole story, through the HTTP API as any other system would use it. */
const tell = async (client: Client, { files, lot: wantedLot }: Wanted): Promise<void> => {
  const position = await captureFiles(client, files, say);
  const lot = wantedLot === undefined ? await chooseLot(client, position) : canonicalId(wantedLot).id;
  await tellTrace(client, lot, position, say);
  await tellExpiry(client, position, say);
  await tellDiscrepancies(client, position, say);
  await tellRecall(client, lot, position, say);
};

/** On a Lotline of its own, gone afterwards. */
const onItsOwn = async (wanted: Wanted): Promise<void> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lotline-demo-'));
  // As root the database server runs as a user of its own, who has to get there.
  await chmod(dataDir, 0o711);
  try {
    const running = await startApp(StandaloneModule, {
      name: 'standalone',
      env: {
        PATH: process.env.PATH,
        LOTLINE_DATA_DIR: dataDir,
        PORT: '0',
        LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal',
      },
    });
    try {
      say(`Lotline runs at ${running.url} on a PostgreSQL of its own.`);
      await tell(clientOf(running.url), wanted);
    } finally {
      await running.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
};

/** What `npm run cluster` leaves for those who use it. */
const CLUSTER_KEY = '.lotline/cluster/apps/key';

/** On one that runs already; what it captures and opens there stays. */
const onRunning = async (url: string, keyGiven: string | undefined, wanted: Wanted): Promise<void> => {
  const key = keyGiven ?? process.env.LOTLINE_KEY ?? (await readFile(CLUSTER_KEY, 'utf8').catch(() => undefined));
  say(`Lotline runs at ${url}.`);
  await tell(clientOf(url, key?.trim()), wanted);
};

const command = new Command('demo')
  .description('Answers a recall on EPCIS files, from capture to refused dispatch.')
  .argument('[files...]', 'EPCIS 2.0 documents in JSON', [SEAFOOD])
  .option('--lot <id>', 'the lot to trace and recall, in any form of its id')
  .option('--url <url>', 'a Lotline that runs already, instead of one of its own')
  .option('--key <key>', `an API key for it; default: LOTLINE_KEY, else the one in ${CLUSTER_KEY}`)
  .action(async (files: string[], options: { lot?: string; url?: string; key?: string }) => {
    const isOurs = files.length === 1 && files[0] === SEAFOOD;
    const wanted = { files: files.map((file) => resolve(file)), lot: options.lot ?? (isOurs ? FEED : undefined) };
    await (options.url === undefined ? onItsOwn(wanted) : onRunning(options.url, options.key, wanted));
  });

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof Trouble)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
