import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { startKafka, startPostgres, startRedis } from '../../../deploy/local/index.js';
import { freePort } from '../../../libs/platform/src/postgres/embedded/free-port.js';
import type { Server } from '../plan/fault.js';
import type { Trace } from '../report/trace.js';
import { type Link, openLink } from './link.js';

/** Something that runs and can be killed and stopped. */
export interface Victim {
  /** Resolves when it runs again. */
  kill(restartAfterMs: number): Promise<void>;
  /** Resolves when it goes on. */
  stop(forMs: number): Promise<void>;
}

/** The real servers, each with a link that the product reaches it by and a way around that link for whoever verifies. */
export interface Servers {
  links: Readonly<Record<Server, Link>>;
  victims: Readonly<Record<Server, Victim>>;
  direct: { databaseUrl: string; brokers: string; redisUrl: string };
  linked: { databaseUrl: string; brokers: string; redisUrl: string };
  close(): Promise<void>;
}

interface Managed {
  kill(): Promise<void>;
  start(): Promise<void>;
  pause(): void;
  resume(): void;
}

const victim = (name: string, server: Managed, trace: Trace): Victim => ({
  kill: async (restartAfterMs) => {
    await server.kill();
    await after(restartAfterMs);
    for (let attempt = 0; ; attempt++)
      try {
        await server.start();
        trace.note('ready', { process: name });
        return;
      } catch (error) {
        trace.note('did not start', { process: name, why: String(error).slice(0, 500) });
        if (attempt >= 10) throw error;
      }
  },
  stop: async (forMs) => {
    server.pause();
    await after(forMs);
    server.resume();
  },
});

const at = (url: string, port: number): string => {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
};

/**
 * PostgreSQL does not sync to disk: processes die here, not the machine, and what a process wrote stays with the operating
 * system. Commits still wait for their write, which a killed server must not lose.
 */
const SETTINGS = { max_connections: '500', shared_buffers: '256MB', fsync: 'off', full_page_writes: 'off' };

export const openServers = async (directory: string, trace: Trace): Promise<Servers> => {
  const [kafkaPort, proxiedPort] = [await freePort(), await freePort()];
  const ports: Record<Server, number> = { postgres: 0, kafka: proxiedPort, redis: 0 };
  const [postgresLink, kafkaLink, redisLink] = await Promise.all([
    openLink(() => ports.postgres),
    openLink(() => ports.kafka),
    openLink(() => ports.redis),
  ]);
  const links = { postgres: postgresLink, kafka: kafkaLink, redis: redisLink };
  const [postgres, kafka, redis] = await Promise.all([
    startPostgres({ directory, settings: SETTINGS }),
    startKafka({
      directory: join(directory, 'kafka'),
      port: kafkaPort,
      proxied: { port: proxiedPort, advertised: links.kafka.port },
    }),
    startRedis({ directory: join(directory, 'redis') }),
  ]);
  ports.postgres = Number(new URL(postgres.url).port);
  ports.redis = Number(new URL(redis.url).port);
  return {
    links,
    victims: {
      postgres: victim('postgres', postgres, trace),
      kafka: victim('kafka', kafka, trace),
      redis: victim('redis', redis, trace),
    },
    direct: { databaseUrl: postgres.url, brokers: kafka.brokers, redisUrl: redis.url },
    linked: {
      databaseUrl: at(postgres.url, links.postgres.port),
      brokers: `127.0.0.1:${links.kafka.port}`,
      redisUrl: at(redis.url, links.redis.port),
    },
    close: async () => {
      await Promise.all(Object.values(links).map((link) => link.close()));
      await Promise.all([postgres.close(), kafka.close(), redis.close()]);
    },
  };
};
