import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { createKafkaConnection, type KafkaConnection, type KafkaOptions } from '#event-bus';
import type { LotlineConfig } from '../../config/lotline-config.js';

const saslOf = (config: LotlineConfig): Pick<KafkaOptions, 'sasl'> => {
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername: username, kafkaSaslPassword: password } = config;
  return mechanism === undefined || username === undefined || password === undefined
    ? {}
    : { sasl: { mechanism, username, password } };
};

/** The brokers of the settings; opens nothing by itself. */
export const openKafkaConnection = (config: LotlineConfig, logger: Logger, name: string): KafkaConnection =>
  createKafkaConnection({
    brokers: config.kafkaBrokers,
    clientId: `${config.topicPrefix}-${name}-${hostname()}-${process.pid}`,
    ...(config.kafkaSsl && { ssl: true }),
    ...saslOf(config),
    log: (level, message, details) => logger[level](details, `kafka: ${message}`),
  });
