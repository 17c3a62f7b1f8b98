import type { RecordedEvent } from '#contracts';
import { instant, type Instant } from '#kernel';
import type { Happening } from '../happening.js';

/** Validation has seen every time before; what an older release let through sorts by its text rather than being lost. */
export const instantOf = (text: string, offset?: string): Instant =>
  instant(text, offset) ?? instant(text) ?? { text, key: text, day: text.slice(0, 10) };

type Base = Pick<Happening, 'id' | 'logId' | 'time' | 'reporter'>;

/** What every happening of an event shares. @param id as its reporter gave it. */
export const base = (event: RecordedEvent, id: string = event.id): Base => ({
  id,
  logId: event.id,
  time: instantOf(event.eventTime),
  reporter: event.meta.source,
});
