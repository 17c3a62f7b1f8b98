import type { EventMeta } from '#contracts';
import type { Problem } from '#kernel';

/** `rollback`: all events of the document or none; `proceed`: the good ones (EPCIS 2.0 section 12.6.1). */
export type ErrorBehaviour = 'rollback' | 'proceed';

/** How far a job has come; written after each chunk, so that a crash repeats one chunk at most. */
export interface Progress {
  /** Items (master data, then events) that are done. */
  next: number;
  recorded: number;
  duplicates: number;
  /** Position of the last event recorded or found. */
  position?: string;
  /** Problems of events, the first MOST_ERRORS of them. */
  errors: Problem[];
  errorCount: number;
  /** Under `rollback`: everything was found good, and writing has begun. */
  decided: boolean;
}

export interface CaptureJob {
  id: string;
  createdAt: string;
  finishedAt: string | null;
  success: boolean | null;
  behaviour: ErrorBehaviour;
  /** Who sent the document: meta of its events. */
  meta: EventMeta;
  progress: Progress;
}

/** Kept of one job; `errorCount` tells when there were more. */
export const MOST_ERRORS = 1_000;

export const begun: Progress = { next: 0, recorded: 0, duplicates: 0, errors: [], errorCount: 0, decided: false };

/** Adds problems, keeping the first ones only. */
export const withErrors = (progress: Progress, problems: readonly Problem[]): Progress => ({
  ...progress,
  errors: [...progress.errors, ...problems.slice(0, Math.max(0, MOST_ERRORS - progress.errors.length))],
  errorCount: progress.errorCount + problems.length,
});
