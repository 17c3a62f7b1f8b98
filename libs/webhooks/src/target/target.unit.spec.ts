import { describe, expect, it } from '@jest/globals';
import { startReceiver } from '../receiver.fixture.js';
import { endpointUrl } from './endpoint-url.js';
import { post } from './post.js';
import { isPublicAddress } from './public-address.js';

describe('an address', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:8.8.8.8'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ...['127.0.0.1', '127.8.8.8', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
    ...['100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1', '198.18.0.1'],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1'],
    ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', '2001::1', 'localhost', ''],
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('the URL of an endpoint', () => {
  it.each(['https://example.com/hooks?tenant=7', 'https://example.com:8443', 'https://8.8.8.8/'])('may be %s', (url) =>
    expect(endpointUrl(url, false).protocol).toBe('https:'),
  );

  it.each([
    ['no url', 'it is no URL'],
    ['ftp://example.com/', 'neither https nor http'],
    ['file:///etc/passwd', 'neither https nor http'],
    ['https://user:secret@example.com/', 'credentials'],
    ['https://user@example.com/', 'credentials'],
    ['https://example.com/#there', 'fragment'],
    ['http://example.com/', 'http is readable on the way'],
    ['https://127.0.0.1/', '127.0.0.1 is not a public address'],
    ['https://0x7f.1/', '127.0.0.1 is not a public address'],
    ['https://2130706433/', '127.0.0.1 is not a public address'],
    ['https://169.254.169.254/latest/meta-data', '169.254.169.254 is not a public address'],
    ['https://[::1]/', '::1 is not a public address'],
    ['https://[::ffff:10.0.0.1]/', '::ffff:a00:1 is not a public address'],
  ])('may not be %s: %s', (url, why) => {
    expect(() => endpointUrl(url, false)).toThrow(
      expect.objectContaining({ code: 'bad-webhook-url', kind: 'malformed', message: expect.stringContaining(why) }),
    );
  });

  it('may be inside, by http, where the installation allows it, still without credentials', () => {
    expect(endpointUrl('http://127.0.0.1:8080/', true).port).toBe('8080');
    expect(() => endpointUrl('http://user:secret@127.0.0.1/', true)).toThrow('credentials');
  });
});

describe('sending', () => {
  const options = { headers: {}, body: '{}', timeoutMs: 5_000 };

  it('looks at what a name stands for when it connects', async () => {
    const refused = post({ ...options, url: 'https://localhost:9/', allowPrivate: false });
    await expect(refused).rejects.toThrow(/^localhost leads to (127\.0\.0\.1|::1), which is not a public address$/);
  });

  it('follows no redirection, reads no long answer to its end, and waits for no silent receiver', async () => {
    const receiver = await startReceiver();
    try {
      const to = (path: string) => post({ ...options, url: receiver.url(path), allowPrivate: true, timeoutMs: 300 });
      receiver.replies(({ path }) => {
        if (path === '/moved') return { status: 302, headers: { location: receiver.url('/elsewhere') } };
        if (path === '/long') return { status: 500, body: 'x'.repeat(5_000_000) };
        return path === '/silent' ? 'never' : { status: 200, body: 'y'.repeat(5_000_000) };
      });
      expect(await to('/moved')).toMatchObject({ status: 302 });
      const { status, text } = await to('/long');
      expect([status, text.length]).toEqual([500, 1_024]);
      expect(await to('/')).toMatchObject({ status: 200, text: '' });
      await expect(to('/silent')).rejects.toThrow('no answer within 300 ms');
      expect(receiver.received.map(({ path }) => path)).toEqual(['/moved', '/long', '/', '/silent']);
    } finally {
      await receiver.close();
    }
    await expect(post({ ...options, url: receiver.url(), allowPrivate: true })).rejects.toThrow('ECONNREFUSED');
  });
});
