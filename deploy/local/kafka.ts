import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { javaCommand, kafkaJars } from './kafka/jars.js';
import { type ManagedProcess, manageProcess } from './managed-process.js';
import { type OwnedDirectory, ownDirectory } from './owned-directory.js';

const run = promisify(execFile);

export interface KafkaOptions {
  /** Its data, settings and log; made if need be. */
  directory: string;
  /** Default: the one of last time if it is free, else any free one. */
  port?: number | undefined;
  /** Default 512. */
  heapMegabytes?: number;
  /**
   * A second way in for clients that come through a proxy: the broker listens at `port` for them too, and tells them to come
   * back to `advertised`, where the proxy is.
   */
  proxied?: { port: number; advertised: number };
}

export interface LocalKafka extends ManagedProcess {
  /** `127.0.0.1:9092`, what KAFKA_BROKERS wants; the same after every restart. */
  readonly brokers: string;
  /** Stops it and gives its directory free. */
  close(): Promise<void>;
}

/** One node that is broker and controller, for one machine: every internal topic has a single replica. */
const properties = (
  directory: string,
  port: number,
  controllerPort: number,
  proxied: KafkaOptions['proxied'],
): string =>
  Object.entries({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${proxied ? `,PROXIED://127.0.0.1:${proxied.port}` : ''}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${proxied ? `,PROXIED://127.0.0.1:${proxied.advertised}` : ''}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '2',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    // A broker that was killed cannot come back before its old registration has run out.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'log.cleaner.dedupe.buffer.size': String(16 * 1024 * 1024),
    'num.network.threads': '2',
    'num.io.threads': '2',
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** Lays out the data directory once; a cluster's id is 16 random bytes. */
const format = async (directory: string, classPath: string, settings: string): Promise<void> => {
  const isFormatted = await access(join(directory, 'data', 'meta.properties')).then(
    () => true,
    () => false,
  );
  if (isFormatted) return;
  // One in 64 begins with a hyphen: behind `-t` it would be read as an option.
  const id = randomBytes(16).toString('base64url');
  await run(javaCommand(), [
    '-cp',
    classPath,
    'kafka.tools.StorageTool',
    'format',
    `--cluster-id=${id}`,
    '-c',
    settings,
  ]);
};

/** Whether a broker is there and has started. */
export const kafkaAnswers = async (brokers: string): Promise<boolean> => {
  const admin = new Kafka({
    clientId: 'lotline-probe',
    brokers: [brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } finally {
    await admin.disconnect();
  }
};

const open = async (home: OwnedDirectory, options: KafkaOptions): Promise<LocalKafka> => {
  const port = options.port ?? (await home.port('kafka'));
  const brokers = `127.0.0.1:${port}`;
  const settings = join(home.path, 'server.properties');
  await writeFile(settings, properties(home.path, port, await home.port('controller'), options.proxied));
  const classPath = join(await kafkaJars(), '*');
  await format(home.path, classPath, settings);
  const server = manageProcess({
    name: 'Kafka',
    command: javaCommand(),
    args: [
      ...['-Xms128m', `-Xmx${options.heapMegabytes ?? 512}m`, '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'],
      `-Dlog4j2.configurationFile=${fileURLToPath(new URL('./kafka/log4j2.properties', import.meta.url))}`,
      ...['-cp', classPath, 'kafka.Kafka', settings],
    ],
    env: process.env,
    logFile: join(home.path, 'kafka.log'),
    pidFile: join(home.path, 'kafka.pid'),
    isReady: () => kafkaAnswers(brokers),
  });
  await server.start();
  return {
    ...server,
    brokers,
    close: async () => {
      await server.stop();
      await home.release();
    },
  };
};

/**
 * A real Apache Kafka on loopback, of jars that Maven fetches.
 * @throws where Java or Maven are missing, the directory has another owner, or it does not start (the end of its log is in the
 *   message).
 */
export const startKafka = async (options: KafkaOptions): Promise<LocalKafka> => {
  const home = await ownDirectory(options.directory);
  try {
    return await open(home, options);
  } catch (error) {
    await home.release();
    throw error;
  }
};
