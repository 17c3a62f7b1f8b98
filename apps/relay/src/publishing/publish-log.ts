import type { EventPublisher, Publication } from '#event-bus';
import { type EventLog, isSameLog, type LogBatch, type LogIdentity } from '#event-log';
import type { Delays } from './growing-delay.js';
import { soonOr } from './soon-or.js';

export interface PublishTools {
  log: EventLog;
  publisher: EventPublisher;
  /** Events of one publication at most. */
  batchSize: number;
  /** Where nothing happens, the watermark goes out again after the first, then ever later up to the longest pause. */
  watermark: Delays;
}

export interface Progress {
  /** What has been read and is not published yet; none where the end of the log is published. */
  behind: (since: string | undefined) => void;
  /** The broker has everything up to here for good. Rejects where this relay may not go on. */
  published: (position: string, events: number) => Promise<void>;
}

/** So many looks in a row, a first pause of the watermark apart, at a log that has more and does not hand it over. */
const STUCK_LOOKS = 30;

/** The log has entered another epoch since this was begun. */
export class EpochChanged extends Error {
  constructor(readonly identity: LogIdentity) {
    super(`the log is in epoch ${identity.epoch} now`);
    this.name = 'EpochChanged';
  }
}

/**
 * Publishes the log from a position on, in order, one publication at a time: the next one goes out when the broker has
 * acknowledged the last one and `progress.published` has taken note of it. While it does, the next part is read already.
 * @param log the log that what is read has to belong to.
 * @returns when the signal aborts, the publication under way being finished.
 * @throws what the publisher or `progress.published` rejects with, EpochChanged.
 */
export const publishLog = async (
  { log, publisher, batchSize, watermark }: PublishTools,
  identity: LogIdentity,
  after: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> => {
  const ended = new AbortController();
  const batches = log
    .follow({ after: after || undefined, batchSize, signal: AbortSignal.any([signal, ended.signal]) })
    [Symbol.asyncIterator]();
  const readNext = (): Promise<IteratorResult<LogBatch>> => {
    const next = batches.next();
    // Read ahead, it may fail while nobody waits for it; who asks for it learns it then.
    next.catch(() => undefined);
    return next;
  };

  let position = after;
  const publish = async (publication: Pick<Publication, 'events' | 'position'>): Promise<void> => {
    await publisher.publish({ ...publication, after: position, log: identity });
    await progress.published(publication.position, publication.events.length);
    position = publication.position;
  };

  try {
    let idle = 0;
    let stuck = 0;
    for (let next = readNext(); ;) {
      const read = await soonOr(next, Math.min(watermark.longestMs, watermark.firstMs * 2 ** Math.min(idle, 30)));
      if (signal.aborted) return;
      if (read === undefined) {
        // What has just been recorded may be on its way; what never comes is not waited for, nor called the end of the log.
        const { events: more } = await log.readAll({ after: position || undefined, max: 1 });
        progress.behind(more[0]?.recordTime);
        [idle, stuck] = more.length > 0 ? [0, stuck + 1] : [idle + 1, 0];
        if (stuck >= STUCK_LOOKS) throw new Error('the log has more, but does not hand it over');
        await requireSameEpoch(log, identity);
        await publish({ events: [], position });
        continue;
      }
      if (read.done === true) return;
      idle = stuck = 0;
      progress.behind(read.value.events[0]?.recordTime);
      next = readNext();
      // Asked after the part was read: if the epoch is still the same, so it was when it was read.
      await requireSameEpoch(log, identity);
      await publish(read.value);
    }
  } finally {
    ended.abort();
    await batches.return?.();
  }
};

const requireSameEpoch = async (log: EventLog, identity: LogIdentity): Promise<void> => {
  const now = await log.identity();
  if (!isSameLog(now, identity)) throw new EpochChanged(now);
};
