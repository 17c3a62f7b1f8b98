import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CAPTURE_TOPIC, topicName } from '#contracts';
import { Kafka, logLevel } from 'kafkajs';
import type { AppName } from '../../deploy/local/cluster/apps.js';
import { environment } from '../../deploy/local/cluster/product.js';
import { manageProcess } from '../../deploy/local/index.js';
import { freePort } from '../../libs/platform/src/postgres/embedded/free-port.js';
import { openServers, type Servers } from './cluster/servers.js';
import { type Product, startProduct } from './cluster/start-product.js';
import { type Supervised, supervise } from './cluster/supervisor.js';
import { killAtWill } from './faults/killer.js';
import { createRecoveries, createStandstills, createWatch, type Standing } from './faults/recovery.js';
import { callersAtWork } from './load/callers.js';
import type { KafkaDoor } from './load/client.js';
import { nothingSaid } from './load/said.js';
import { faultsOf, type Server } from './plan/fault.js';
import { faultName, type Figures } from './report/figures.js';
import { openTrace, type Trace } from './report/trace.js';
import { readLedger } from './receiver/ledger.js';
import { subscribe, type Subscribed } from './receiver/subscribe.js';
import { verify } from './verify/verify.js';

export interface ChaosOptions {
  seed: number;
  kills: number;
  /** Apps that run twice. */
  pairs: readonly AppName[];
  clients: number;
  /** Everything is kept there: data, logs, ledger, trace. Must be empty. */
  directory: string;
  say: (line: string) => void;
}

const SESSION_TIMEOUT_MS = 6_000;
const PARTITIONS = 4;
const LOOK_EVERY_MS = 250;
/** A consumer that is behind and does not move for so long is worth a line. */
const NOTED_AFTER_MS = 60_000;
/** After the last fault everything has to be done within this; the longest wait of the product itself is half a minute. */
const SETTLE_MS = 120_000;

/** The way in of upstream systems that write to Kafka themselves. */
const openKafkaDoor = async (
  brokers: string,
  prefix: string,
): Promise<{ send: KafkaDoor; close: () => Promise<void> }> => {
  const kafka = new Kafka({
    ...{ clientId: 'chaos-upstream', brokers: brokers.split(','), logLevel: logLevel.NOTHING },
    retry: { retries: 2 },
    requestTimeout: 5_000,
  });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const topic = topicName(prefix, CAPTURE_TOPIC);
  await producer.connect();
  return {
    send: async (records) => {
      await producer.send({ topic, acks: -1, messages: records.map((record) => ({ ...record })) });
    },
    close: () => producer.disconnect(),
  };
};

const startReceiver = async (
  directory: string,
  servers: Servers,
  product: Product,
  trace: Trace,
): Promise<{ receiver: Supervised; ledger: string; inbox: string; webhooks: Subscribed }> => {
  const ledger = join(directory, 'ledger.jsonl');
  const inbox = join(directory, 'inbox.jsonl');
  const port = await freePort();
  const webhooks = await subscribe(product, `http://127.0.0.1:${port}`);
  const register = new URL('../../libs/testkit/src/run-ts/register.mjs', import.meta.url).href;
  const main = fileURLToPath(new URL('./receiver/main.ts', import.meta.url));
  const receiver = supervise(
    'receiver',
    manageProcess({
      ...{ name: 'receiver', command: process.execPath },
      args: ['--no-warnings', '--max-old-space-size=128', '--import', register, main],
      env: environment({
        ...{ CHAOS_LEDGER: ledger, KAFKA_BROKERS: servers.linked.brokers, PREFIX: product.topicPrefix },
        ...{ CHAOS_INBOX: inbox, CHAOS_SECRETS: JSON.stringify(webhooks.secrets), PORT: String(port) },
      }),
      logFile: join(directory, 'receiver.log'),
      pidFile: join(directory, 'receiver.pid'),
      isReady: () => fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(2_000) }).then(({ ok }) => ok),
    }),
    trace,
  );
  await receiver.ready();
  return { receiver, ledger, inbox, webhooks };
};

