import { expect } from '@jest/globals';
import type { RecordedEvent } from '#contracts';
import { createTestDatabase, spawnTs } from '#testkit';
import { collect } from '../../contract/collect.js';
import { createPostgresEventLog, eventLogMigrations } from '../index.js';
import { plannedAppends, seeded } from './planned-appends.fixture.js';

export interface ChaosRound {
  seed: number;
  processes: number;
  writersPerProcess: number;
  appendsPerWriter: number;
  /** SIGKILLs of each process, and as many terminated connections. */
  kills: number;
}

const WRITER = new URL('./writer.fixture.ts', import.meta.url);

/**
 * Writers in processes of their own, killed and continued at counted moments, while followers read; then everything
 * acknowledged must be there once, where its answer said, and every follower must have seen the same gap-free log.
 */
export const runChaosRound = async (round: ChaosRound): Promise<void> => {
  const { seed, processes, writersPerProcess, appendsPerWriter, kills } = round;
  const database = await createTestDatabase({ migrations: eventLogMigrations });
  const reader = createPostgresEventLog({ connectionString: database.url });
  const otherReader = createPostgresEventLog({ connectionString: database.url });
  try {
    const writers = Array.from({ length: processes * writersPerProcess }, (_, writer) => writer);
    const planned = writers.flatMap((writer) =>
      plannedAppends(seed, writer, appendsPerWriter).flatMap((append) => append.events),
    );
    const followers = [
      collect(reader, planned.length),
      collect(reader, planned.length, { batchSize: 5 }),
      collect(otherReader, planned.length, { batchSize: 64 }),
    ];
    const acknowledged = new Map<string, string>();
    let killed = 0;

    const runProcess = async (process: number): Promise<void> => {
      const random = seeded(seed + process);
      const own = writers.filter((writer) => writer % processes === process);
      const from: Record<string, number> = Object.fromEntries(own.map((writer) => [writer, 0]));
      const work = own.length * appendsPerWriter;
      for (let life = 0; life <= kills; life += 1) {
        const running = spawnTs(WRITER, [JSON.stringify({ url: database.url, seed, appends: appendsPerWriter, from })]);
        const note = (): void => {
          for (const line of running.lines) {
            const [, writer = '', k = '', positions = ''] = /^ack (\d+) (\d+) (\S+)$/.exec(line) ?? [];
            acknowledged.set(`${writer}:${k}`, positions);
            from[writer] = Math.max(from[writer] ?? 0, Number(k) + 1);
          }
        };
        if (life < kills) {
          const mercy = 1 + Math.floor((random() * work) / (kills + 1));
          let count = 0;
          // It may be done before it has said so much: then there is nothing left to kill.
          await Promise.race([running.line(() => (count += 1) >= mercy).catch(() => ''), running.ended]);
          if (random() < 0.5) await terminateSomeWriter(random());
          await running.kill();
          if ((await running.ended).signal === 'SIGKILL') killed += 1;
        } else expect({ ...(await running.ended), errors: running.errors() }).toMatchObject({ code: 0, errors: '' });
        note();
      }
    };

    const terminateSomeWriter = (share: number): Promise<unknown> =>
      database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM (
           SELECT pid, row_number() OVER (ORDER BY pid) - 1 AS n, count(*) OVER () AS of FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'lotline-log-writer') w WHERE n = floor(of * $1::float8)`,
        [share],
      );

    await Promise.all(Array.from({ length: processes }, (_, process) => runProcess(process)));
    // Otherwise the round proves nothing.
    expect(killed).toBeGreaterThanOrEqual(processes);
    const seen = await Promise.all(followers);
    const late = await collect(otherReader, planned.length, { batchSize: 11 });
    checkLog(
      late,
      planned.map((event) => event.id),
    );
    for (const one of seen) expect(one).toEqual(late);
    checkAcknowledged(late, acknowledged, writers.length * appendsPerWriter);
  } finally {
    await Promise.all([reader.close(), otherReader.close()]);
    await database.drop();
  }
};

const checkLog = (events: readonly RecordedEvent[], plannedIds: readonly string[]): void => {
  expect(events.map((event) => event.id).sort()).toEqual([...plannedIds].sort());
  expect(events.map((event) => Number(event.position))).toEqual(events.map((_, at) => at + 1));
  const times = events.map((event) => event.recordTime);
  expect(times).toEqual([...times].sort());
  const revisions = new Map<string, number>();
  const progress = new Map<number, number>();
  for (const event of events) {
    expect(event.revision).toBe(revisions.get(event.stream) ?? 0);
    revisions.set(event.stream, event.revision + 1);
    // A writer waits for each answer, so its events stand in its order.
    const { writer, k } = event.data as { writer: number; k: number };
    expect(k).toBeGreaterThanOrEqual(progress.get(writer) ?? 0);
    progress.set(writer, k);
  }
};

const checkAcknowledged = (
  events: readonly RecordedEvent[],
  acknowledged: ReadonlyMap<string, string>,
  count: number,
): void => {
  expect(acknowledged.size).toBe(count);
  const positions = new Map<string, string[]>();
  for (const event of events) {
    const { writer, k } = event.data as { writer: number; k: number };
    const key = `${writer}:${k}`;
    positions.set(key, [...(positions.get(key) ?? []), event.position]);
  }
  expect(Object.fromEntries([...acknowledged].sort())).toEqual(
    Object.fromEntries([...positions].map(([key, all]) => [key, all.join(',')] as const).sort()),
  );
};
