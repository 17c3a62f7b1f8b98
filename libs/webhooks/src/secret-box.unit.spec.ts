import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { secretBox } from './secret-box.js';

describe('a sealed secret', () => {
  const box = secretBox(randomBytes(32));

  it('is opened by its key for its owner alone, and never looks the same', () => {
    const sealed = box.seal('whsec_abc', 'endpoint-1');
    expect(box.open(sealed, 'endpoint-1')).toBe('whsec_abc');
    expect(sealed.includes('whsec')).toBe(false);
    expect(box.seal('whsec_abc', 'endpoint-1').equals(sealed)).toBe(false);
    expect(() => box.open(sealed, 'endpoint-2')).toThrow('cannot be opened: LOTLINE_SECRETS_KEY');
    expect(() => secretBox(randomBytes(32)).open(sealed, 'endpoint-1')).toThrow('cannot be opened');
  });

  it('shows whether a byte of it was changed', () => {
    const sealed = box.seal('whsec_abc', 'endpoint-1');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => box.open(changed, 'endpoint-1')).toThrow('cannot be opened');
    }
  });
});
