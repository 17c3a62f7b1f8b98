import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Proxy, startProxy } from '../../deploy/local/index.js';

describe('the one address of all apps', () => {
  let app: Server;
  let there: string[];
  let proxy: Proxy;
  beforeEach(async () => {
    app = createServer((request, response) =>
      request.url === '/genealogy/breaks' ? request.socket.destroy() : response.end('from genealogy'),
    );
    await once(app.listen(0, '127.0.0.1'), 'listening');
    there = [`http://127.0.0.1:${(app.address() as AddressInfo).port}`];
    proxy = await startProxy(0, (name) => (name === 'genealogy' ? there : []));
  });
  afterEach(async () => {
    await proxy.close();
    app.close();
  });

  const unavailable = async (path: string): Promise<string> => {
    const response = await fetch(`${proxy.url}${path}`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const body = (await response.json()) as { code: string; detail: string; instance: string };
    expect(body.code).toBe('app-unavailable');
    return `${body.instance} ${body.detail}`;
  };

  it('passes on to an app that is there', async () => {
    expect(await (await fetch(`${proxy.url}/genealogy/trace?lot=x`)).text()).toBe('from genealogy');
  });

  it('answers 503, to be asked again, where an app is not there, does not listen or breaks off', async () => {
    expect(await unavailable('/inventory/receipts?x=1')).toMatch(/^\/inventory\/receipts inventory did not answer/);
    expect(await unavailable('/genealogy/breaks')).toMatch(/genealogy did not answer/);
    const closed = once(app, 'close');
    app.close();
    await closed;
    expect(await unavailable('/genealogy/trace')).toMatch(/genealogy did not answer/);
  });
});
