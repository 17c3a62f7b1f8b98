import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ExpiryAlertRaised, LotDatesChanged, LotsIdentified, compileValidator } from '#contracts';
import { createPostgresEventLog } from '#event-log';
import { createProjectionOperations } from '#projections';
import { spawnTs } from '#testkit';
import { EXPIRY, expiryProjector } from '../read-model/expiry-projector.js';
import { raiseAlerts } from './raise-alerts.js';
import { createShelf, DEPOT, type Shelf } from './shelf.fixture.js';

const day = (date: string): string => `${date}T12:00:00Z`;
const valid = compileValidator(ExpiryAlertRaised.data);

describe('expiry alerts', () => {
  let shelf: Shelf;
  beforeEach(async () => {
    shelf = await createShelf();
    await shelf.keep();
  });
  afterEach(async () => {
    for (const { data } of await shelf.alerts()) expect(valid(data)).toEqual([]);
    await shelf.close();
  });

  it('come when a lead comes, each once, with what is on hand then', async () => {
    const lot = await shelf.receive('A', { expiry: '2026-05-31' });
    expect(await shelf.raise(day('2026-04-30'))).toBe(0);
    expect(await shelf.raise(day('2026-05-01'))).toBe(1);
    expect(await shelf.raise(day('2026-05-02'))).toBe(0);
    await shelf.scrap(lot, '4');
    for (const date of ['2026-05-24', '2026-05-25', '2026-05-30', '2026-05-31', '2026-06-01', '2026-12-01'])
      await shelf.raise(day(date));
    expect(await shelf.told()).toEqual([30, 7, 1, 0].map((lead) => `A expiry 2026-05-31 ${lead}`));
    const [first, second] = await shelf.alerts();
    expect(first?.data).toEqual({
      ...{ lot, lotCode: 'A', date: 'expiry', on: '2026-05-31', inherited: false, lead: 30, daysLeft: 30 },
      ...{ site: DEPOT, timeZone: 'UTC', status: 'available', complete: true, knownAt: expect.any(String) },
      stock: [{ place: DEPOT, amount: { value: '10', unit: 'KGM' } }],
    });
    expect(second?.data.stock).toEqual([{ place: DEPOT, amount: { value: '6', unit: 'KGM' } }]);
    expect((await shelf.alerts()).map((alert) => alert.stream)).toEqual(Array(4).fill(`expiry-${lot}`));
  });

  it('tell of each date of a lot apart, the production date not', async () => {
    await shelf.receive('A', {
      ...{ production: '2026-05-01', expiry: '2026-05-04', bestBefore: '2026-05-02' },
      ...{ retest: '2026-05-03', removal: '2026-05-01' },
    });
    await shelf.raise(day('2026-05-02'));
    expect((await shelf.told()).sort()).toEqual([
      'A bestBefore 2026-05-02 0',
      'A expiry 2026-05-04 7',
      'A removal 2026-05-01 0',
      'A retest 2026-05-03 1',
    ]);
  });

  it('of a lot first seen late tell the smallest lead alone, and nothing that lies behind', async () => {
    await shelf.receive('A', { expiry: '2026-05-10' });
    await shelf.receive('B', { expiry: '2020-01-01' });
    expect(await shelf.raise(day('2026-05-05'))).toBe(2);
    expect(await shelf.told()).toEqual(['A expiry 2026-05-10 7', 'B expiry 2020-01-01 0']);
    expect((await shelf.alerts()).map(({ data }) => data.daysLeft)).toEqual([5, -2316]);
    // A clock that is behind finds a larger lead: it was overtaken.
    expect(await shelf.raise(day('2026-04-20'))).toBe(0);
  });

  it('come anew for another date, and not for the one before', async () => {
    const lot = await shelf.receive('A', { expiry: '2026-05-10' });
    await shelf.raise(day('2026-05-05'));
    await shelf.redate(lot, { expiry: '2026-05-20' });
    await shelf.raise(day('2026-05-05'));
    await shelf.raise(day('2026-05-10'));
    await shelf.raise(day('2026-05-13'));
    expect(await shelf.told()).toEqual(['A expiry 2026-05-10 7', 'A expiry 2026-05-20 30', 'A expiry 2026-05-20 7']);
  });

  it('come as far ahead as is set for the item at the site, for the item, for the site, else for all', async () => {
    const [near, far] = ['urn:test:place:near', 'urn:test:place:far'];
    const [milk, nuts, salt] = ['urn:test:milk', 'urn:test:nuts', 'urn:test:salt'];
    await shelf.leads(
      { item: milk, site: near, leads: [5] },
      { item: milk, leads: [20, 10] },
      { site: near, leads: [] },
    );
    await shelf.leads({ item: nuts, leads: [3] });
    for (const [n, [item, place]] of [milk, nuts, salt].flatMap((i) => [near, far].map((p) => [i, p])).entries())
      await shelf.receive(`${n}`, { expiry: '2026-05-31' }, place, '1', item);
    const raised: string[] = [];
    for (const date of ['2026-05-11', '2026-05-21', '2026-05-24', '2026-05-26', '2026-05-28', '2026-05-31']) {
      const before = (await shelf.told()).length;
      await shelf.raise(day(date), { leads: [7] });
      raised.push(...(await shelf.told()).slice(before).map((text) => `${date.slice(8)}: ${text.split(' ')[0]}`));
    }
    // Nuts at `near` go by what is set for nuts; of salt there nobody wants to know.
    expect(raised.sort()).toEqual(['11: 1', '21: 1', '24: 5', '26: 0', '28: 2', '28: 3']);
    await shelf.leads({ site: near });
    await shelf.raise(day('2026-05-31'), { leads: [7] });
    expect((await shelf.told()).at(-1)).toBe('4 expiry 2026-05-31 7');
  });

  it('go by leads set for a place of the site where nothing lies, of several by the most specific place and the last', async () => {
    const warehouse = 'urn:test:place:wh';
    const [dock, shelf2] = [`${warehouse}:dock-1`, `${warehouse}:shelf-2`];
    await shelf.site(warehouse, undefined, [dock, shelf2]);
    await shelf.leads({ site: dock, leads: [5] }, { site: warehouse, leads: [20] });
    await shelf.receive('A', { expiry: '2026-05-31' }, shelf2);
    expect(await shelf.raise(day('2026-05-11'), { leads: [30] })).toBe(0);
    expect(await shelf.raise(day('2026-05-26'), { leads: [30] })).toBe(1);
    await shelf.leads({ site: shelf2, leads: [2] });
    await shelf.receive('B', { expiry: '2026-05-31' }, shelf2);
    expect(await shelf.raise(day('2026-05-26'), { leads: [30] })).toBe(0);
    await shelf.leads({ site: dock, leads: [4] });
    expect(await shelf.raise(day('2026-05-27'), { leads: [30] })).toBe(2);
  });

  it('follow a changed date of an input through all that was made from it', async () => {
    await shelf.define('urn:test:mix', { rule: 'inherited' }, 'ingredient');
    await shelf.define('urn:test:cake', { rule: 'inherited', from: ['ingredient'] });
    await shelf.define('urn:test:flour', undefined, 'ingredient');
    await shelf.define('urn:test:label', undefined, 'packaging');
    const flour = await shelf.receive('flour', { expiry: '2026-09-01' }, DEPOT, '10', 'urn:test:flour');
    const label = await shelf.receive('label', { expiry: '2026-04-01' }, DEPOT, '10', 'urn:test:label');
    const mix = await shelf.made('mix', 'urn:test:mix', [flour]);
    await shelf.made('cake', 'urn:test:cake', [mix, label]);
    await shelf.raise(day('2026-05-01'), { leads: [7, 0] });
    expect(await shelf.told()).toEqual(['label expiry 2026-04-01 0']);
    await shelf.redate(flour, { expiry: '2026-05-05' });
    await shelf.raise(day('2026-05-01'), { leads: [7, 0] });
    expect((await shelf.told()).slice(1).sort()).toEqual(
      ['cake', 'flour', 'mix'].map((lot) => `${lot} expiry 2026-05-05 7`),
    );
    // What was an ingredient counts no more where it is defined as something else, and the label where it is one.
    await shelf.define('urn:test:mix', { rule: 'inherited' }, 'packaging');
    await shelf.define('urn:test:label', undefined, 'ingredient');
    await shelf.raise(day('2026-05-01'), { leads: [7, 0] });
    expect((await shelf.told()).slice(4)).toEqual(['cake expiry 2026-04-01 0']);
  });

  it('do not come for what is gone, or was never there', async () => {
    const lot = await shelf.receive('A', { expiry: '2026-05-10' });
    await shelf.scrap(lot, '10');
    await shelf.append('stock-B', ...(await shelf.log.readStream(`stock-${lot}`)).slice(0, 0), {
      ...{ id: '0c4c6f57-7e05-4c8b-9d0e-3f6b1d1f1a11', type: LotDatesChanged.type, schemaVersion: 1 },
      ...{ eventTime: '2026-01-01T00:00:00Z', meta: { source: 'test', actor: 'test', correlationId: 'test' } },
      data: { lot: 'urn:test:lot:B', dates: { expiry: '2026-05-10' }, reason: 'label' },
    });
    expect(await shelf.raise(day('2026-05-10'))).toBe(0);
  });

  it('begin with the day of the site, in its own time zone', async () => {
    const [east, west, other] = ['urn:test:place:east', 'urn:test:place:west', 'urn:test:place:other'];
    await shelf.site(east, 'Pacific/Auckland', [`${east}:cold`]);
    await shelf.site(west, 'America/Los_Angeles');
    await shelf.site(other, 'Middle/Earth');
    await shelf.receive('E', { expiry: '2026-05-10' }, `${east}:cold`);
    await shelf.receive('W', { expiry: '2026-05-10' }, west);
    await shelf.receive('O', { expiry: '2026-05-10' }, other);
    const leads = [0];
    const raisedBy = async (now: string): Promise<string[]> => {
      const before = (await shelf.told()).length;
      await shelf.raise(now, { leads, timeZone: 'Asia/Tokyo' });
      return (await shelf.alerts()).slice(before).map(({ data }) => `${data.lotCode} ${data.site} ${data.timeZone}`);
    };
    expect(await raisedBy('2026-05-09T11:59:59.999Z')).toEqual([]);
    expect(await raisedBy('2026-05-09T12:00:00Z')).toEqual([`E ${east} Pacific/Auckland`]);
    expect(await raisedBy('2026-05-09T14:59:59Z')).toEqual([]);
    expect(await raisedBy('2026-05-09T15:00:00Z')).toEqual([`O ${other} Asia/Tokyo`]);
    expect(await raisedBy('2026-05-10T06:59:59Z')).toEqual([]);
    expect(await raisedBy('2026-05-10T07:00:00Z')).toEqual([`W ${west} America/Los_Angeles`]);
    const { nextDay } = await raiseAlerts(shelf.options('2026-05-10T07:00:00Z', { timeZone: 'Asia/Tokyo' }));
    expect(nextDay.toISOString()).toBe('2026-05-10T12:00:00.000Z');
  });

  it('are raised by site, also where its places are learnt later', async () => {
    const site = 'urn:test:place:site';
    const lot = await shelf.receive('A', { expiry: '2026-05-10' }, `${site}:1`);
    expect(await shelf.raise(day('2026-05-10'))).toBe(1);
    await shelf.site(site, undefined, [`${site}:1`, `${site}:2`]);
    expect(await shelf.raise(day('2026-05-10'))).toBe(0);
    await shelf.receive('A', undefined, `${site}:2`, '5');
    await shelf.receive('A', undefined, 'urn:test:place:elsewhere', '7');
    expect(await shelf.raise(day('2026-05-10'))).toBe(1);
    expect((await shelf.alerts()).map(({ data }) => [data.lot, data.site])).toEqual([
      [lot, `${site}:1`],
      [lot, 'urn:test:place:elsewhere'],
    ]);
  });

  it('leave out stock of other parties where our own are known', async () => {
    await shelf.receive('A', { expiry: '2026-05-10' });
    await shelf.append('fact-partner', {
      ...{ id: '1c4c6f57-7e05-4c8b-9d0e-3f6b1d1f1a11', type: 'MasterDataCaptured', schemaVersion: 1 },
      ...{ eventTime: '2026-01-01T00:00:00Z', meta: { source: 'test', actor: 'test', correlationId: 'test' } },
      data: {
        ...{ kind: 'place', id: DEPOT, statedId: DEPOT, vocabularyType: 'x', statedAt: '2026-01-01T00:00:00Z' },
        attributes: [{ id: 'urn:epcglobal:cbv:owning_party', attribute: 'urn:test:party:partner' }],
      },
    });
    expect(await shelf.raise(day('2026-05-10'), { ours: ['urn:test:party:us'] })).toBe(0);
    expect(await shelf.raise(day('2026-05-10'), { ours: ['urn:test:party:partner'] })).toBe(1);
  });

  it('know a lot by every name it has', async () => {
    const lot = await shelf.receive('A', { expiry: '2026-05-10' });
    await shelf.raise(day('2026-05-10'));
    await shelf.append('fact-same', {
      ...{ id: '2c4c6f57-7e05-4c8b-9d0e-3f6b1d1f1a11', type: LotsIdentified.type, schemaVersion: 1 },
      ...{ eventTime: '2026-01-01T00:00:00Z', meta: { source: 'test', actor: 'test', correlationId: 'test' } },
      data: { eventId: 'urn:test:same', lots: ['urn:test:lot:0', lot] },
    });
    expect(await shelf.raise(day('2026-05-10'))).toBe(0);
    expect(await shelf.alerts()).toHaveLength(1);
  });

  it('say where the record of a lot is not complete', async () => {
    const lot = await shelf.receive('A', { expiry: '2026-05-10' });
    await shelf.append('stock-broken', {
      ...{ id: '3c4c6f57-7e05-4c8b-9d0e-3f6b1d1f1a11', type: LotDatesChanged.type, schemaVersion: 1 },
      ...{ eventTime: '2026-01-01T00:00:00Z', meta: { source: 'test', actor: 'test', correlationId: 'test' } },
      data: { lot, dates: null },
    });
    await shelf.raise(day('2026-05-10'));
    expect((await shelf.alerts()).map(({ data }) => [data.complete, data.parked])).toEqual([
      [false, ['3c4c6f57-7e05-4c8b-9d0e-3f6b1d1f1a11']],
    ]);
  });

  it('are not raised on what the read model has not seen yet', async () => {
    const lot = await shelf.receive('A', { expiry: '2026-05-10' });
    await shelf.settled();
    await shelf.stopKeeping();
    await shelf.scrap(lot, '10');
    await expect(raiseAlerts(shelf.options(day('2026-05-10'), { waitMs: 50 }))).rejects.toMatchObject({
      kind: 'behind',
    });
    await shelf.keep();
    expect(await shelf.raise(day('2026-05-10'))).toBe(0);
    expect(await shelf.alerts()).toEqual([]);
  });

  // A wait that counted as work made the next look wait ten times as long, while stock grew old.
  it('say what they took without the wait for the read model', async () => {
    await shelf.receive('A', { expiry: '2026-05-10' });
    await shelf.settled();
    await shelf.stopKeeping();
    await shelf.receive('B', { expiry: '2026-05-10' });
    const WAIT_MS = 1_500;
    const [{ busyMs, raised }] = await Promise.all([
      raiseAlerts(shelf.options(day('2026-05-10'), { waitMs: 60_000 })),
      delay(WAIT_MS).then(() => shelf.keep()),
    ]);
    expect(raised).toBe(2);
    expect(busyMs).toBeLessThan(WAIT_MS);
  });

  it('are raised by pages, all of them', async () => {
    for (let n = 0; n < 25; n++) await shelf.receive(`L${n}`, { expiry: '2026-05-10', bestBefore: '2026-05-09' });
    expect(await shelf.raise(day('2026-05-10'), { pageSize: 7 })).toBe(50);
    expect(new Set(await shelf.told()).size).toBe(50);
    expect(await shelf.raise(day('2026-05-10'), { pageSize: 7 })).toBe(0);
  });

  it('come once from several processes at once, whose read model does not show yet what the others raised', async () => {
    for (let n = 0; n < 40; n++) await shelf.receive(`L${n}`, { expiry: '2026-05-10' });
    await shelf.settled();
    const logs = [1, 2, 3].map(() => createPostgresEventLog({ connectionString: shelf.database.url }));
    const now = shelf.options(day('2026-05-10'), { pageSize: 9 });
    const rounds = await Promise.all(
      logs.flatMap((log) => [raiseAlerts({ ...now, log }), raiseAlerts({ ...now, log, clock: () => new Date() })]),
    );
    expect(rounds.reduce((sum, { raised }) => sum + raised, 0)).toBe(40);
    expect(await shelf.alerts()).toHaveLength(40);
    await Promise.all(logs.map((log) => log.close()));
  });

  it('come once from a process that is killed right after it appended them, and from the next', async () => {
    for (let n = 0; n < 5; n++) await shelf.receive(`L${n}`, { expiry: '2026-05-10' });
    await shelf.settled();
    const killed = spawnTs(new URL('./raise-and-hang.fixture.ts', import.meta.url), [
      shelf.database.url,
      day('2026-05-10'),
      '3',
    ]);
    await killed.line(/appended 3/);
    await killed.kill();
    expect(await shelf.alerts()).toHaveLength(3);
    expect(await shelf.raise(day('2026-05-10'))).toBe(2);
    expect(new Set(await shelf.told()).size).toBe(5);
    expect(await shelf.alerts()).toHaveLength(5);
  });

  it('do not come again from a read model that was built anew', async () => {
    for (let n = 0; n < 5; n++) await shelf.receive(`L${n}`, { expiry: '2026-05-10' });
    await shelf.raise(day('2026-05-10'));
    await shelf.settled();
    const { log, database } = shelf;
    const operations = createProjectionOperations({
      ...{ pool: database.pool, log, projectors: [expiryProjector] },
      ...{ partitionOf: () => 0, keyOf: (event) => event.stream },
    });
    expect(await operations.rebuild(EXPIRY)).toMatchObject({ outcome: 'switched', equal: true });
    expect(await shelf.raise(day('2026-05-10'))).toBe(0);
    // Even one that had lost what was raised would find it in the log.
    await database.pool.query(`DELETE FROM expiry_v${expiryProjector.version}_r2.raised_alerts`);
    expect(await shelf.raise(day('2026-05-10'))).toBe(0);
    expect(await shelf.alerts()).toHaveLength(5);
  });
});
