import type { Problem } from '#kernel';
import type { CaptureJob, ErrorBehaviour } from '../../domain/capture-job.js';

/** A capture job as EPCIS 2.0 section 12.6.1 gives it, and how far it has come. */
export interface JobAnswer {
  captureID: string;
  createdAt: string;
  finishedAt?: string;
  running: boolean;
  success: boolean;
  captureErrorBehaviour: ErrorBehaviour;
  /** RFC 9457 problems, each with index and id of its event, field, what was found and what is expected. */
  errors: (Problem & { type: string; title: string })[];
  /** Larger than `errors` is long where only the first problems are kept. */
  errorCount: number;
  recorded: number;
  duplicates: number;
  /** Log position of the last event recorded. */
  position?: string;
}

export const jobAnswer = (job: CaptureJob): JobAnswer => ({
  captureID: job.id,
  createdAt: job.createdAt,
  ...(job.finishedAt !== null && { finishedAt: job.finishedAt }),
  running: job.finishedAt === null,
  success: job.success ?? true,
  captureErrorBehaviour: job.behaviour,
  errors: job.progress.errors.map((problem) => ({
    type: `urn:lotline:problem:${problem.code}`,
    title: problem.message,
    ...problem,
  })),
  errorCount: job.progress.errorCount,
  recorded: job.progress.recorded,
  duplicates: job.progress.duplicates,
  ...(job.progress.position !== undefined && { position: job.progress.position }),
});
