import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventOf, type Sent } from './event.js';
import { play, PlayFailed } from './play.js';
import { simulate } from './simulate.js';

const { world, acts } = simulate({ seed: 1, size: 'small', days: 4 });
const events: Sent[] = [...acts].map((act) => eventOf(world, act));

interface Asked {
  path: string;
  authorization: string | undefined;
  count: number;
}
type Reply = [status: number, body?: unknown, headers?: Record<string, string>];

/** Only what playing needs of the two doors; the product itself is played to in test/simulated-plant.e2e.spec.ts. */
describe('playing to a server', () => {
  let server: Server | undefined;
  afterEach(() => new Promise((done) => (server === undefined ? done(undefined) : server.close(done))));

  const serve = async (reply: (asked: Asked, n: number) => Reply): Promise<{ url: string; asked: Asked[] }> => {
    const asked: Asked[] = [];
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (piece: Buffer) => (text += piece.toString()));
      request.on('end', () => {
        const body: any = text === '' ? [] : JSON.parse(text);
        const count = Array.isArray(body) ? body.length : body.epcisBody.eventList.length;
        const one = { path: `${request.method} ${request.url}`, authorization: request.headers.authorization, count };
        asked.push(one);
        const [status, answer, headers = {}] = reply(one, asked.length);
        response.writeHead(status, { connection: 'close', ...headers });
        response.end(answer === undefined ? undefined : JSON.stringify(answer));
      });
    });
    await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  };

  const good = ({ path, count }: Asked): Reply => {
    if (path === 'POST /events')
      return [202, { recorded: count, duplicates: 0, refused: [] }, { 'x-log-position': '7' }];
    if (path === 'POST /epcis/capture') return [202, undefined, { location: `/epcis/capture/${count}` }];
    return [
      200,
      { running: false, recorded: Number(path.split('/').at(-1)), duplicates: 0, errors: [] },
      { 'x-log-position': '9' },
    ];
  };

  it('sends the master data first, every event once, and asks again where the server says "not now"', async () => {
    const { url, asked } = await serve((one, n) => (n % 5 === 3 ? [503] : good(one)));
    const played = await play(world, events, { url, key: 'secret', batch: 40 });
    expect(played).toEqual({ recorded: events.length, duplicates: 0, refused: [], position: '9' });
    expect(asked[0]).toEqual({ path: 'POST /epcis/capture', authorization: 'Bearer secret', count: 0 });
    expect(asked.every(({ authorization, count }) => authorization === 'Bearer secret' && count <= 40)).toBe(true);
  });

  it('is no faster than it was told to be', async () => {
    const { url } = await serve(good);
    const start = Date.now();
    await play(world, events.slice(0, 30), { url, batch: 5, rate: 60 });
    expect(Date.now() - start).toBeGreaterThanOrEqual(450);
  });

  it('hands on what was refused, with its reasons', async () => {
    const refused = [{ index: 0, code: 'id-conflict' }];
    const { url } = await serve((one) =>
      one.path === 'POST /events' ? [422, { recorded: 0, duplicates: 0, refused }] : good(one),
    );
    const played = await play(world, events.filter(({ form }) => form === 'native').slice(0, 1), { url });
    expect(played).toMatchObject({ recorded: 0, refused });
  });

  it('fails with the answer of a server that takes no request of it', async () => {
    const { url } = await serve(() => [401, { title: 'no key' }]);
    await expect(play(world, events, { url })).rejects.toThrow(PlayFailed);
    await expect(play(world, events, { url })).rejects.toThrow(/POST \/epcis\/capture: 401 .*no key/);
  });
});
