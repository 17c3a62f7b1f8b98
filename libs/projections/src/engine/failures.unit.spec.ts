import { describe, expect, it } from '@jest/globals';
import { LotlineError, refused } from '#kernel';
import type { RecordedEvent } from '#contracts';
import { PoisonEvent } from '../port.js';
import { isDatabaseFault, messageOf } from './failures.js';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });
const poison = (cause: unknown): PoisonEvent => new PoisonEvent({ type: 'Counted', id: '1' } as RecordedEvent, cause);

describe('what is no event’s fault', () => {
  // The driver's own words, which carry no code.
  const lost = [
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'timeout exceeded when trying to connect',
  ];
  it.each(lost)('%s', (message) => {
    expect(isDatabaseFault(new Error(message))).toBe(true);
    expect(isDatabaseFault(poison(new Error(message)))).toBe(true);
  });

  it.each(['57P01', '08006', '40P01', '53100', '42P01', 'ECONNRESET'])('%s', (code) => {
    expect(isDatabaseFault(coded(code))).toBe(true);
  });

  it('a log that cannot be reached', () => {
    expect(isDatabaseFault(new LotlineError('unavailable', 'log-unavailable', 'away'))).toBe(true);
  });
});

describe('what may be an event’s fault', () => {
  it.each(['22P02', '23505', 'ERR_X'])('%s', (code) => {
    expect(isDatabaseFault(coded(code))).toBe(false);
  });

  it('anything that is thrown without saying that the database is away', () => {
    expect(isDatabaseFault(new TypeError('x is not a function'))).toBe(false);
    expect(isDatabaseFault(refused('no', 'no', []))).toBe(false);
    expect(isDatabaseFault('text')).toBe(false);
  });
});

describe('what is said of a failure', () => {
  it('can be stored, whatever it quotes', () => {
    expect(messageOf(new Error('no lot "A\0B"'))).toBe(String.raw`no lot "A\u0000B"`);
    expect(messageOf('thrown\0')).toBe(String.raw`thrown\u0000`);
  });
});
