import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/** What was done when, one JSON line each, for whoever has to understand a failing seed. */
export interface Trace {
  note(what: string, more?: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

export const openTrace = (file: string): Trace => {
  const stream = createWriteStream(file, { flags: 'a' });
  const began = performance.now();
  return {
    note: (what, more = {}) => {
      stream.write(`${JSON.stringify({ ms: Math.round(performance.now() - began), what, ...more })}\n`);
    },
    close: async () => {
      stream.end();
      await once(stream, 'close');
    },
  };
};
