import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaAnswers, manageProcess, redisAnswers } from '../../../../deploy/local/index.js';
import { freePort } from '../../../platform/src/postgres/embedded/free-port.js';

/** Whether a Docker engine can be used here; the command alone is not enough. */
export const dockerWorks = (): Promise<boolean> =>
  promisify(execFile)('docker', ['info'], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );

export interface Container {
  /** Of the host's loopback interface. */
  port: number;
  close(): Promise<void>;
}

interface Image {
  name: string;
  image: string;
  /** What it listens on inside. */
  port: number;
  env?: (port: number) => Record<string, string>;
  answers: (port: number) => Promise<boolean>;
}

const KAFKA: Image = {
  name: 'kafka',
  image: 'apache/kafka:4.1.0',
  port: 9092,
  env: (port) => ({
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: 'HOST://:9092,BROKER://:19092,CONTROLLER://:29093',
    KAFKA_ADVERTISED_LISTENERS: `HOST://127.0.0.1:${port},BROKER://localhost:19092`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'HOST:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'BROKER',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:29093',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  }),
  answers: (port) => kafkaAnswers(`127.0.0.1:${port}`),
};

const REDIS: Image = { name: 'redis', image: 'redis:8', port: 6379, answers: redisAnswers };

/** In the foreground, so that the command's end is the container's: `docker run` passes SIGTERM on. */
const run = async (image: Image, directory: string): Promise<Container> => {
  const port = await freePort();
  const env = Object.entries(image.env?.(port) ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const container = manageProcess({
    name: image.image,
    command: 'docker',
    args: ['run', '--rm', '--publish', `127.0.0.1:${port}:${image.port}`, ...env, image.image],
    env: process.env,
    logFile: join(directory, `${image.name}.log`),
    pidFile: join(directory, `${image.name}.pid`),
    isReady: () => image.answers(port),
    // The image may have to be fetched first.
    readyWithin: 10 * 60_000,
  });
  await container.start();
  return { port, close: () => container.stop() };
};

export const kafkaInDocker = (directory: string): Promise<Container> => run(KAFKA, directory);
export const redisInDocker = (directory: string): Promise<Container> => run(REDIS, directory);
