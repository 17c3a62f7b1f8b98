import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Ctx, Payload } from '@nestjs/microservices';
import { Body, Controller, Get, HttpCode, Inject, Module, Param, Post, Query } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { ArrayMinSize, IsArray, IsInt, IsOptional, IsString, Length, Max, Min, ValidateNested } from 'class-validator';
import type { RecordedEvent } from '#contracts';
import type { EventLog } from '#event-log';
import { refused } from '#kernel';
import type { Projector } from '#projections';
import { createTestDatabase, type TestDatabase } from '#testkit';
import { Open, Requires } from '../auth/requires.js';
import { RawJson } from '../http/json-body.js';
import { PlatformModule } from '../platform.module.js';
import { ReadsFrom } from '../projections/reads-from.js';
import { commandContext, eventMeta } from '../commands/command-context.js';
import { answerRevision, expectedRevision } from '../request/request-context.js';
import { EVENT_LOG, PUBLIC_API } from '../tokens.js';
import { readConfig } from '../config/read-config.js';
import { createLogger } from '../logging/logger.js';
import type { PublicApi } from '../public-api/public-api.js';
import { RemotePublicApi } from '../public-api/remote-public-api.js';
import { KeepsReadModel, ReadModelContext } from '../workers/index.js';
import { startApp, type RunningApp } from './start-app.js';

class PartDto {
  @IsString()
  @Length(1, 5)
  code!: string;
}

class ThingDto {
  @IsString()
  @Length(1, 20)
  name!: string;

  @IsInt()
  @Min(1)
  @Max(9)
  count!: number;

  @ValidateNested()
  @Type(() => PartDto)
  main!: PartDto;

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ValidateNested({ each: true })
  @Type(() => PartDto)
  parts?: PartDto[];
}

class PageDto {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  limit?: number;
}

let calls = 0;
let pause: Promise<unknown> = Promise.resolve();

@Controller('things')
class ThingsController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PUBLIC_API) private readonly api: PublicApi,
  ) {}

  @Post()
  @Requires('things:write')
  make(@Body() body: ThingDto): object {
    return { made: body.name, sees: expectedRevision() };
  }

  @Post('count')
  @Requires('things:write')
  async count(@Body() body: { refuse?: boolean; fail?: boolean }): Promise<object> {
    calls += 1;
    await pause;
    if (body.refuse) throw refused('no', 'no', [{ code: 'no', message: 'no' }]);
    if (body.fail) throw new Error('broken inside');
    const context = commandContext();
    const id = '00000000-0000-8000-8000-' + context.eventSeed.slice(-12);
    await this.log.append([
      {
        stream: `thing-${id}`,
        expected: 'any',
        events: [
          {
            id,
            type: 'Counted',
            schemaVersion: 1,
            eventTime: '2026-04-20T08:00:00Z',
            data: {},
            meta: eventMeta(context, 'lotline/test'),
          },
        ],
      },
    ]);
    answerRevision(7);
    return { calls };
  }

  @Post('raw')
  @RawJson()
  @HttpCode(200)
  @Requires('things:write')
  raw(@Body() text: string): object {
    return { text };
  }

  @Get()
  @Requires('things:read')
  @ReadsFrom('things')
  list(@Query() query: PageDto): object {
    return { limit: query.limit ?? null };
  }

  @Get('open')
  @Open()
  open(): object {
    return { open: true };
  }

  @Get('undeclared')
  undeclared(): object {
    return { secret: true };
  }

  @Get('defect')
  @Requires('things:read')
  defect(): object {
    throw new Error('password=hunter2');
  }

  @Get('through/:path')
  @Requires('things:read')
  async through(@Param('path') path: string): Promise<object> {
    calls += 1;
    await pause;
    const { status, body, headers } = await this.api.request('GET', `/${path}`);
    return { status, body, correlationId: headers['x-correlation-id'] };
  }
}

const projector: Projector = {
  name: 'things',
  version: 1,
  handles: new Map([['Counted', 1]]),
  createSchema: async ({ client, schema }) => {
    await client.query(`CREATE TABLE ${schema}.counted (id uuid PRIMARY KEY)`);
  },
  apply: async ({ client, schema }, events) => {
    await client.query(`INSERT INTO ${schema}.counted SELECT unnest($1::uuid[])`, [events.map(({ id }) => id)]);
  },
  export: async function* () {
    // Nothing compares builds here.
  },
};

@Controller()
class ThingsWorker {
  @KeepsReadModel(projector)
  keep(@Payload() events: readonly RecordedEvent[], @Ctx() context: ReadModelContext): Promise<void> {
    return projector.apply(context, events);
  }
}

