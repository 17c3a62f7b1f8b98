import { setImmediate as others } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type EpcisDocument, readEpcisDocument } from '#contracts';
import type { EventLog } from '#event-log';
import type { Clock, Problem } from '#kernel';
import { type CaptureJob, type Progress, withErrors } from '../domain/capture-job.js';
import { idConflict, type NewFact, type Prepared } from '../domain/new-fact.js';
import { parseBody } from '../domain/parse-body.js';
import { prepareEpcisEvent } from '../domain/prepare-epcis-event.js';
import { prepareMasterData } from '../domain/prepare-master-data.js';
import { recordPrepared } from './capture-facts.js';
import { findJob, finishJob, readBody, saveProgress } from './job-store.js';

export interface JobTools {
  pool: Pool;
  log: EventLog;
  clock: Clock;
  /** Events appended at once; progress is kept after each chunk. */
  chunkSize?: number;
  /** Between two chunks it stops where it is; the next sweep or start goes on. */
  signal?: AbortSignal;
}

const CHUNK = 1_000;

/**
 * Carries a capture job from where it stands to its end. Doing it twice, or by two processes at once, changes nothing:
 * ids follow from the events. Under `rollback` everything is validated, and ids are compared with each other and the log,
 * before the first append; from then on the job is decided and only goes forward.
 * @param known the document, where it has just been read; else it is read from the job.
 */
export const runJob = async (tools: JobTools, id: string, known?: EpcisDocument): Promise<void> => {
  const { pool, log, clock, signal, chunkSize = CHUNK } = tools;
  const job = await findJob(pool, id);
  if (job?.finishedAt !== null) return;
  const document = known ?? (await readDocument(pool, id));
  const items = itemsOf(document, job);
  let { progress } = job;
  const finish = (success: boolean): Promise<void> => finishJob(pool, id, progress, success, clock().toISOString());

  if (job.behaviour === 'rollback' && !progress.decided) {
    progress = await judge(log, items, progress, chunkSize, signal);
    if (signal?.aborted) return;
    if (progress.errorCount > 0) return finish(false);
    progress = { ...progress, decided: true };
    // Durable before the first append: whoever goes on after a crash finds events of this job and must not decide anew.
    if (items.length > 1) await saveProgress(pool, id, progress);
  }
  while (progress.next < items.length) {
    if (signal?.aborted) return;
    progress = await recordChunk(log, items, progress, chunkSize);
    if (progress.next < items.length) await saveProgress(pool, id, progress);
    await others();
  }
  await finish(progress.errorCount === 0);
};

const readDocument = async (pool: Pool, id: string): Promise<EpcisDocument> => {
  const read = readEpcisDocument(parseBody(await readBody(pool, id)));
  if ('problems' in read) throw new Error(`capture job ${id} was accepted with a document that is none`);
  return read.document;
};

/** One thing of the document, made ready when its turn comes. */
interface Item {
  /** Index in the event list; none for master data. */
  index?: number;
  prepare: () => Prepared;
}

const itemsOf = (document: EpcisDocument, job: CaptureJob): Item[] => {
  const source = { context: document.context, meta: job.meta, captureId: job.id };
  return [
    ...document.masterData.map((element) => ({
      prepare: (): Prepared => ({ fact: prepareMasterData(element, job.meta, job.id) }),
    })),
    ...document.events.map((event, index) => ({ index, prepare: once(() => prepareEpcisEvent(event, source)) })),
  ];
};

/** Under `rollback` each event is asked for twice: to be judged and to be recorded. */
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

const located = (problems: readonly Problem[], index: number | undefined, eventId: string | undefined): Problem[] =>
  problems.map((problem) => ({
    ...(index !== undefined && { index }),
    ...(eventId !== undefined && { id: eventId }),
    ...problem,
  }));

/** Everything that keeps a document from being recorded as a whole. */
const judge = async (
  log: EventLog,
  items: readonly Item[],
  progress: Progress,
  chunkSize: number,
  signal: AbortSignal | undefined,
): Promise<Progress> => {
  let judged = progress;
  const seen = new Map<string, { contentKey: string | undefined; index: number | undefined }>();
  for (let from = 0; from < items.length && !signal?.aborted; from += chunkSize) {
    const problems: Problem[] = [];
    const good: { fact: NewFact; index: number | undefined }[] = [];
    for (const { index, prepare } of items.slice(from, from + chunkSize)) {
      const prepared = prepare();
      if ('problems' in prepared) {
        problems.push(...located(prepared.problems, index, prepared.eventId));
        continue;
      }
      const { fact } = prepared;
      const first = seen.get(fact.event.id);
      if (first && first.contentKey !== fact.event.contentKey)
        problems.push(...located([idConflict(fact, `event ${first.index} of this document`)], index, undefined));
      else good.push({ fact, index });
      if (!first) seen.set(fact.event.id, { contentKey: fact.event.contentKey, index });
    }
    const compared = await log.compare(good.map(({ fact }) => fact.event));
    compared.forEach((comparison, i) => {
      const item = good[i];
      if (item && comparison.found === 'other')
        problems.push(
          ...located(
            [idConflict(item.fact, `the event recorded at position ${comparison.position}`)],
            item.index,
            undefined,
          ),
        );
    });
    judged = withErrors(
      judged,
      problems.sort((a, b) => (a.index ?? -1) - (b.index ?? -1)),
    );
    await others();
  }
  return judged;
};

const recordChunk = async (
  log: EventLog,
  items: readonly Item[],
  progress: Progress,
  chunkSize: number,
): Promise<Progress> => {
  const chunk = items.slice(progress.next, progress.next + chunkSize);
  const captured = await recordPrepared(
    log,
    chunk.map(({ prepare }) => prepare()),
  );
  let { recorded, duplicates, position } = progress;
  const problems: Problem[] = [];
  captured.forEach((outcome, i) => {
    if (outcome.result === 'refused') problems.push(...located(outcome.problems, chunk[i]?.index, outcome.eventId));
    else {
      if (outcome.result === 'recorded') recorded++;
      else duplicates++;
      if (position === undefined || outcome.position > position) position = outcome.position;
    }
  });
  return withErrors(
    {
      ...progress,
      next: progress.next + chunk.length,
      recorded,
      duplicates,
      ...(position !== undefined && { position }),
    },
    problems,
  );
};
