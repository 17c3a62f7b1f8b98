import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { keyOf } from '../../libs/platform/src/infrastructure/key-of.js';
import { readLog, releases } from './recorded-logs.js';

/** SHA-256 over id and key of each event of a release's recorded log. Never changed, as the log itself. */
const KEYS: Readonly<Record<string, string>> = {
  '0.1.0': 'b35cde7de45cbf68993d5868b2c1845897c9d724bb665c65ddfe9b8e350d8dd0',
};

// A partition stands at a position for the events that are its own. Were a known event of another partition from some release
// on, the one could be past it and the other never look for it: it would be lost (docs/adr/0014).
describe('the partition of an event', () => {
  it.each(releases())('is for ever what it was in release %s', (release) => {
    const hash = createHash('sha256');
    for (const line of readLog(release))
      hash.update(`${line.id} ${keyOf({ revision: 0, recordTime: line.eventTime, position: '', ...line })}\n`);
    expect(hash.digest('hex')).toBe(KEYS[release]);
  });
});