@Module({
  imports: [PlatformModule.forFeature({ name: 'things' })],
  controllers: [ThingsController, ThingsWorker],
})
class ThingsModule {}

let database: TestDatabase;
let running: RunningApp;

beforeAll(async () => {
  database = await createTestDatabase();
  running = await startApp(ThingsModule, {
    name: 'things',
    env: {
      DATABASE_URL: database.url,
      PORT: '0',
      LOG_LEVEL: 'silent',
      LOTLINE_BODY_LIMIT: '4096',
      LOTLINE_MIN_POSITION_WAIT_MS: '300',
    },
  });
});
afterAll(async () => {
  await running.stop();
  await database.drop();
});

interface Reply {
  status: number;
  headers: Headers;
  body: any;
}
const ask = async (
  method: string,
  path: string,
  options: { body?: unknown; text?: string | Uint8Array; headers?: Record<string, string> } = {},
): Promise<Reply> => {
  const payload = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const response = await fetch(running.url + path, {
    method,
    headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...options.headers },
    ...(payload !== undefined && { body: payload as string }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith('{') ? JSON.parse(text) : text,
  };
};
const thing = { name: 'x', count: 1, main: { code: 'm' } };

describe('input that is not right', () => {
  const problem = async (reply: Promise<Reply>, status: number, code: string): Promise<any> => {
    const { status: found, headers, body } = await reply;
    expect([found, body.code]).toEqual([status, code]);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({
      status,
      title: expect.any(String),
      detail: expect.any(String),
      instance: expect.any(String),
    });
    expect(body.correlationId).toBe(headers.get('x-correlation-id'));
    expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|at \w+ \(/);
    return body;
  };

  it('is answered field by field, all at once', async () => {
    const body = { name: '', count: '3', parts: [{ code: 'a' }, { code: 'too long' }, {}], extra: 1 };
    const { problems } = await problem(ask('POST', '/things', { body }), 400, 'invalid-request');
    expect(problems.map((p: any) => [p.field, p.code])).toEqual(
      expect.arrayContaining([
        ['/name', 'is-length'],
        ['/count', 'is-int'],
        ['/main', 'missing'],
        ['/parts/1/code', 'is-length'],
        ['/parts/2/code', 'missing'],
        ['/extra', 'whitelist-validation'],
      ]),
    );
    expect(problems.find((p: any) => p.field === '/count').found).toBe('3');
  });

  it('is a body that is no JSON, not UTF-8, empty, or pollutes prototypes', async () => {
    await problem(ask('POST', '/things', { text: '{"name": ' }), 400, 'not-json');
    await problem(ask('POST', '/things', { text: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]) }), 400, 'not-utf-8');
    await problem(ask('POST', '/things', { text: '{"__proto__": {"x": 1}}' }), 400, 'not-json');
    await problem(ask('POST', '/things', { text: '' }), 400, 'invalid-request');
    await problem(ask('POST', '/things', { text: '[]' }), 400, 'invalid-request');
  });

  it('is text that cannot be stored, wherever it stands', async () => {
    const body = String.raw`{"name": "A\u0000B", "count": 1, "main": {"code": "\ud800"}, "x\u0000": 1}`;
    const { problems } = await problem(ask('POST', '/things', { text: body }), 400, 'bad-text');
    expect(problems.map((p: any) => [p.code, p.field])).toEqual([
      ['bad-text', '/x\0'],
      ['bad-text', '/name'],
      ['bad-text', '/main/code'],
    ]);
    const fieldsOf = async (path: string) =>
      (await problem(ask('GET', path), 400, 'bad-text')).problems.map((p: any) => p.field);
    expect(await fieldsOf('/things/through/A%00B')).toEqual(['/path']);
    expect(await fieldsOf('/things?limit=%00')).toEqual(['/limit']);
    expect(await fieldsOf('/things?limit=1&limit=%00')).toEqual(['/limit/1']);
    expect(await fieldsOf('/things?li%00mit=1')).toEqual(['/li\0mit']);
    const key = await running.app.inject({
      method: 'POST',
      url: '/things',
      headers: { 'idempotency-key': 'a\0b' },
      payload: {},
    });
    expect([key.statusCode, key.json().code]).toEqual([400, 'bad-idempotency-key']);
  });

  it('may hold any character in a pair of surrogates, and an escaped backslash before u0000', async () => {
    const text = String.raw`{"name": "\ud83d\udc1f \\u0000", "count": 1, "main": {"code": "m"}}`;
    expect((await ask('POST', '/things', { text })).body.made).toBe('🐟 \\u0000');
  });

  it('is a path that is no percent-encoding, or far too long', async () => {
    await problem(ask('GET', '/things/through/%E0%A4%A'), 400, 'bad-request');
    await problem(ask('GET', `/things/through/${'x'.repeat(9_000)}`), 414, 'uri-too-long');
  });

  it('is of another content type, or too large', async () => {
    await problem(
      ask('POST', '/things', { text: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      415,
      'unsupported-media-type',
    );
    await problem(
      ask('POST', '/things', { text: '<a/>', headers: { 'content-type': 'text/xml' } }),
      415,
      'unsupported-media-type',
    );
    await problem(ask('POST', '/things', { text: `"${'x'.repeat(5000)}"` }), 413, 'body-too-large');
  });

  it('takes any kind of JSON', async () => {
    const headers = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' };
    expect((await ask('POST', '/things', { body: thing, headers })).status).toBe(201);
  });

  it('goes nowhere, or somewhere by the wrong method', async () => {
    await problem(ask('GET', '/nowhere'), 404, 'not-found');
    const reply = await ask('DELETE', '/things');
    expect([reply.status, reply.body.code, reply.headers.get('allow')]).toEqual([
      405,
      'method-not-allowed',
      'GET, HEAD, POST',
    ]);
    await problem(ask('GET', '/docs/no-such-file'), 404, 'not-found');
    await problem(ask('GET', '/docs/json'), 404, 'not-found');
  });

  it('has headers that mean nothing', async () => {
    await problem(ask('POST', '/things', { body: thing, headers: { 'if-match': 'latest' } }), 400, 'bad-if-match');
    await problem(
      ask('POST', '/things', { body: thing, headers: { 'idempotency-key': 'ä b' } }),
      400,
      'bad-idempotency-key',
    );
  });

  it('is handed over as it was sent where the handler parses by itself', async () => {
    const text = '{"n": 12000.0}';
    expect((await ask('POST', '/things/raw', { text })).body).toEqual({ text });
  });

  it('tells nothing of a defect', async () => {
    const body = await problem(ask('GET', '/things/defect'), 500, 'internal-error');
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });
});

describe('the guard', () => {
  it('refuses a route that declares nothing, even where everything else is open', async () => {
    expect((await ask('GET', '/things/undeclared')).body.code).toBe('route-not-declared');
    expect((await ask('GET', '/things/open')).body).toEqual({ open: true });
  });

  it('lets nobody in under a name that is not loopback', async () => {
    const { hostname, port } = new URL(running.url);
    const response = await running.app.inject({
      method: 'GET',
      url: '/things',
      headers: { host: `evil.example.org:${port}` },
    });
    expect(response.statusCode).toBe(401);
    expect(
      (await running.app.inject({ method: 'GET', url: '/things', headers: { host: `${hostname}:${port}` } }))
        .statusCode,
    ).toBe(200);
  });
});

describe('a request', () => {
  it('keeps its correlation id and its trace, or is given one', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const sent = await ask('GET', '/things', { headers: { 'x-correlation-id': 'order-4711', traceparent } });
    expect(sent.headers.get('x-correlation-id')).toBe('order-4711');
    expect(sent.headers.get('traceparent')).toMatch(
      /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/,
    );
    const fresh = await ask('GET', '/things', {
      headers: { 'x-correlation-id': 'no good\u00e9', traceparent: '00-0-0-0' },
    });
    expect(fresh.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(fresh.headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });

  it('takes its ids along when one context asks another', async () => {
    const { body } = await ask('GET', '/things/through/things%2Fopen', { headers: { 'x-correlation-id': 'c-9' } });
    expect(body).toEqual({ status: 200, body: { open: true }, correlationId: 'c-9' });
  });

  it('says which revision it saw', async () => {
    expect((await ask('POST', '/things', { body: thing, headers: { 'if-match': '"12"' } })).body.sees).toBe(12);
    expect((await ask('POST', '/things', { body: thing })).body.sees).toBeUndefined();
  });
});

describe('a command with an Idempotency-Key', () => {
  const count = (key: string, body: object = {}): Promise<Reply> =>
    ask('POST', '/things/count', { body, headers: { 'idempotency-key': key } });

  it('is carried out once and answered alike', async () => {
    const before = calls;
    const first = await count('k-1');
    const again = await count('k-1');
    expect(calls).toBe(before + 1);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    for (const name of ['etag', 'x-log-position', 'content-type'])
      expect([name, again.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    expect(first.headers.get('etag')).toBe('"7"');
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
  });

  it('conflicts with another request under the same key', async () => {
    await count('k-2');
    const other = await count('k-2', { other: true });
    expect([other.status, other.body.code]).toEqual([409, 'idempotency-key-reused']);
  });

  it('is carried out once by many at the same time', async () => {
    const before = calls;
    const { promise: paused, resolve: go } = Promise.withResolvers<undefined>();
    pause = paused;
    const all = Array.from({ length: 6 }, () => count('k-3'));
    const { promise: held, resolve } = Promise.withResolvers<true>();
    const look = async (): Promise<void> => {
      const { rowCount } = await database.pool.query(`SELECT FROM platform.idempotency WHERE key = 'k-3'`);
      if (rowCount === 1 && calls > before) resolve(true);
      else setImmediate(() => void look());
    };
    void look();
    await held;
    go(undefined);
    const replies = await Promise.all(all);
    expect(calls).toBe(before + 1);
    expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it('that was refused or failed can be tried again under its key', async () => {
    const before = calls;
    expect((await count('k-4', { refuse: true })).status).toBe(422);
    expect((await count('k-4', { refuse: true })).status).toBe(422);
    expect((await count('k-4', { fail: true })).status).toBe(500);
    expect(calls).toBe(before + 3);
  });

  it('whose process died is taken over, and appends nothing twice', async () => {
    const first = await count('k-5');
    // As a crash after the append and before the answer leaves it.
    await database.pool.query(
      `UPDATE platform.idempotency SET status = NULL, headers = NULL, body = NULL, claimed_until = now() WHERE key = 'k-5'`,
    );
    const again = await count('k-5');
    expect(again.status).toBe(201);
    expect(again.headers.get('x-log-position')).toBe(first.headers.get('x-log-position'));
  });

  it('may use its key again once the answer has expired', async () => {
    await count('k-6');
    await database.pool.query(`UPDATE platform.idempotency SET expires_at = now() WHERE key = 'k-6'`);
    expect((await count('k-6', { other: true })).status).toBe(201);
  });
});

describe('reading what was written', () => {
  it('waits for the read model, and says how far it is where it takes too long', async () => {
    const position = (await ask('POST', '/things/count', { body: {} })).headers.get('x-log-position');
    const read = await ask('GET', `/things?limit=5&minPosition=${position}`);
    expect([read.status, read.body]).toEqual([200, { limit: 5 }]);
    const late = await ask('GET', '/things?minPosition=9999999999999999');
    expect([late.status, late.body.code, late.body.position]).toEqual([503, 'read-model-behind', position]);
    expect(late.headers.get('retry-after')).toBe('1');
  });

  it('takes a position without its leading zeros, and nothing that is none', async () => {
    const position = (await ask('POST', '/things/count', { body: {} })).headers.get('x-log-position')!;
    expect((await ask('GET', `/things?minPosition=${Number(position)}`)).status).toBe(200);
    for (const query of ['minPosition=a%20b', 'minPosition=head', 'minPosition=', 'minPosition=1&minPosition=2']) {
      const { status, body } = await ask('GET', `/things?${query}`);
      expect([status, body.code, body.problems[0].field]).toEqual([400, 'bad-position', '/minPosition']);
    }
  });
});

describe('another process', () => {
  const configOf = (env: Record<string, string>) =>
    readConfig({
      LOTLINE_PROFILE: 'cluster',
      KAFKA_BROKERS: 'kafka:9092',
      REDIS_URL: 'redis://redis',
      DATABASE_URL: database.url,
      LOTLINE_API_KEYS: `boss ${'0'.repeat(64)} *`,
      ...env,
    });
  const silent = createLogger({ level: 'silent', name: 'test' });

  it('is asked over HTTP by the same paths, with the key of this one', async () => {
    const api = new RemotePublicApi(configOf({ PUBLIC_URL: running.url }), silent);
    const { status, body } = await api.request('POST', '/genealogy/none', { body: { a: 1 } });
    expect([status, (body as { code: string }).code]).toEqual([404, 'not-found']);

    const seen: Record<string, string | string[] | undefined>[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const keyed = configOf({ LOTLINE_INVENTORY_URL: `http://127.0.0.1:${port}/`, LOTLINE_SERVICE_KEY: 'secret' });
    expect(await new RemotePublicApi(keyed, silent).request('GET', '/inventory/stock')).toMatchObject({
      status: 204,
      body: undefined,
    });
    expect(seen[0]).toMatchObject({ authorization: 'Bearer secret' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('that cannot be reached or is not configured is unavailable', async () => {
    const api = new RemotePublicApi(configOf({ LOTLINE_SHIPPING_URL: 'http://127.0.0.1:1' }), silent);
    await expect(api.request('GET', '/shipping/x')).rejects.toMatchObject({ code: 'context-unavailable' });
    await expect(api.request('GET', '/recalls/x')).rejects.toMatchObject({ code: 'context-not-configured' });
  });
});

describe('an orderly stop', () => {
  it('answers what is under way and takes nothing new', async () => {
    const env = { DATABASE_URL: database.url, PORT: '0', LOG_LEVEL: 'silent' };
    const app = await startApp(ThingsModule, { name: 'things', env });
    const before = calls;
    const { promise, resolve: go } = Promise.withResolvers<undefined>();
    pause = promise;
    const slow = fetch(`${app.url}/things/count`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    while (calls === before) await new Promise(setImmediate);
    const stopped = app.stop();
    go(undefined);
    const response = await slow;
    expect(response.status).toBe(201);
    expect(response.headers.get('x-log-position')).not.toBeNull();
    await stopped;
    await expect(fetch(`${app.url}/health/live`)).rejects.toThrow();
  });

  it('lets what is under way still ask other contexts of this process', async () => {
    const env = { DATABASE_URL: database.url, PORT: '0', LOG_LEVEL: 'silent' };
    const app = await startApp(ThingsModule, { name: 'things', env });
    const before = calls;
    const { promise, resolve: go } = Promise.withResolvers<undefined>();
    pause = promise;
    const slow = fetch(`${app.url}/things/through/things`);
    while (calls === before) await new Promise(setImmediate);
    const stopped = app.stop();
    // Nobody new is served meanwhile, which shows that the stop has begun.
    await expect(fetch(`${app.url}/health/live`)).rejects.toThrow();
    go(undefined);
    expect(await (await slow).json()).toMatchObject({ status: 200, body: { limit: null } });
    await stopped;
  });

  it('waits for no connection that was opened and never used', async () => {
    const env = { DATABASE_URL: database.url, PORT: '0', LOG_LEVEL: 'silent' };
    const app = await startApp(ThingsModule, { name: 'things', env });
    const idle = connect(Number(new URL(app.url).port), '127.0.0.1');
    await once(idle, 'connect');
    idle.resume();
    const ended = once(idle, 'close');
    await app.stop();
    await ended;
  });
});

describe('operations', () => {
  it('are told what runs', async () => {
    const metrics = (await ask('GET', '/metrics')).body as string;
    expect(metrics).toMatch(
      /lotline_http_request_duration_seconds_count\{method="POST",route="\/things\/count",status="201"\} \d+/,
    );
    expect(metrics).toMatch(/lotline_log_appended_events_total\{result="recorded"\} \d+/);
    expect(metrics).toMatch(/lotline_projection_lag_seconds\{projection="things"\} 0/);
    expect(metrics).toMatch(/lotline_projection_not_running\{projection="things"\} 0/);
    expect(metrics).toMatch(/lotline_projection_parked_events\{projection="things"\} 0/);
    for (const server of ['database', 'log']) expect(metrics).toContain(`lotline_server_up{server="${server}"} 1`);
    expect((await ask('GET', '/health/live')).body).toEqual({ status: 'up' });
  });

  it('describe the API from the rules it checks', async () => {
    const { body } = await ask('GET', '/docs/openapi.json');
    expect(body.components.schemas.ThingDto).toMatchObject({
      type: 'object',
      required: ['name', 'count', 'main'],
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 20 },
        count: { type: 'integer', minimum: 1, maximum: 9 },
        main: { $ref: '#/components/schemas/PartDto' },
        parts: { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/PartDto' } },
      },
    });
    expect((await fetch(`${running.url}/docs`)).headers.get('content-type')).toContain('text/html');
  });

  it('start nothing on a wrong configuration, and leave nothing open where the start fails', async () => {
    await expect(startApp(ThingsModule, { name: 'things', env: { HOST: '0.0.0.0' } })).rejects.toThrow(
      'LOTLINE_API_KEYS',
    );
    const env = { DATABASE_URL: 'postgres://nobody:none@127.0.0.1:1/none', PORT: '0', LOG_LEVEL: 'silent' };
    await expect(startApp(ThingsModule, { name: 'things', env })).rejects.toThrow('ECONNREFUSED');
  });
});
