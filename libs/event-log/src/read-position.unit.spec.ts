import { describe, expect, it } from '@jest/globals';
import { readPosition } from './read-position.js';

describe('a position as a caller writes it', () => {
  it.each([
    ['70', '0000000000000070'],
    ['0000000000000070', '0000000000000070'],
    ['00070', '0000000000000070'],
    ['0', '0000000000000000'],
  ])('%s is %s', (written, position) => {
    expect(readPosition(written, 'minPosition')).toBe(position);
  });

  it.each(['', 'abc', '-1', '7.0', '1e3', ' 70', '70 ', '٧٠', '00000000000000070', ['70'], 70])(
    'is not %j',
    (written) => {
      expect(() => readPosition(written, 'asOfPosition')).toThrow(
        expect.objectContaining({
          kind: 'malformed',
          code: 'bad-position',
          message: 'asOfPosition is not a log position',
          problems: [expect.objectContaining({ code: 'bad-position', field: '/asOfPosition' })],
        }),
      );
    },
  );
});
