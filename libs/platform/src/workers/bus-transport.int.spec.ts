import { randomUUID } from 'node:crypto';
import {
  Controller,
  Inject,
  Module,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Observable } from 'rxjs';
import { eventTypes, type NewEvent, type RecordedEvent } from '#contracts';
import type { EventLog } from '#event-log';
import { createProjectionOperations, PoisonEvent, type Projector } from '#projections';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { startApp, type RunningApp } from '../bootstrap/start-app.js';
import { projectorsOf } from '../feature.js';
import { PlatformModule } from '../platform.module.js';
import { EVENT_LOG } from '../tokens.js';
import { KeepsReadModel, ReactionContext, ReactsTo, ReadModelContext, ReceivesFrom } from './index.js';

const EVENT_TYPE = 'CrateMoved';
const HANDLES = new Map([[EVENT_TYPE, 1]]);
const env = (url: string) => ({ DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'silent', LOTLINE_PARTITIONS: '3' });

const crate = (no: number): NewEvent => ({
  id: randomUUID(),
  type: EVENT_TYPE,
  schemaVersion: 1,
  eventTime: '2026-01-01T00:00:00Z',
  data: { no },
  meta: { source: 'test', actor: 'test', correlationId: 'test' },
});
const noOf = (event: RecordedEvent): number => (event.data as { no: number }).no;

const crates: Projector = {
  name: 'crates',
  version: 1,
  handles: HANDLES,
  createSchema: async ({ client, schema }) => {
    await client.query(`CREATE TABLE ${schema}.crates (no int PRIMARY KEY)`);
  },
  apply: async ({ client, schema }, events) => {
    const bad = events.find((event) => noOf(event) < 0);
    if (bad) throw new PoisonEvent(bad, new Error('there is no such crate'));
    await client.query(`INSERT INTO ${schema}.crates SELECT unnest($1::int[])`, [events.map(noOf)]);
  },
  export: async function* ({ client, schema }) {
    for (const row of (await client.query(`SELECT no FROM ${schema}.crates ORDER BY no`)).rows)
      yield { table: 'crates', row };
  },
};

const seen = { kinds: [] as string[], handlers: new Set<string>(), reactions: [] as number[], refusals: 2 };

class Watching implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    seen.kinds.push(execution.getType());
    seen.handlers.add(execution.getHandler().name);
    return next.handle();
  }
}

@Controller()
@UseInterceptors(Watching)
class CratesWorker {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  @KeepsReadModel(crates)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return crates.apply(context, events);
  }

  @ReactsTo({ name: 'crate-counter', handles: HANDLES })
  async count(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReactionContext): Promise<void> {
    if (context.reactor !== 'crate-counter') throw new Error(`reacts as ${context.reactor}`);
    if (seen.refusals > 0) {
      seen.refusals -= 1;
      throw new Error('somebody is late');
    }
    await this.log.head();
    seen.reactions.push(...events.map(noOf));
  }

  @ReceivesFrom('capture.v1', { group: 'crates' })
  receive(): void {
    throw new Error('nothing comes in without a broker');
  }
}

@Module({ imports: [PlatformModule.forFeature({ name: 'crates' })], controllers: [CratesWorker] })
class CratesModule {}

