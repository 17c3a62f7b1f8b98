import type { EventLog, LogBatch, LogIdentity } from '#event-log';

/** Pages of the log, read once for those that read the same stretch at about the same time. */
export interface SharedPages {
  /**
   * @param of the log as the reader knows it: in another epoch the same positions stand for other events.
   * @returns up to `PAGE` events after a position; fewer only at the end of the log. @throws what the log threw.
   */
  read(after: string, of: LogIdentity): Promise<LogBatch>;
  clear(): void;
}

/** Events in a full page. */
export const PAGE = 1_000;

/** @param maxEvents how many events of full pages are held. */
export const createSharedPages = (log: EventLog, maxEvents: number): SharedPages => {
  const pages = new Map<string, Promise<LogBatch>>();
  return {
    read(after, { logId, epoch }) {
      const key = `${logId} ${epoch} ${after}`;
      const known = pages.get(key);
      if (known) return known;
      const page = log.readAll({ after, max: PAGE });
      pages.set(key, page);
      // A page at the end is not full: asked again later it would hold more, so it is not kept.
      page.then(
        ({ events }) => events.length < PAGE && pages.delete(key),
        () => pages.delete(key),
      );
      for (const oldest of pages.keys()) {
        if (pages.size * PAGE <= maxEvents) break;
        pages.delete(oldest);
      }
      return page;
    },
    clear: () => pages.clear(),
  };
};
