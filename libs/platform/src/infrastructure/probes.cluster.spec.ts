import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testKafka, testRedis } from '#testkit';
import { readConfig } from '../config/read-config.js';
import { createLogger } from '../logging/logger.js';
import { openKafkaConnection } from './kafka/open-kafka-connection.js';
import { pingKafka } from './kafka/ping-kafka.js';
import { pingRedis } from './ping-redis.js';
import { within } from './within.js';

const silent = createLogger({ level: 'silent', name: 'test' });
const kafkaAt = (brokers: string) =>
  pingKafka(openKafkaConnection(readConfig({ KAFKA_BROKERS: brokers }), silent, 'test'));

/** Takes connections and says nothing, as a stopped process does. */
const sockets = new Set<Socket>();
const mute = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
let closed: string;

beforeAll(async () => {
  await once(mute.listen(0, '127.0.0.1'), 'listening');
  const gone = createServer();
  await once(gone.listen(0, '127.0.0.1'), 'listening');
  closed = `127.0.0.1:${(gone.address() as AddressInfo).port}`;
  await new Promise((resolve) => gone.close(resolve));
});
afterAll(async () => {
  const closing = once(mute, 'close');
  mute.close();
  for (const socket of sockets) socket.destroy();
  await closing;
});

describe('asking whether a server is there', () => {
  it('is answered by a broker and by Redis', async () => {
    await expect(kafkaAt(testKafka())()).resolves.toBeDefined();
    await expect(pingRedis(testRedis())()).resolves.toBe('PONG');
  });

  it('is refused where nothing listens', async () => {
    await expect(kafkaAt(closed)()).rejects.toThrow();
    await expect(pingRedis(`redis://${closed}`)()).rejects.toThrow();
  });

  it('takes no longer than a bound where a server is silent', async () => {
    const { port } = mute.address() as AddressInfo;
    const asking = pingRedis(`redis://127.0.0.1:${port}`)();
    expect(await within(300, asking)).toBeUndefined();
    await expect(asking).rejects.toThrow();
  });
});
