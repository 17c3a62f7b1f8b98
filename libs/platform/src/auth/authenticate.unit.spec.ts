import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ApiKey } from '../config/api-keys.js';
import { ACTOR_HEADER, authenticator, INTERNAL_HEADER } from './authenticate.js';
import { holds } from './principal.js';

const keyOf = (name: string, key: string, ...permissions: string[]): ApiKey =>
  Object.assign(new ApiKey(), { name, sha256: createHash('sha256').update(key).digest('hex'), permissions });

const open = authenticator({ profile: 'standalone', apiKeys: [] }, 'inside');
const keyed = authenticator(
  { profile: 'standalone', apiKeys: [keyOf('mes', 'k1', 'capture:write'), keyOf('wms', 'k2', 'service:act-for')] },
  'inside',
);
const local = { host: '127.0.0.1:3000' };

describe('who is calling', () => {
  it.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000', 'localhost'])(
    'without keys is the local person where the host is named %s',
    (host) => expect(open({ host }).principal).toEqual({ subject: 'local', permissions: ['*'] }),
  );

  it.each(['evil.example.org', 'evil.example.org:3000', '127.0.0.1.evil.org', undefined])(
    'is nobody where a browser was led here under the name %s',
    (host) => expect(open({ host }).principal).toBeUndefined(),
  );

  it('is who the key says, and nobody without a valid one', () => {
    expect(keyed({ ...local, authorization: 'Bearer k1' }).principal).toEqual({
      subject: 'key:mes',
      permissions: ['capture:write'],
    });
    for (const authorization of ['Bearer nope', 'Basic k1', 'k1', '', undefined])
      expect(keyed({ ...local, authorization }).principal).toBeUndefined();
  });

  it('is nobody in a cluster without keys', () => {
    expect(authenticator({ profile: 'cluster', apiKeys: [] }, 'inside')(local).principal).toBeUndefined();
  });

  it('is the process itself only with its secret', () => {
    expect(keyed({ [INTERNAL_HEADER]: 'inside' }).principal?.permissions).toContain('*');
    expect(keyed({ [INTERNAL_HEADER]: 'outside' }).principal).toBeUndefined();
    expect(open({ ...local, [INTERNAL_HEADER]: 'outside' }).principal).toBeUndefined();
  });

  it('acts for another only where that is permitted by name', () => {
    const actor = { [ACTOR_HEADER]: 'key:mes' };
    expect(keyed({ authorization: 'Bearer k2', ...actor }).onBehalfOf).toBe('key:mes');
    expect(keyed({ authorization: 'Bearer k1', ...actor }).onBehalfOf).toBeUndefined();
    expect(open({ ...local, ...actor }).onBehalfOf).toBeUndefined();
    expect(keyed({ [INTERNAL_HEADER]: 'inside', ...actor }).onBehalfOf).toBe('key:mes');
  });
});

describe('permissions', () => {
  it.each([
    ['*', 'capture:write', true],
    ['capture:*', 'capture:write', true],
    ['*:read', 'genealogy:read', true],
    ['capture:write', 'capture:write', true],
    ['*:read', 'capture:write', false],
    ['capture:*', 'production:write', false],
    ['capture:read', 'capture:write', false],
  ])('%s for %s: %s', (held, wanted, expected) => {
    expect(holds({ subject: 's', permissions: [held] }, wanted)).toBe(expected);
  });
});
