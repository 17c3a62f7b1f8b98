import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newSecret, signatureOf } from './signature.js';

const now = (): number => Math.floor(Date.now() / 1_000);
const headersOf = (secrets: string[], body: string, timestamp = now(), id = 'd1') => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signatureOf(secrets, id, timestamp, body),
});
const body = '{"specversion":"1.0","data":{"lot":"größe €"}}';

describe('a signature', () => {
  it('is what the vector of Standard Webhooks says', () => {
    expect(
      signatureOf(
        ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        1614265330,
        '{"test": 2432232314}',
      ),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is taken by the library that receivers use, and by no other secret', () => {
    const secret = newSecret();
    expect(new Webhook(secret).verify(body, headersOf([secret], body))).toEqual(JSON.parse(body));
    expect(() => new Webhook(newSecret()).verify(body, headersOf([secret], body))).toThrow(
      'No matching signature found',
    );
    expect(() => new Webhook(secret).verify(`${body} `, headersOf([secret], body))).toThrow(
      'No matching signature found',
    );
    expect(() => new Webhook(secret).verify(body, headersOf([secret], body, now() - 600))).toThrow('too old');
  });

  it('fits the present and the former secret while one is replaced', () => {
    const [present, former] = [newSecret(), newSecret()];
    for (const secret of [present, former])
      expect(new Webhook(secret).verify(body, headersOf([present, former], body))).toEqual(JSON.parse(body));
  });

  it('is made with secrets of 32 random bytes', () => {
    const secrets = Array.from({ length: 50 }, newSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
  });
});
