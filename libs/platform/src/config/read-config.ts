import { isIP } from 'node:net';
import { validateSync, type ValidationError } from 'class-validator';
import { LotlineConfig } from './lotline-config.js';
import { settingsOf } from './setting.js';

/** The environment does not make a valid configuration; the message lists every problem. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the configuration is not valid:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' ||
  host === '::1' ||
  host === '::ffff:127.0.0.1' ||
  (isIP(host) === 4 && host.startsWith('127.'));

/**
 * Reads and validates every setting at once.
 * @throws ConfigError listing each variable that is wrong, and what it should be.
 */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): LotlineConfig => {
  const config = new LotlineConfig();
  const settings = settingsOf(LotlineConfig);
  for (const setting of settings) {
    const byDefault = isCluster(env) ? (setting.clusterDefault ?? setting.default) : setting.default;
    const text = env[setting.name]?.trim() ? env[setting.name] : byDefault;
    if (text !== undefined) Object.assign(config, { [setting.property]: setting.parse(text.trim()) });
  }
  const docOf = new Map(settings.map((s) => [s.property, s]));
  const problems = validateSync(config, { forbidUnknownValues: true }).flatMap((error) =>
    messages(error).map((message) => {
      const setting = docOf.get(error.property);
      // A key's hash is no secret, but neither is it of use in a log.
      const found = setting?.secret ? '' : ` (found ${JSON.stringify(error.value)})`;
      return `${setting?.name ?? error.property}: ${message}${found}`;
    }),
  );
  problems.push(...acrossSettings(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
};

const isCluster = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env.LOTLINE_PROFILE?.trim() === 'cluster';

const messages = (error: ValidationError): string[] => [
  ...Object.values(error.constraints ?? {}),
  ...(error.children ?? []).flatMap(messages),
];

const acrossSettings = (config: LotlineConfig): string[] => {
  const problems: string[] = [];
  const keys = Array.isArray(config.apiKeys) ? config.apiKeys : [];
  if (keys.length === 0 && typeof config.host === 'string' && !isLoopback(config.host))
    problems.push(
      `HOST: ${config.host} is reachable from other machines, so LOTLINE_API_KEYS must be set (npm run lotline -- key NAME makes a key), or listen on 127.0.0.1`,
    );
  if (config.profile === 'cluster') problems.push(...lackingInCluster(config, keys));
  if (config.log === 'eventstoredb' && config.eventstoreUrl === undefined)
    problems.push('EVENTSTORE_URL: needed where LOTLINE_LOG is eventstoredb');
  const login = [config.kafkaSaslMechanism, config.kafkaSaslUsername, config.kafkaSaslPassword];
  if (login.some((part) => part !== undefined) && login.includes(undefined))
    problems.push('KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: set all three to log in, or none');
  const names = keys.map((key) => key.name);
  for (const name of new Set(names.filter((n, i) => names.indexOf(n) !== i)))
    problems.push(`LOTLINE_API_KEYS: ${name} is there twice`);
  return problems;
};

const lackingInCluster = (config: LotlineConfig, keys: readonly unknown[]): string[] => [
  ...(config.databaseUrl === undefined
    ? ['DATABASE_URL: needed in the cluster profile (an embedded PostgreSQL serves one process only)']
    : []),
  ...(Array.isArray(config.kafkaBrokers) && config.kafkaBrokers.length === 0
    ? ['KAFKA_BROKERS: needed in the cluster profile (it is what divides the work among processes)']
    : []),
  ...(config.redisUrl === undefined ? ['REDIS_URL: needed in the cluster profile (it wakes timers and senders)'] : []),
  ...(keys.length === 0
    ? ['LOTLINE_API_KEYS: needed in the cluster profile (only standalone on loopback is open)']
    : []),
];