/** How often clients were answered, and whoever waits for more of it. */
const createProgress = () => {
  let times = 0;
  let isOver = false;
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const look of [...waiting]) look();
  };
  return {
    answered: (): void => {
      times += 1;
      tell();
    },
    over: (): void => {
      isOver = true;
      tell();
    },
    more: (count: number): Promise<void> => {
      const wanted = times + count;
      return new Promise((resolve) => {
        const look = (): void => {
          if (times < wanted && !isOver) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
  };
};

/** Waits until the condition holds. @returns what is still in the way after so long. */
const settled = async (look: () => Promise<string[]>, trace: Trace): Promise<string[]> => {
  const until = performance.now() + SETTLE_MS;
  let before = '';
  for (;;) {
    const inTheWay = await look();
    const now = JSON.stringify(inTheWay);
    if (now !== before) trace.note('in the way', { inTheWay });
    before = now;
    if (inTheWay.length === 0 || performance.now() > until) return inTheWay;
    await after(LOOK_EVERY_MS);
  }
};

/**
 * One run: a cluster of real processes and servers, clients at work, faults at will; then everything comes up, and what is
 * there is compared with what was promised.
 */
export const runChaos = async (options: ChaosOptions): Promise<Figures> => {
  const { seed, directory, say } = options;
  await mkdir(directory, { recursive: true });
  // As root the database server runs as a user of its own, who has to get there.
  await chmod(directory, 0o711);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const trace = openTrace(join(directory, 'trace.jsonl'));
  const closers: (() => Promise<void>)[] = [() => trace.close()];
  try {
    const servers = await openServers(directory, trace);
    closers.push(() => servers.close());
    const product = await startProduct({
      ...{ directory: join(directory, 'apps'), servers, pairs: options.pairs, trace },
      ...{ partitions: PARTITIONS, sessionTimeoutMs: SESSION_TIMEOUT_MS },
    });
    let isRunning = true;
    const closeProduct = async (): Promise<void> => {
      if (isRunning) await product.close();
      isRunning = false;
    };
    closers.push(closeProduct);
    const receiving = await startReceiver(directory, servers, product, trace);
    closers.push(() => receiving.receiver.end());
    const door = await openKafkaDoor(servers.linked.brokers, product.topicPrefix);
    closers.push(() => door.close());
    say(`seed ${seed}: ${product.processes.length} processes are up after ${seconds().toFixed(0)} s`);

    const watch = createWatch(servers.direct.databaseUrl);
    closers.push(() => watch.close());
    const recoveries = createRecoveries();
    const standstills = createStandstills();
    let noted = 0;
    let standing: Standing | undefined;
    const looking = new AbortController();
    const look = async (): Promise<void> => {
      while (!looking.signal.aborted) {
        const now = await watch.look();
        standing = now ?? standing;
        if (standing) recoveries.reached(standing.lowest);
        if (now) standstills.look(now.behind);
        const stand = standstills.over(NOTED_AFTER_MS);
        if ((stand[0]?.[1] ?? 0) > noted + NOTED_AFTER_MS) {
          noted = stand[0]?.[1] ?? 0;
          trace.note('stands still', { stand, behind: now?.behind, troubled: now?.troubled });
        }
        await after(LOOK_EVERY_MS);
      }
    };
    const watching = look();

    const supervised = [...product.processes, receiving.receiver];
    const faults = faultsOf({
      ...{ seed, kills: options.kills, sessionTimeoutMs: SESSION_TIMEOUT_MS },
      processes: supervised.map(({ name }) => name),
      servers: Object.keys(servers.victims) as Server[],
    });
    const said = nothingSaid();
    const progress = createProgress();
    const giveUp = new AbortController();
    let isEnough = options.kills === 0;
    const callers = callersAtWork({
      ...{
        seed,
        clients: options.clients,
        said,
        trace,
        key: product.key,
        signal: giveUp.signal,
      },
      kafka: door.send,
      urlOf: (app) => product.urlOf(app),
      isEnough: () => isEnough,
      progressed: () => {
        progress.answered();
        recoveries.answered();
      },
    });
    await killAtWill({
      ...{ faults, trace, answered: progress.more, disturbed: { servers, processes: supervised, seed } },
      began: (fault) => {
        recoveries.began(faultName(fault), standing?.head ?? '');
        return () => undefined;
      },
    });
    isEnough = true;
    const faultsOver = seconds();
    say(`seed ${seed}: ${faults.length} faults are over after ${faultsOver.toFixed(0)} s`);
    const late = setTimeout(() => giveUp.abort(), SETTLE_MS);
    const { stories } = await callers;
    clearTimeout(late);
    progress.over();
    await Promise.all(supervised.map((one) => one.ready()));

    let head = '';
    let calm = 0;
    const inTheWay = await settled(async () => {
      const now = await watch.look();
      if (!now) return ['PostgreSQL does not answer'];
      // Reactors may still write: the head has to stand for a while.
      calm = now.head === head ? calm + 1 : 0;
      head = now.head;
      const missing = await verify.missing(servers.direct, product.topicPrefix, said, calm);
      return [...now.behind, ...now.troubled, ...missing, ...(calm < 8 ? ['the log still grows'] : [])];
    }, trace);
    const settleSeconds = seconds() - faultsOver;
    looking.abort();
    await watching;
    const ownEnds = supervised.flatMap(({ name, ownEnds: ends }) =>
      ends.filter(({ wasReady }) => wasReady).map((end) => `${name} ended by itself: ${end.signal ?? end.code}`),
    );
    const read = async (file: string) => readLedger(await readFile(file, 'utf8').catch(() => ''));
    const verified = await verify.all({
      ...{ seed, said, servers, directory, ledgerOf: () => read(receiving.ledger) },
      ...{ inboxOf: () => read(receiving.inbox), hurryWebhooks: receiving.webhooks.hurry },
      topicPrefix: product.topicPrefix,
      stopProduct: closeProduct,
    });
    return {
      ...{ seed, processes: supervised.length, stories, faults, settleSeconds, counts: said.counts },
      ...verified.figures,
      recoveries: recoveries.durations(),
      standstills: standstills.over(NOTED_AFTER_MS),
      ownEnds: ownEnds.length,
      seconds: seconds(),
      findings: [
        ...said.findings,
        ...ownEnds,
        ...inTheWay.map((what) => `not settled after ${SETTLE_MS / 1000} s: ${what}`),
        ...recoveries.unrecovered().map((name) => `never recovered from: ${name}`),
        ...verified.findings,
      ],
    };
  } finally {
    for (let close = closers.pop(); close; close = closers.pop())
      await close().catch((error: unknown) => say(String(error)));
  }
};
