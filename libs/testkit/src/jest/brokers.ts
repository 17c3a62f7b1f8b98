import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaLacks, redisLacks, startKafka, startRedis } from '../../../../deploy/local/index.js';
import { dockerWorks, kafkaInDocker, redisInDocker } from './in-docker.js';

/** The brokers of a test run; those that were named are not ours to stop. */
export interface Brokers {
  /** `host:port` */
  kafka: string;
  /** `redis://…` */
  redis: string;
  stop(): Promise<void>;
}

interface Started {
  address: string;
  stop: () => Promise<void>;
}

const named = (variable: string): Started | undefined => {
  const address = process.env[variable];
  return address === undefined ? undefined : { address, stop: () => Promise.resolve() };
};

const namedKafka = (): Started | undefined => named('LOTLINE_TEST_KAFKA');
const namedRedis = (): Started | undefined => named('LOTLINE_TEST_REDIS');

const kafka = async (directory: string, inDocker: boolean): Promise<Started> => {
  if (inDocker) {
    const container = await kafkaInDocker(directory);
    return { address: `127.0.0.1:${container.port}`, stop: () => container.close() };
  }
  const server = await startKafka({ directory: join(directory, 'kafka') });
  return { address: server.brokers, stop: () => server.close() };
};

const redis = async (directory: string, inDocker: boolean): Promise<Started> => {
  if (inDocker) {
    const container = await redisInDocker(directory);
    return { address: `redis://127.0.0.1:${container.port}`, stop: () => container.close() };
  }
  const server = await startRedis({ directory: join(directory, 'redis') });
  return { address: server.url, stop: () => server.close() };
};

/** Why there are no servers to test with, and how to get them. */
export class NoBrokers extends Error {}

/** @throws NoBrokers where neither Docker nor this machine's packages can give what was not named. */
const requireMeans = async (inDocker: boolean): Promise<void> => {
  if (inDocker) return;
  const lacking = await Promise.all([
    namedKafka() === undefined ? kafkaLacks() : undefined,
    namedRedis() === undefined ? redisLacks() : undefined,
  ]);
  const lines = lacking.filter((line) => line !== undefined);
  if (lines.length > 0) throw new NoBrokers(lines.join('; '));
};

/**
 * Kafka and Redis for a test run: those named by LOTLINE_TEST_KAFKA and LOTLINE_TEST_REDIS, else in Docker, else of this
 * machine's packages (deploy/local).
 * @throws NoBrokers where none of these is to be had.
 */
export const findBrokers = async (): Promise<Brokers> => {
  const inDocker = (namedKafka() === undefined || namedRedis() === undefined) && (await dockerWorks());
  await requireMeans(inDocker);
  const directory = await mkdtemp(join(tmpdir(), 'lotline-test-'));
  const starting = [
    Promise.resolve(namedKafka() ?? kafka(directory, inDocker)),
    Promise.resolve(namedRedis() ?? redis(directory, inDocker)),
  ] as const;
  const stop = async (): Promise<void> => {
    for (const one of await Promise.allSettled(starting)) if (one.status === 'fulfilled') await one.value.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const [forKafka, forRedis] = await Promise.all(starting);
    return { kafka: forKafka.address, redis: forRedis.address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
