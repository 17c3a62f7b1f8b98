import { setTimeout as delay } from 'node:timers/promises';
import { acquireLease, LeaseLost, releaseLease } from './lease/lease.js';
import { growingDelay } from './publishing/growing-delay.js';
import { CannotPublish, serveTerm, type TermTools } from './publishing/serve-term.js';
import { EpochChanged } from './publishing/publish-log.js';

/**
 * `starting` until it has published or seen that another relay does; `active` from its first publication on; `failing` while
 * it is its turn, or it cannot tell, and nothing gets through.
 */
export type Role = 'starting' | 'standby' | 'active' | 'failing';

export interface RelayStatus {
  role: Role;
  /** What is published for certain, as far as this relay knows; undefined where it was never active. */
  position: string | undefined;
  /** Record time of the oldest event that is not published; undefined where all are, or another relay publishes. */
  behindSince: string | undefined;
}

export interface RelayOptions extends TermTools {
  /** Says in the database who holds the lease. */
  holder: string;
  /** How often a standby looks whether it may take over, in milliseconds. */
  lookEveryMs: number;
  observer: RelayObserver;
}

export interface RelayObserver {
  role: (role: Role) => void;
  published: (events: number) => void;
  /** It goes on by itself. */
  failed: (error: unknown) => void;
  /** It was active and is no more. */
  deposed: (why: LeaseLost | EpochChanged | CannotPublish) => void;
}

export interface Relay {
  status(): RelayStatus;
  /** Finishes and notes the publication under way, then gives the lease away. Idempotent. */
  stop(): Promise<void>;
}

/** Begins at once: publishes where nobody else does, else waits until it may. */
export const startRelay = (options: RelayOptions): Relay => {
  const { pool, log, holder, leaseMs, lookEveryMs, delays, observer } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const status: RelayStatus = { role: 'starting', position: undefined, behindSince: undefined };

  const become = (role: Role): void => {
    if (status.role === role) return;
    status.role = role;
    if (role === 'standby') status.behindSince = undefined;
    observer.role(role);
  };

  /** @returns whether it was this relay's turn. */
  const turn = async (): Promise<boolean> => {
    const identity = await log.identity();
    const acquired = await acquireLease(pool, identity, holder, leaseMs);
    if (!acquired) return false;
    const { lease, checkpoint } = acquired;
    status.position = checkpoint.position;
    try {
      await serveTerm(
        options,
        identity,
        lease,
        {
          behind: (since) => (status.behindSince = since),
          published: (position, events) => {
            status.position = position;
            become('active');
            observer.published(events);
          },
          failed: (error) => {
            become('failing');
            observer.failed(error);
          },
        },
        signal,
      );
    } finally {
      // One that cannot be given back now expires.
      await releaseLease(pool, lease).catch((error: unknown) => observer.failed(error));
    }
    return true;
  };

  const run = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted;) {
      try {
        if (!(await turn())) become('standby');
        failures = 0;
        await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
      } catch (error) {
        failures += 1;
        if (error instanceof LeaseLost || error instanceof EpochChanged) {
          observer.deposed(error);
          become('standby');
        } else if (error instanceof CannotPublish) {
          observer.deposed(error);
          // Longer than another relay takes to see that the lease is free.
          await delay(2 * lookEveryMs, undefined, { signal }).catch(() => undefined);
        } else {
          observer.failed(error);
          become('failing');
          await growingDelay(failures, delays, signal);
        }
      }
    }
  };

  const running = run();
  return {
    status: () => ({ ...status }),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};
