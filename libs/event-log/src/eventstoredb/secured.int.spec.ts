import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type EventStoreServer, startEventStoreServer, TEST_CERTIFICATES } from '#testkit';
import { collect, readEverything } from '../contract/collect.js';
import { event, record } from '../contract/sample-events.js';
import type { EventLog } from '../port.js';
import { createEventStoreLog } from './index.js';

const USER = 'lotline';
const PASSWORD = 'p@ss:w/rd? +ü';

describe('the event log on an EventStoreDB that asks for credentials over TLS', () => {
  let server: EventStoreServer;
  let folder: string;
  let opened: EventLog[];
  let errors: unknown[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lotline-tls-'));
    await writeFile(join(folder, 'ca.pem'), TEST_CERTIFICATES.authority);
    await writeFile(join(folder, 'other.pem'), TEST_CERTIFICATES.otherAuthority);
  });
  beforeEach(async () => {
    opened = [];
    errors = [];
    server = await startEventStoreServer({
      tls: TEST_CERTIFICATES,
      credentials: { username: USER, password: PASSWORD },
    });
  });
  afterEach(async () => {
    await Promise.all(opened.map((log) => log.close()));
    await server.close();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const open = ({ password = PASSWORD, ca = 'ca.pem' } = {}): EventLog => {
    const login = `${USER}:${encodeURIComponent(password)}`;
    const log = createEventStoreLog({
      connectionString: `esdb://${login}@127.0.0.1:${server.port}?tls=true&tlsCAFile=${join(folder, ca)}`,
      onError: (error) => errors.push(error),
    });
    opened.push(log);
    return log;
  };
  /** Everything that a log is asked for, each by itself; what each was refused with. */
  const refusals = async (log: EventLog): Promise<unknown[]> => {
    const { signal } = new AbortController();
    const asked = await Promise.allSettled([
      record(log, 'a', [event()]),
      log.readStream('a'),
      log.readAll({}),
      log.head(),
      log.identity(),
      log.follow({ signal })[Symbol.asyncIterator]().next(),
    ]);
    return asked.map((one) => (one.status === 'rejected' ? one.reason : one));
  };

  it('appends, reads and follows with the right ones, also after its connection was lost', async () => {
    const log = open();
    const following = collect(log, 2);
    const [first] = await record(log, 'a', [event()]);
    expect(await log.readStream('a')).toMatchObject([{ id: first!.id }]);
    expect(await log.head()).toBe(first!.position);
    server.dropConnections();
    const [second] = await record(log, 'a', [event()], 0);
    expect((await following).map(({ id }) => id)).toEqual([first!.id, second!.id]);
    expect(await readEverything(open())).toHaveLength(2);
  });

  it('says at once that the credentials are wrong, and does not try them again', async () => {
    const refused = await refusals(open({ password: 'wrong' }));
    for (const error of refused) expect(error).toMatchObject({ kind: 'unavailable', code: 'log-access-denied' });
    expect(refused).toHaveLength(6);
    expect(errors).toEqual([]);
    expect(server.calls).toHaveLength(6);
    expect(server.records).toEqual([]);
    expect(String(refused[0])).not.toContain('wrong');
  });

  it('says at once that the certificate is not trusted, and why', async () => {
    const refused = await refusals(open({ ca: 'other.pem' }));
    for (const error of refused)
      expect(error).toMatchObject({
        kind: 'unavailable',
        code: 'log-not-trusted',
        message: expect.stringMatching(/certificate of EventStoreDB is not trusted \(.*certificate.*tlsCAFile/),
      });
    expect(refused).toHaveLength(6);
    expect(server.calls).toEqual([]);
  });

  it('does not show the password of a connection string that is none', () => {
    const connect = (connectionString: string): unknown => {
      try {
        return createEventStoreLog({ connectionString });
      } catch (error) {
        return error;
      }
    };
    const refused = ['esdb://u:secret@h:port', 'esdb://u:top@secret?tls', 'esdb://u:secret@h?tls=x'].map(connect);
    for (const error of refused) expect(error).toBeInstanceOf(TypeError);
    expect(inspect(refused)).toContain('at position 18, expected port number');
    expect(inspect(refused)).not.toContain('secret');
  });

  it('says that a file of certificates is missing', () => {
    expect(() => open({ ca: 'missing.pem' })).toThrow('File was not found');
  });
});
