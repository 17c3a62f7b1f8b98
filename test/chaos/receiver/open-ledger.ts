import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { RecordedEvent } from '#contracts';
import { identityOf } from '../verify/identity.js';
import { readLedger, type LedgerEntry } from './ledger.js';

export interface Ledger {
  /** Writes an alert down, durably, unless one of this name is there already. */
  count: (name: string, alert: Pick<RecordedEvent, 'id' | 'type' | 'data'>) => void;
  close: () => void;
}

/** A ledger goes on where a kill left it. */
export const openLedger = (file: string): Ledger => {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const known = new Set(readLedger(text).map(({ id, name }) => name ?? id));
  const ledger = openSync(file, 'a');
  // A line that a kill cut off is ended, so that the next one stands for itself.
  if (!/(^|\n)$/.test(text)) writeSync(ledger, '\n');
  return {
    count: (name, { id, type, data }) => {
      if (known.has(name)) return;
      const entry: LedgerEntry = { id, type, cause: identityOf({ id, type, data } as RecordedEvent), name };
      writeSync(ledger, `${JSON.stringify(entry)}\n`);
      fsyncSync(ledger);
      known.add(name);
    },
    close: () => closeSync(ledger),
  };
};
