import { factStream, type RecordedEvent } from '#contracts';
import type { KeyOf } from '#event-bus';
import { interpret, type Thing } from '#traceability';

const FACT = factStream('');

/**
 * How the product divides the log: a fact travels with the first lot it names (a serial's, if it states one; else the unit),
 * so that most facts of a lot are worked on by one worker; everything else with its stream, whose order matters.
 */
export const keyOf: KeyOf = (event) => (event.stream.startsWith(FACT) ? firstLot(event) : undefined) ?? event.stream;

const firstLot = (event: RecordedEvent): string | undefined => {
  const happenings = interpretable(event);
  const things = happenings.flatMap(({ things, outputs = [] }): Thing[] => [...things, ...outputs]);
  const lot = things.find(({ kind }) => kind === 'lot' || kind === 'serial');
  return lot?.lot ?? lot?.id ?? things[0]?.id ?? happenings.find(({ parent }) => parent !== undefined)?.parent;
};

/** What cannot be read is parked by whoever meets it; here it must not hold up all the others. */
const interpretable = (event: RecordedEvent): ReturnType<typeof interpret> => {
  try {
    return interpret(event);
  } catch {
    return [];
  }
};
