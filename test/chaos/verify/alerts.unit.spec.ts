import { describe, expect, it } from '@jest/globals';
import { readLedger } from '../receiver/ledger.js';
import { checkAlerts, checkExpiryAlerts, checkNotices } from './alerts.js';
import { dispatched, LOT, logOf } from './doctored.fixture.js';

const notice = (name: string, more: object = {}): [string, string, object, string] => [
  'recall-C',
  'NoticeIssued',
  { notice: name, case: 'C', consignee: 'urn:c', inferred: false, lots: [{ lot: LOT, amounts: [] }], ...more },
  `id-${name}`,
];
const opened: [string, string, object] = ['recall-C', 'RecallOpened', { case: 'C', suspects: [{ lot: LOT }] }];
const entry = (id: string, cause: string) => ({ id, type: 'NoticeIssued', cause });

describe("a receiver's ledger", () => {
  const log = logOf(notice('C-1'), notice('C-2', { consignee: 'urn:d' }));

  it('has every alert of the log once', () => {
    expect(checkAlerts(log, [entry('id-C-1', 'notice:C-1'), entry('id-C-2', 'notice:C-2')])).toEqual([]);
  });

  it('is found to lack one that was lost', () => {
    expect(checkAlerts(log, [entry('id-C-1', 'notice:C-1')])).toEqual(['alert id-C-2 (notice:C-2) was lost']);
  });

  it('is found to have one twice, under the same id or for the same cause', () => {
    const both = [entry('id-C-1', 'notice:C-1'), entry('id-C-2', 'notice:C-2')];
    expect(checkAlerts(log, [...both, both[0]!])).toEqual([expect.stringMatching(/id-C-1 .* twice/)]);
    expect(checkAlerts(log, [...both, entry('other', 'notice:C-1')])).toEqual([
      expect.stringMatching(/notice:C-1 was alerted twice/),
      expect.stringMatching(/other .* not in the log/),
    ]);
  });

  it('is read without the line that a kill cut off', () => {
    expect(readLedger('{"id":"a","type":"t","cause":"c"}\n{"id":"b"')).toEqual([{ id: 'a', type: 't', cause: 'c' }]);
    expect(readLedger('{"id":"b"\n{"id":"a","type":"t","cause":"c"}\n')).toHaveLength(1);
  });
});

describe('the alerts that a log has to have', () => {
  it('are a notice to whoever got a suspect', () => {
    expect(checkNotices(logOf(dispatched('S', 3), opened, notice('C-1')))).toEqual([]);
    expect(checkNotices(logOf(dispatched('S', 3), opened))).toEqual([
      `urn:c got ${LOT} with S and was not told of case C`,
    ]);
  });

  it('are not said again without anything new', () => {
    expect(checkNotices(logOf(notice('C-1'), notice('C-2')))).toEqual([expect.stringMatching(/tells urn:c again/)]);
  });

  it('are one at least for a lot past its date', () => {
    const alert: [string, string, object] = [`expiry-${LOT}`, 'ExpiryAlertRaised', { lot: LOT }];
    expect(checkExpiryAlerts(logOf(alert), [LOT])).toEqual([]);
    expect(checkExpiryAlerts(logOf(), [LOT])).toEqual([expect.stringMatching(/nobody was alerted/)]);
  });
});
