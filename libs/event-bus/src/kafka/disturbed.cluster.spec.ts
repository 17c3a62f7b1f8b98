import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ISocketFactory } from 'kafkajs';
import { createLagReader } from './lag.js';
import { readTopic } from './read-topic.fixture.js';
import { createRecordProducer } from './record-producer.js';
import { createStage, PARTITIONS, SESSION_MS, type Stage } from './stage.fixture.js';

/** Connections of the members to the broker, which can be cut and refused. */
const createLine = () => {
  const sockets = new Set<Socket>();
  let isDown = false;
  let tries = 0;
  const socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    tries += 1;
    // Nobody listens on port 1.
    const socket = connect({ host, port: isDown ? 1 : port }, onConnect);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const cut = (): void => {
    // As the other end's reset shows itself.
    for (const socket of sockets) socket.destroy(Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
  };
  return {
    socketFactory,
    cut,
    /** Connections that were asked for so far. */
    tries: (): number => tries,
    goDown(): void {
      isDown = true;
      cut();
    },
    comeBack: (): void => void (isDown = false),
  };
};

describe('the bus over Kafka, disturbed', () => {
  let stage: Stage;
  let line: ReturnType<typeof createLine>;
  beforeEach(async () => {
    line = createLine();
    stage = await createStage({ socketFactory: line.socketFactory });
  });
  afterEach(() => stage.dispose());

  /** Everything once, and each partition in the order of the log. */
  const expectOnceInOrder = (ids: readonly string[]): void => {
    const { store } = stage;
    expect(store.ids().sort()).toEqual([...ids].sort());
    for (let index = 0; index < PARTITIONS; index++) {
      const positions = store.effects.filter(({ partition }) => partition === index).map(({ position }) => position);
      expect(positions).toEqual([...positions].sort());
    }
  };

  const assigned = async (members: number): Promise<void> => {
    const admin = stage.topics.plain.client().admin();
    await admin.connect();
    for (;;) {
      const { groups } = await admin.describeGroups([stage.store.group]);
      if (groups[0]?.state === 'Stable' && groups[0].members.length === members) break;
      await delay(50);
    }
    await admin.disconnect();
  };

  it('has no lag where nothing happens and watermarks go on', async () => {
    const { store, log, publisher } = stage;
    const subscription = await stage.newBus().consume(store.options('only'));
    const { position } = await stage.append(9);
    await store.reached(position);
    for (let n = 0; n < 5; n++)
      await publisher.publish({ events: [], after: position, position, log: await log.identity() });
    const lags = createLagReader(stage.topics.plain);
    const read = async (): Promise<number[]> =>
      (await lags.read([{ group: store.group, topics: stage.topics.logTopics }])).map(({ lag }) => lag);
    for (let found = await read(); found.length < PARTITIONS || found.some((lag) => lag > 0); found = await read())
      await delay(50);
    await lags.close();
    await subscription.stop();
    expect(store.errors).toEqual([]);
  });

  it('gives partitions to members that come and takes them from those that go', async () => {
    const { store } = stage;
    const ids: string[] = [];
    const names = ['first', 'second', 'third'];
    const subscriptions = [];
    for (const [i, name] of names.entries()) {
      subscriptions.push(await stage.newBus().consume(store.options(name, { batchSize: 5 })));
      ids.push(...(await stage.append(60)).ids);
      await assigned(i + 1);
    }
    const before = store.effects.length;
    const { ids: more, position } = await stage.append(60);
    ids.push(...more);
    await store.reached(position);
    const workers = new Set(store.effects.slice(before).map(({ member }) => member));
    expect([...workers].sort()).toEqual([...names].sort());
    for (const subscription of subscriptions.slice(0, 2)) {
      await subscription.stop();
      ids.push(...(await stage.append(60)).ids);
    }
    const last = await stage.append(30);
    ids.push(...last.ids);
    await store.reached(last.position);
    expectOnceInOrder(ids);
    expect(store.effects.at(-1)?.member).toBe('third');
  });

  it('goes on when its topics are deleted and made anew, while it runs and while it does not', async () => {
    const { store, topics } = stage;
    const first = await stage.append(50);
    const bus = stage.newBus();
    const subscription = await bus.consume(store.options('m'));
    await store.reached(first.position);
    await topics.recreate();
    const second = await stage.append(50);
    await store.reached(second.position);
    await subscription.stop();
    await topics.recreate();
    const third = await stage.append(50);
    await bus.consume(store.options('m'));
    await store.reached(third.position);
    expectOnceInOrder([...first.ids, ...second.ids, ...third.ids]);
  });

  it('reads from the log what has expired, and what a cursor beyond the end hides', async () => {
    const { store, topics } = stage;
    const bus = stage.newBus();
    const first = await stage.append(50);
    const subscription = await bus.consume(store.options('m'));
    await store.reached(first.position);
    await subscription.stop();
    const second = await stage.append(200);
    const witness = await bus.consume({
      ...store.options('w'),
      group: `${store.group}-w`,
      startAfter: () => Promise.resolve(undefined),
      onDelivery: () => Promise.resolve(),
    });
    for (const topic of topics.logTopics)
      await topics.admin.deleteTopicRecords({
        topic,
        partitions: (await topics.admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({
          partition,
          offset: String(Number(high) - 1),
        })),
      });
    store.places.set(1, {
      position: store.places.get(1)!.position,
      cursor: JSON.stringify(Object.fromEntries(topics.logTopics.map((topic) => [topic, 1_000_000]))),
    });
    await bus.consume(store.options('m'));
    await store.reached(second.position);
    await witness.stop();
    expectOnceInOrder([...first.ids, ...second.ids]);
  });

  it('passes over what publishers repeat and what a forgotten one publishes late', async () => {
    const { store, publisher, log } = stage;
    await stage.newBus().consume(store.options('m', { batchSize: 7 }));
    const first = await stage.append(40);
    await store.reached(first.position);
    const identity = await log.identity();
    const all = await log.readAll({ after: '', max: 1000 });
    for (const [from, to] of [
      [0, 40],
      [10, 25],
      [0, 5],
      [30, 40],
    ] as const)
      await publisher.publish({
        events: all.events.slice(from, to),
        after: all.events[from - 1]?.position ?? '',
        position: all.events[to - 1]!.position,
        log: identity,
      });
    const second = await stage.append(40);
    await store.reached(second.position);
    expectOnceInOrder([...first.ids, ...second.ids]);
    expect(store.errors).toEqual([]);
  });

  it('writes what cannot be decoded to the dead letters and loses nothing by it', async () => {
    const { store, topics, log } = stage;
    await stage.newBus().consume(store.options('m'));
    const first = await stage.append(20);
    await store.reached(first.position);
    const { logId, epoch } = await log.identity();
    const producer = createRecordProducer({ kafka: topics.plain });
    await producer.send([
      { topic: topics.logTopics[0]!, partition: 0, key: 'k', value: 'no event', headers: { who: 'somebody' } },
      {
        topic: topics.logTopics[0]!,
        partition: 1,
        value: '{',
        // As a record of the log whose data is damaged.
        headers: {
          lotline_position: '9999999999999999',
          lotline_after: first.position,
          lotline_log: logId,
          lotline_epoch: String(epoch),
          lotline_partitions: String(PARTITIONS),
          ce_specversion: '1.0',
          ce_id: '1',
        },
      },
    ]);
    await producer.close();
    const second = await stage.append(20);
    await store.reached(second.position);
    expectOnceInOrder([...first.ids, ...second.ids]);
    const letters = await readTopic(topics.plain, topics.deadLetters, 2);
    expect(letters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          key: 'k',
          value: 'no event',
          headers: expect.objectContaining({
            who: 'somebody',
            lotline_dead_reason: 'header lotline_after is missing',
            lotline_dead_topic: topics.logTopics[0],
            lotline_dead_partition: '0',
            lotline_dead_group: store.group,
          }),
        }),
        expect.objectContaining({ value: '{', headers: expect.objectContaining({ lotline_dead_partition: '1' }) }),
      ]),
    );
  });

  it('brings what is too large for a record by the log, and a large publication in parts', async () => {
    const { store, log } = stage;
    await stage.newBus().consume(store.options('m'));
    const event = (n: number, pad: number) => ({
      id: randomUUID(),
      type: 'Counted',
      schemaVersion: 1,
      eventTime: '2026-01-01T00:00:00Z',
      data: { n, pad: 'x'.repeat(pad) },
      meta: { source: 'test', actor: 'test', correlationId: 'test' },
    });
    const sizes = [10, 1_500_000, 10, ...Array.from({ length: 12 }, () => 400_000), 10];
    const results = await log.append(
      sizes.map((pad, n) => ({ stream: 'large', expected: 'any' as const, events: [event(n, pad)] })),
    );
    const recorded = results.flatMap((result) => (result.ok ? result.recorded : []));
    await store.reached(recorded.at(-1)!.position);
    expectOnceInOrder(recorded.map(({ id }) => id));
    expect(store.errors).toEqual([]);
  });

  it('tells the consumer of a later epoch and passes over an earlier one', async () => {
    const { store, publisher, log } = stage;
    const seen: { epoch: number; events: number }[] = [];
    await stage.newBus().consume(
      store.options('m', {
        onDelivery: (delivery) => {
          seen.push({ epoch: delivery.log.epoch, events: delivery.events.length });
          return Promise.resolve();
        },
      }),
    );
    const first = await stage.append(10);
    await store.reached(first.position);
    const identity = await log.identity();
    const watermark = { events: [], after: '8888888888888888', position: '9999999999999999' };
    await publisher.publish({ ...watermark, log: { ...identity, epoch: identity.epoch - 1 } });
    const second = await stage.append(10);
    await store.reached(second.position);
    expect(new Set(seen.map(({ epoch }) => epoch))).toEqual(new Set([identity.epoch]));
    await publisher.publish({ ...watermark, log: { ...identity, epoch: identity.epoch + 1 } });
    await store.until(() => store.errors.length > 0);
    expect(seen.at(-1)).toEqual({ epoch: identity.epoch + 1, events: 0 });
    expect(String(store.errors[0])).toContain(`epoch ${identity.epoch + 1} is published`);
    expectOnceInOrder([...first.ids, ...second.ids]);
  });

  it('keeps its place in the group while a delivery takes longer than a session', async () => {
    const { store } = stage;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const bus = stage.newBus();
    await bus.consume(store.options('slow', { batchSize: 2, onDelivery: () => held }));
    await assigned(1);
    const { ids, position } = await stage.append(60);
    // The broker would have dropped it by now.
    await delay(SESSION_MS * 1.5);
    await assigned(1);
    release();
    await store.reached(position);
    expectOnceInOrder(ids);
    expect(store.errors).toEqual([]);
  });

  it('goes on after its connections are cut, and after the broker was away', async () => {
    const { store } = stage;
    const ids: string[] = [];
    await stage.newBus().consume(store.options('m', { batchSize: 3 }));
    for (let round = 0; round < 4; round++) {
      ids.push(...(await stage.append(40)).ids);
      line.cut();
    }
    const { ids: reached, position } = await stage.append(10);
    ids.push(...reached);
    await store.reached(position);
    await assigned(1);
    line.goDown();
    // What was cut may be told of as well, by the member or by a partition that it had just been given.
    const away = line.tries();
    const last = await stage.append(40);
    ids.push(...last.ids);
    while (line.tries() < away + 2) await delay(20);
    const told = store.errors.length;
    while (line.tries() < away + 10) await delay(20);
    // An absence is told of once for each partition, not at every try.
    expect(store.errors.length - told).toBeLessThanOrEqual(PARTITIONS);
    expect(store.errors.length).toBeGreaterThan(0);
    line.comeBack();
    await store.reached(last.position);
    expectOnceInOrder(ids);
  });
});
