import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { kafkaLacks, startKafka, startRedis } from '../../deploy/local/index.js';
import { spawnTs } from '#testkit';
import { until } from '../support/start-standalone.js';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const ownerOf = new URL('./owner.fixture.ts', import.meta.url);

describe('servers of this machine’s packages', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lotline-servers-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('Kafka comes back after SIGKILL on its port with what it acknowledged', async () => {
    expect(await kafkaLacks()).toBeUndefined();
    const server = await startKafka({ directory: join(directory, 'kafka') });
    try {
      const client = new Kafka({ brokers: [server.brokers], logLevel: logLevel.NOTHING });
      const admin = client.admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }], waitForLeaders: true });
      const producer = client.producer();
      await producer.connect();
      await producer.send({ topic: 'kept', acks: -1, messages: [{ value: 'one' }, { value: 'two' }] });
      await producer.disconnect();
      await server.kill();
      expect(server.pid()).toBeUndefined();
      await server.start();
      expect(await admin.fetchTopicOffsets('kept')).toMatchObject([{ high: '2' }]);
      await admin.disconnect();
    } finally {
      await server.close();
    }
  });

  it('Redis comes back after an orderly stop with its data, and stands still when it is paused', async () => {
    const server = await startRedis({ directory: join(directory, 'redis') });
    const client = new Redis(server.url, { lazyConnect: true });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.set('kept', 'yes');
      await server.stop();
      await server.start();
      expect(await client.get('kept')).toBe('yes');
      server.pause();
      const answer = client.get('kept');
      expect(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 200, 'nothing yet'))])).toBe(
        'nothing yet',
      );
      server.resume();
      expect(await answer).toBe('yes');
    } finally {
      client.disconnect();
      await server.close();
    }
  });

  it('one that two want to own is given to one only', async () => {
    const first = await startRedis({ directory: join(directory, 'one') });
    await expect(startRedis({ directory: join(directory, 'one') })).rejects.toThrow(/in use by another/);
    await first.close();
  });

  it('end by themselves when their owner is killed, and the next owner goes on with the data', async () => {
    const home = join(directory, 'orphan');
    const owner = spawnTs(ownerOf, [home]);
    const [, pid = '', url = ''] = (await owner.line(/^redis /)).split(' ');
    const client = new Redis(url);
    client.on('error', () => undefined);
    await client.set('kept', 'yes');
    client.disconnect();
    expect(isAlive(Number(pid))).toBe(true);
    await owner.kill();
    await until('the orphan is gone', () => Promise.resolve(!isAlive(Number(pid))));

    const next = spawnTs(ownerOf, [home]);
    const [, , again = ''] = (await next.line(/^redis /)).split(' ');
    expect(again).toBe(url);
    const reader = new Redis(again);
    expect(await reader.get('kept')).toBe('yes');
    reader.disconnect();
    next.process.kill('SIGTERM');
    await next.ended;
  });

  it('say what kept them from starting', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(startRedis({ directory: join(directory, 'no-port'), port })).rejects.toThrow(
      /Redis ended while it started:[^]*Address already in use/,
    );
    taken.close();
  });
});
