import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { until } from '../until.fixture.js';
import { acquireLease, advanceCheckpoint, enterEpoch, LeaseLost, releaseLease, renewLease } from './lease.js';
import { relayMigrations } from './migrations.js';

const LONG = 60_000;

describe('the lease of a relay', () => {
  let database: TestDatabase;
  let test = 0;
  let identity: { logId: string; epoch: number };
  beforeAll(async () => {
    database = await createTestDatabase({ migrations: relayMigrations });
  });
  beforeEach(() => {
    identity = { logId: `log-${(test += 1)}`, epoch: 1 };
  });
  afterAll(() => database.drop());

  const tryToGet = (holder: string, leaseMs = LONG) => acquireLease(database.pool, identity, holder, leaseMs);
  const get = async (holder: string, leaseMs = LONG) => {
    const acquired = await tryToGet(holder, leaseMs);
    if (!acquired) throw new Error(`${holder} did not get the lease`);
    return acquired;
  };
  const published = async () =>
    (await database.pool.query('SELECT epoch, position FROM relay.checkpoints WHERE log_id = $1', [identity.logId]))
      .rows[0] as { epoch: string; position: string };

  it('is of one at a time, and begins before the first event', async () => {
    const { lease, checkpoint } = await get('a');
    expect(checkpoint).toEqual({ epoch: 1, position: '' });
    expect(await tryToGet('b')).toBeUndefined();
    expect(await tryToGet('a')).toBeUndefined();
    expect(await renewLease(database.pool, lease, LONG)).toEqual({ epoch: 1, position: '' });
  });

  it('is of one only, whoever comes at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const all = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => tryToGet(holder)));
      const winners = all.flatMap((acquired) => acquired ?? []);
      expect(winners).toHaveLength(1);
      await releaseLease(database.pool, winners[0]!.lease);
    }
  });

  it('goes over at once when it is released, with the checkpoint', async () => {
    const { lease } = await get('a');
    await advanceCheckpoint(database.pool, lease, { epoch: 1, position: '0000000000000007' }, LONG);
    await releaseLease(database.pool, lease);
    const next = await get('b');
    expect(next.checkpoint).toEqual({ epoch: 1, position: '0000000000000007' });
    expect(next.lease.token).not.toBe(lease.token);
  });

  it('goes over when it has expired, and only then', async () => {
    await get('a', 300);
    expect(await tryToGet('b')).toBeUndefined();
    await until('the lease has expired', async () => (await tryToGet('b')) !== undefined);
    const { rows } = await database.pool.query(
      'SELECT holder, token FROM relay.checkpoints WHERE log_id = $1 AND expires_at > clock_timestamp()',
      [identity.logId],
    );
    expect(rows).toEqual([{ holder: 'b', token: '2' }]);
  });

  it('is kept by renewing, also late, as long as nobody took it', async () => {
    const { lease } = await get('a', 1);
    await until('the lease has expired', async () => {
      const { rows } = await database.pool.query(
        'SELECT 1 FROM relay.checkpoints WHERE log_id = $1 AND expires_at <= clock_timestamp()',
        [identity.logId],
      );
      return rows.length === 1;
    });
    await renewLease(database.pool, lease, LONG);
    expect(await tryToGet('b')).toBeUndefined();
  });

  it('is of no use to a former holder', async () => {
    const { lease: old } = await get('a', 1);
    await until('the lease went over', async () => (await tryToGet('b')) !== undefined);
    const { pool } = database;
    await expect(advanceCheckpoint(pool, old, { epoch: 1, position: '9' }, LONG)).rejects.toThrow(LeaseLost);
    await expect(renewLease(pool, old, LONG)).rejects.toThrow(LeaseLost);
    await expect(enterEpoch(pool, old, { epoch: 2 }, '9')).rejects.toThrow(LeaseLost);
    await releaseLease(pool, old);
    expect(await tryToGet('c')).toBeUndefined();
    expect(await published()).toEqual({ epoch: '1', position: '' });
  });

  it('enters a later epoch from the part that both have', async () => {
    const { lease } = await get('a');
    await advanceCheckpoint(database.pool, lease, { epoch: 1, position: '0000000000000007' }, LONG);
    expect(await enterEpoch(database.pool, lease, { epoch: 2 }, '0000000000000005')).toEqual({
      epoch: 2,
      position: '0000000000000005',
    });
    await expect(
      advanceCheckpoint(database.pool, lease, { epoch: 1, position: '0000000000000008' }, LONG),
    ).rejects.toThrow(LeaseLost);
    expect(await enterEpoch(database.pool, lease, { epoch: 3 }, '0000000000000009')).toEqual({
      epoch: 3,
      position: '0000000000000005',
    });
  });

  it('enters an epoch of a log that has grown again from where it was restored to, whatever epochs it missed', async () => {
    const { lease } = await get('a');
    await advanceCheckpoint(database.pool, lease, { epoch: 1, position: '0000000000000007' }, LONG);
    const epochStarts = [
      { epoch: 2, head: '0000000000000006' },
      { epoch: 3, head: '0000000000000009' },
    ];
    expect(await enterEpoch(database.pool, lease, { epoch: 3, epochStarts }, '0000000000000012')).toEqual({
      epoch: 3,
      position: '0000000000000006',
    });
    await advanceCheckpoint(database.pool, lease, { epoch: 3, position: '0000000000000012' }, LONG);
    const later = { epoch: 4, epochStarts: [...epochStarts, { epoch: 4, head: '0000000000000011' }] };
    expect((await enterEpoch(database.pool, lease, later, '0000000000000013')).position).toBe('0000000000000011');
    expect((await enterEpoch(database.pool, lease, later, '0000000000000013')).position).toBe('0000000000000011');
  });

  it('publishes neither an earlier epoch nor a log that ends before what was published', async () => {
    const { lease } = await get('a');
    await enterEpoch(database.pool, lease, { epoch: 2 }, '');
    await expect(enterEpoch(database.pool, lease, { epoch: 1 }, '')).rejects.toMatchObject({ code: 'epoch-behind' });
    await advanceCheckpoint(database.pool, lease, { epoch: 2, position: '0000000000000007' }, LONG);
    await expect(enterEpoch(database.pool, lease, { epoch: 2 }, '0000000000000006')).rejects.toMatchObject({
      code: 'published-beyond-log',
      message: expect.stringContaining('npm run lotline -- restored'),
    });
    expect(await published()).toEqual({ epoch: '2', position: '0000000000000007' });
  });
});
