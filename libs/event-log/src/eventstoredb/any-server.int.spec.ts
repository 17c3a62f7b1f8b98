import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EventStoreForTests, eventStoreForTests } from '#testkit';
import { collect } from '../contract/collect.js';
import { appendOf, event, record } from '../contract/sample-events.js';
import type { EventLog } from '../port.js';
import { createEventStoreLog, raiseEventStoreEpoch } from './index.js';

describe('the event log on any EventStoreDB, beyond what every log promises', () => {
  let store: EventStoreForTests;
  let opened: EventLog[];
  beforeEach(async () => {
    opened = [];
    store = await eventStoreForTests();
  });
  afterEach(async () => {
    await Promise.all(opened.map((log) => log.close()));
    await store.close();
  });
  const open = (): EventLog => {
    const log = createEventStoreLog({ connectionString: store.connectionString, name: store.name });
    opened.push(log);
    return log;
  };

  it('gives an id back that was refused, so that it can be recorded with other content elsewhere', async () => {
    const log = open();
    const one = event({ data: { crate: 1 } });
    expect(await log.append([appendOf('a', [one], 7)])).toMatchObject([{ ok: false, actual: 'no-stream' }]);
    expect(await log.compare([one])).toEqual([{ found: 'nothing' }]);
    expect(await record(log, 'b', [{ ...one, data: { crate: 2 } }])).toMatchObject([{ duplicate: false }]);
  });

  it('says which append is more than the server takes', async () => {
    const huge = event({ data: 'x'.repeat(1_200_000) });
    await expect(record(open(), 'a', [huge])).rejects.toMatchObject({ kind: 'too-large', code: 'append-too-large' });
    expect(await open().readStream('a')).toEqual([]);
  });

  it('keeps numbers as they were written', async () => {
    const log = open();
    const data = JSON.parse('{"kept":1.5}') as Record<string, unknown>;
    data.amount = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON('12000.0');
    await record(log, 'a', [event({ data }), event({ data: { plain: 7 } })]);
    const [first] = await collect(log, 2);
    expect(JSON.stringify(first!.data)).toBe('{"kept":1.5,"amount":12000.0}');
    const client = EventStoreDBClient.connectionString(store.connectionString);
    const asJson: unknown[] = [];
    for await (const { event: stored } of client.readStream(`${store.name}/a`)) asJson.push(stored?.isJson);
    await client.dispose();
    expect(asJson).toEqual([false, true]);
  });

  it('raises its epoch for everybody, once for each raise', async () => {
    const log = open();
    const { logId, epoch } = await log.identity();
    expect(epoch).toBe(1);
    const raised = await Promise.all([1, 2].map(() => raiseEventStoreEpoch(store)));
    expect(raised.map((one) => one.epoch).sort()).toEqual([epoch + 1, epoch + 2]);
    expect(await log.identity()).toMatchObject({ logId, epoch: epoch + 2 });
  });
});
