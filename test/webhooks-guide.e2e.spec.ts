import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../libs/platform/src/postgres/embedded/free-port.js';
import { RETRY_DELAYS_MS } from '#webhooks';
import { apiOf, startStandalone, until } from './support/start-standalone.js';

const guide = readFileSync('docs/webhooks.md', 'utf8');

describe('docs/webhooks.md', () => {
  it('shows a receiver that works as it stands', async () => {
    const snippet = /```js\n(.*?)```/s.exec(guide)?.[1] ?? '';
    const port = await freePort();
    const lotline = await startStandalone({
      clock: () => new Date('2026-05-01T12:00:00Z'),
      env: { LOTLINE_SECRETS_KEY: randomBytes(32).toString('base64'), LOTLINE_WEBHOOK_ALLOW_PRIVATE: 'true' },
    });
    const subscribed = await lotline.api('POST', '/expiry/webhooks', { body: { url: `http://127.0.0.1:${port}/` } });
    const receiver = spawn(process.execPath, ['--input-type=module', '--eval', snippet], {
      env: { PATH: process.env.PATH, WEBHOOK_SECRET: subscribed.body.secret, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    receiver.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')));
    try {
      await until('it listens', () => Promise.resolve(lines.includes('listening')));
      const tested = await lotline.api('POST', `/expiry/webhooks/${subscribed.body.id}/test`);
      expect(tested.body).toEqual({ delivered: true, status: 204 });
      await lotline.api('POST', '/inventory/receipts', {
        body: {
          ...{ item: '09521321000018', lotCode: 'A', place: 'urn:test:place', amount: { value: '1', unit: 'KGM' } },
          dates: { expiry: '2026-05-08' },
        },
      });
      await until('the alert', () => Promise.resolve(lines.length === 3));
      expect(lines).toEqual([
        'listening',
        expect.stringMatching(/^WebhookPing /),
        expect.stringMatching(/^ExpiryAlertRaised /),
      ]);
      const forged = await apiOf(`http://127.0.0.1:${port}`)('POST', '/', {
        body: { id: 'forged', type: 'NoticeIssued' },
      });
      expect([forged.status, lines.length]).toEqual([400, 3]);
    } finally {
      receiver.kill();
      await once(receiver, 'close');
      await lotline.stop();
    }
  });

  it('names the pauses between attempts as they are', () => {
    const text = (ms: number): string =>
      ms < 60_000 ? `${ms / 1_000} s` : ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
    expect(guide).toContain(`after ${RETRY_DELAYS_MS.map(text).join(', ')} (`);
  });
});
