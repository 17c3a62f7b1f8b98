import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { startApp } from '#platform';
import { canonicalId } from '#kernel';
import { StandaloneModule } from '../standalone.module.js';
import { captureFiles } from './capture.js';
import { clientOf, Trouble } from './client.js';
import { tellRecall } from './recall-story.js';
import { tellDiscrepancies, tellExpiry } from './shelf-story.js';
import { chooseLot, tellTrace } from './trace-story.js';

const SEAFOOD = 'examples/seafood-gdst.epcis.jsonld';
const FEED = 'urn:gdst:example.org:product:lot:class:feedmill.1u.ff11252021';

const say = (text: string): void => console.log(text);

/** A Lotline of its own, used through its HTTP API as any other system would, and gone afterwards. */
const demo = async (files: readonly string[], wantedLot: string | undefined): Promise<void> => {
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
      const client = clientOf(running.url);
      const position = await captureFiles(client, files, say);
      const lot = wantedLot === undefined ? await chooseLot(client, position) : canonicalId(wantedLot).id;
      await tellTrace(client, lot, position, say);
      await tellExpiry(client, position, say);
      await tellDiscrepancies(client, position, say);
      await tellRecall(client, lot, position, say);
    } finally {
      await running.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
};

const command = new Command('demo')
  .description('Answers a recall on EPCIS files, from capture to refused dispatch.')
  .argument('[files...]', 'EPCIS 2.0 documents in JSON', [SEAFOOD])
  .option('--lot <id>', 'the lot to trace and recall, in any form of its id')
  .action(async (files: string[], options: { lot?: string }) => {
    const isOurs = files.length === 1 && files[0] === SEAFOOD;
    await demo(
      files.map((file) => resolve(file)),
      options.lot ?? (isOurs ? FEED : undefined),
    );
  });

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof Trouble)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
