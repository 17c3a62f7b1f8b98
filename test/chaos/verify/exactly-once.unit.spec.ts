import { describe, expect, it } from '@jest/globals';
import { at, type Doctored, issued, logOf, received } from './doctored.fixture.js';
import { checkExactlyOnce, checkLogOrder } from './exactly-once.js';

const fact = (id: string, event = `event of ${id}`): Doctored => [`fact-${id}`, 'LotScrapped', { eventId: id }, event];
const told = {
  asked: new Set(['receipt:r', 'fact:urn:1', 'issue:order:a:1']),
  acknowledged: new Map([
    ['receipt:r', 'act'],
    ['fact:urn:1', 'other act'],
  ]),
};

describe('what was acknowledged', () => {
  it('is in the log once', () => {
    expect(checkExactlyOnce(logOf(received(10), fact('urn:1')), told)).toEqual([]);
  });

  it('is found where it is lost', () => {
    expect(checkExactlyOnce(logOf(received(10)), told)).toEqual([
      'fact:urn:1 was acknowledged (other act) and is not in the log',
    ]);
  });

  it('is found where it is there twice, under two ids or under one', () => {
    expect(checkExactlyOnce(logOf(received(10), fact('urn:1'), fact('urn:1', 'another event')), told)).toEqual([
      expect.stringMatching(/fact:urn:1 is in the log twice/),
    ]);
    expect(checkExactlyOnce(logOf(received(10), fact('urn:1', 'same'), fact('urn:1', 'same')), told)).toHaveLength(2);
  });

  it('is all there is: nothing is in the log that nobody asked for', () => {
    expect(checkExactlyOnce(logOf(received(10), fact('urn:1'), fact('urn:2')), told)).toEqual([
      expect.stringMatching(/nobody asked for LotScrapped fact:urn:2/),
    ]);
    expect(checkExactlyOnce(logOf(received(10), fact('urn:1'), issued('order:b', 1, at(1))), told)).toHaveLength(1);
    expect(checkExactlyOnce(logOf(received(10), fact('urn:1'), issued('order:a', 1, at(1))), told)).toEqual([]);
  });
});

describe('the order of a log', () => {
  it('is whole', () => {
    expect(checkLogOrder(logOf(received(10), fact('urn:1'), issued('order:a', 1, at(1))))).toEqual([]);
  });

  it('is found broken where an event is missing from its stream, or stands before what came before it', () => {
    const log = logOf(received(10), fact('urn:1'), issued('order:a', 1, at(1)));
    expect(checkLogOrder([log[1]!, log[2]!])).toEqual([expect.stringMatching(/goes on with revision 1, not 0/)]);
    expect(checkLogOrder([log[1]!, log[0]!, log[2]!])).not.toEqual([]);
  });
});