describe('background work declared on a controller', () => {
  let database: TestDatabase;
  let running: RunningApp;
  beforeAll(async () => {
    database = await createTestDatabase();
    running = await startApp(CratesModule, { name: 'crates', env: env(database.url) });
  });
  afterAll(async () => {
    await running.stop();
    await database.drop();
  });

  const append = async (...numbers: number[]): Promise<string> => {
    const results = await running.infrastructure.log.append(
      numbers.map((no) => ({ stream: `crate-${randomUUID()}`, expected: 'no-stream' as const, events: [crate(no)] })),
    );
    const positions = results.flatMap((result) => (result.ok ? result.recorded.map(({ position }) => position) : []));
    return positions.sort().at(-1) ?? '';
  };
  const until = async (condition: () => Promise<boolean> | boolean): Promise<void> => {
    const end = Date.now() + 30_000;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error('not within 30 s');
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const operations = () =>
    createProjectionOperations({
      ...running.infrastructure,
      projectors: projectorsOf(CratesModule),
      partitionOf: running.infrastructure.bus.partitionOf.bind(running.infrastructure.bus),
      keyOf: running.infrastructure.bus.keyOf.bind(running.infrastructure.bus),
    });
  const stateOf = async (name: string) => (await operations().list()).find((each) => each.name === name);

  it('is found without starting Nest', () => {
    expect(projectorsOf(CratesModule)).toEqual([{ ...crates, knows: eventTypes }]);
  });

  it('goes through the pipeline of Nest, in as many partitions as are set, and a reactor is tried again', async () => {
    const last = await append(1, 2, 3, 4, 5, 6);
    await until(async () => ((await stateOf('crates'))?.position ?? '') >= last);
    const { rows } = await database.pool.query('SELECT no FROM crates_v1.crates ORDER BY no');
    expect(rows.map(({ no }) => no as number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await stateOf('crates'))?.partitions).toHaveLength(3);
    await until(() => new Set(seen.reactions).size === 6);
    expect(seen.refusals).toBe(0);
    expect(new Set(seen.kinds)).toEqual(new Set(['rpc']));
    expect(seen.handlers).toEqual(new Set(['keep', 'count']));
  });

  it('has its errors judged by the engine: what is poison is parked, the rest of the batch flows', async () => {
    const last = await append(7, -1, 8);
    await until(async () => ((await stateOf('crates'))?.position ?? '') >= last);
    expect(await operations().parked()).toMatchObject([{ error: expect.stringContaining('there is no such crate') }]);
    const { rows } = await database.pool.query('SELECT count(*)::int AS n FROM crates_v1.crates');
    expect(rows).toEqual([{ n: 8 }]);
  });

  it('is rebuilt by the projector it declares', async () => {
    expect(await operations().rebuild('crates')).toMatchObject({ outcome: 'switched', differences: [] });
  });

  it('is told as ready, with the servers the profile has', async () => {
    const ready = await fetch(`${running.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'up', checks: { process: 'up', database: 'up', log: 'up', projections: 'up' } },
    ]);
  });

  it('that paused is told as degraded, and takes nothing out of service', async () => {
    await database.pool.query(
      `UPDATE projections.checkpoints SET state = 'paused', reason = 'a newer version' WHERE consumer LIKE 'crates%'`,
    );
    const ready = await fetch(`${running.url}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { status: 'degraded', checks: { projections: 'paused' } },
    ]);
  });

  it('goes on after a restart where it stood', async () => {
    await running.stop();
    const counted = seen.reactions.length;
    running = await startApp(CratesModule, { name: 'crates', env: env(database.url) });
    const last = await append(9);
    await until(async () => ((await stateOf('crates'))?.position ?? '') >= last);
    await until(() => seen.reactions.includes(9));
    expect(seen.reactions.slice(counted)).toEqual([9]);
  });
});

describe('a start', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const starting = (...controllers: (new (...args: never[]) => object)[]): Promise<RunningApp> => {
    @Module({ imports: [PlatformModule.forFeature({ name: 'wrong' })], controllers })
    class WrongModule {}
    return startApp(WrongModule, { name: 'wrong', env: env(database.url) });
  };

  it('fails where two handlers declare one read model', async () => {
    @Controller()
    class First {
      @KeepsReadModel(crates)
      keep(): void {
        throw new Error('never');
      }
    }
    @Controller()
    class Second {
      @KeepsReadModel(crates)
      keep(): void {
        throw new Error('never');
      }
    }
    await expect(starting(First, Second)).rejects.toThrow('two handlers of one process declare "read-model crates v1"');
  });

  it('fails where a handler is for no transport there is', async () => {
    @Controller()
    class Stray {
      @MessagePattern('orders')
      take(): void {
        throw new Error('never');
      }
    }
    await expect(starting(Stray)).rejects.toThrow('"orders" is handled by @MessagePattern');
  });

  it('fails on a database that must be migrated first, and says how', async () => {
    const fresh = await createTestDatabase();
    try {
      await expect(
        startApp(CratesModule, { name: 'crates', env: { ...env(fresh.url), LOTLINE_MIGRATE: 'false' } }),
      ).rejects.toThrow(/lacks \d+ migrations of this release.*lotline -- migrate/);
    } finally {
      await fresh.drop();
    }
  });
});
