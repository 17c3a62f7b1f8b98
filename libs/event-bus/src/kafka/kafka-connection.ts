import type { ConnectionOptions } from 'node:tls';
import kafkajs, { type ISocketFactory, type Kafka, type LogEntry, type SASLOptions } from 'kafkajs';
import { correctRequestQueue } from './request-queue.js';

export type KafkaLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Takes kafkajs's own lines into the product's log. */
export type KafkaLog = (level: KafkaLogLevel, message: string, details: Record<string, unknown>) => void;

export interface KafkaOptions {
  /** `host:port` of some brokers; the others are learnt from them. */
  brokers: readonly string[];
  /** Names this process in the broker's logs and quotas. */
  clientId: string;
  /** TLS: true takes the system's authorities. Default: none. */
  ssl?: boolean | ConnectionOptions | undefined;
  sasl?: SASLOptions | undefined;
  /** Default: kafkajs says nothing. */
  log?: KafkaLog | undefined;
  /** How sockets are made, where they must go by another way. */
  socketFactory?: ISocketFactory | undefined;
  /** Bounds of opening a connection and of a request, in ms; default 5 s and 30 s. */
  connectionTimeoutMs?: number;
  requestTimeoutMs?: number;
}

/** How the brokers are reached; opens nothing by itself. */
export interface KafkaConnection {
  /**
   * A client of its own for each consumer, producer and admin: clients of kafkajs share committed offsets by group, so
   * that two members of a group in one process would lose each other's.
   */
  client(): Kafka;
}

/** Enough for a broker that restarts; what lasts longer is reported, and the owner tries again. */
const RETRY = { initialRetryTime: 200, multiplier: 2, factor: 0.2, retries: 4, maxRetryTime: 5_000 };

/** What kafkajs calls an error or a warning though it goes on by itself, or though it is meant; or says very often. */
const ORDINARY = [
  'The group is rebalancing, re-joining',
  'Limiting retries for the idempotent producer may invalidate EoS guarantees',
  'Response GroupCoordinator(key: 10',
  'Response SyncGroup(key: 14',
  'Response Heartbeat(key: 12',
  'Response JoinGroup(key: 11',
  'Pausing fetching from',
  'Resuming fetching from',
];

/** @returns a connection whose clients log by `log` and retry for a few seconds before they give up. */
export const createKafkaConnection = (options: KafkaOptions): KafkaConnection => {
  correctRequestQueue();
  const { log } = options;
  const levels: Partial<Record<number, KafkaLogLevel>> = {
    [kafkajs.logLevel.ERROR]: 'error',
    [kafkajs.logLevel.WARN]: 'warn',
    [kafkajs.logLevel.INFO]: 'info',
  };
  const write = ({ namespace, level, log: { message, timestamp: _, logger: __, ...details } }: LogEntry): void => {
    const isOrdinary = ORDINARY.some((beginning) => message.startsWith(beginning));
    log?.(isOrdinary ? 'debug' : (levels[level] ?? 'debug'), message, { kafkajs: namespace, ...details });
  };
  return {
    client: () =>
      new kafkajs.Kafka({
        brokers: [...options.brokers],
        clientId: options.clientId,
        ...(options.ssl !== undefined && { ssl: options.ssl }),
        ...(options.sasl !== undefined && { sasl: options.sasl }),
        ...(options.socketFactory !== undefined && { socketFactory: options.socketFactory }),
        connectionTimeout: options.connectionTimeoutMs ?? 5_000,
        requestTimeout: options.requestTimeoutMs ?? 30_000,
        retry: RETRY,
        logLevel: log ? kafkajs.logLevel.INFO : kafkajs.logLevel.NOTHING,
        logCreator: () => write,
      }),
  };
};
