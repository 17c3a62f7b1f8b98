import { Redis } from 'ioredis';
import type { Servers, Victim } from '../cluster/servers.js';
import type { Supervised } from '../cluster/supervisor.js';
import type { FaultAct, Server } from '../plan/fault.js';
import { randomOf } from '#simulator';

export interface Disturbed {
  servers: Servers;
  processes: readonly Supervised[];
  seed: number;
}

const isServer = ({ victims }: Servers, name: string): name is Server => Object.hasOwn(victims, name);

const victimOf = ({ servers, processes }: Disturbed, target: string): Victim => {
  const process = processes.find(({ name }) => name === target);
  if (process)
    return {
      kill: async (restartAfterMs) => {
        await process.kill(restartAfterMs);
        await process.ready();
      },
      stop: (forMs) => process.stop(forMs),
    };
  if (!isServer(servers, target)) throw new Error(`there is no ${target} to disturb`);
  return servers.victims[target];
};

const flush = async ({ servers }: Disturbed): Promise<void> => {
  const redis = new Redis(servers.direct.redisUrl, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  // One that is down has forgotten what it knew in a way of its own.
  redis.on('error', () => undefined);
  try {
    await redis.flushall();
  } catch {
    return;
  } finally {
    redis.disconnect();
  }
};

/** A server whose link is disturbed already is left at it: the longer of two disturbances would end with the shorter. */
const busy = new WeakSet();

/** Carries a fault out. Resolves when what was killed runs again, what stood still goes on, what was cut can connect. */
export const disturb = async (disturbed: Disturbed, fault: FaultAct, index: number): Promise<void> => {
  switch (fault.kind) {
    case 'kill':
      return victimOf(disturbed, fault.target).kill(fault.restartAfterMs);
    case 'stop':
      return victimOf(disturbed, fault.target).stop(fault.forMs);
    case 'flush':
      return flush(disturbed);
    case 'cut':
      disturbed.servers.links[fault.server].cut(fault.share, randomOf(disturbed.seed, 'cut', index));
      return;
    case 'block':
    case 'freeze': {
      const link = disturbed.servers.links[fault.server];
      if (busy.has(link)) return;
      busy.add(link);
      link[fault.kind]();
      await new Promise((resolve) => setTimeout(resolve, fault.forMs));
      link.restore();
      busy.delete(link);
    }
  }
};
