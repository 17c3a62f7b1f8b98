import type { Pool } from 'pg';
import type { LogIdentity } from '#event-log';
import { advanceCheckpoint, enterEpoch, type Lease, LeaseLost, renewLease } from '../lease/lease.js';
import { type Delays, growingDelay } from './growing-delay.js';
import { EpochChanged, publishLog, type PublishTools } from './publish-log.js';

export interface TermTools extends PublishTools {
  pool: Pool;
  leaseMs: number;
  delays: Delays;
}

/** What a term tells about itself. */
export interface TermObserver {
  /** Record time of the oldest event that is not published, none where all are. */
  behind: (since: string | undefined) => void;
  published: (position: string, events: number) => void;
  /** It goes on by itself, from the checkpoint. */
  failed: (error: unknown) => void;
}

/** It could not publish for a whole lease: perhaps another relay can. */
export class CannotPublish extends Error {
  constructor(cause: unknown) {
    super('nothing could be published for the length of a lease', { cause });
    this.name = 'CannotPublish';
  }
}

/**
 * Publishes for as long as the lease is held: from the checkpoint on, again from it after any failure, with a growing delay.
 * @returns when the signal aborts, the publication under way being finished and noted.
 * @throws LeaseLost, EpochChanged, CannotPublish; LotlineError where the log is not what was published.
 */
export const serveTerm = async (
  tools: TermTools,
  identity: LogIdentity,
  lease: Lease,
  observer: TermObserver,
  stop: AbortSignal,
): Promise<void> => {
  const lost = new AbortController();
  const signal = AbortSignal.any([stop, lost.signal]);
  const renewal = keepRenewing(tools, lease, lost);
  let failures = 0;
  let failingSince = 0;
  try {
    while (!signal.aborted) {
      try {
        await publishFromCheckpoint(tools, identity, lease, signal, {
          ...observer,
          published: (position, events) => {
            failures = 0;
            observer.published(position, events);
          },
        });
      } catch (error) {
        if (error instanceof LeaseLost || error instanceof EpochChanged) throw error;
        observer.failed(error);
        failures += 1;
        if (failures === 1) failingSince = performance.now();
        else if (performance.now() - failingSince > tools.leaseMs) throw new CannotPublish(error);
        await growingDelay(failures, tools.delays, signal);
      }
    }
    if (lost.signal.aborted) throw lost.signal.reason;
  } finally {
    await renewal.stop();
  }
};

const publishFromCheckpoint = async (
  tools: TermTools,
  identity: LogIdentity,
  lease: Lease,
  signal: AbortSignal,
  observer: TermObserver,
): Promise<void> => {
  const { pool, log, leaseMs } = tools;
  const { epoch } = identity;
  const { position } = await enterEpoch(pool, lease, identity, await log.head());
  const progress = {
    behind: observer.behind,
    published: async (reached: string, events: number): Promise<void> => {
      await advanceCheckpoint(pool, lease, { epoch, position: reached }, leaseMs);
      observer.published(reached, events);
    },
  };
  await publishLog(tools, identity, position, progress, signal);
};

/** Holds on while a publication takes long. Whether the lease is lost is for the row to say, never for a clock here. */
const keepRenewing = (
  { pool, leaseMs }: TermTools,
  lease: Lease,
  lost: AbortController,
): { stop: () => Promise<void> } => {
  let renewing: Promise<void> | undefined;
  const renew = async (): Promise<void> => {
    try {
      await renewLease(pool, lease, leaseMs);
    } catch (error) {
      // A database that cannot be reached is for the checkpoint to complain of.
      if (error instanceof LeaseLost) lost.abort(error);
    }
  };
  const timer = setInterval(() => {
    renewing ??= renew().finally(() => (renewing = undefined));
  }, leaseMs / 3);
  return {
    stop: async () => {
      clearInterval(timer);
      await renewing;
    },
  };
};
