import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '#kernel';
import { createProjectionReader } from '#projections';
import type { LotlineConfig } from '../config/lotline-config.js';
import { readConfig } from '../config/read-config.js';
import { requireNeighbours } from '../config/require-neighbours.js';
import { featuresOf, projectorsOf } from '../feature.js';
import { closeConnectionsWhenStopping, Readiness } from '../health/readiness.js';
import { registerJsonBody } from '../http/json-body.js';
import { registerTableBody } from '../http/uploaded-table/accept-tables.js';
import { refuseBadParameters } from '../http/refuse-bad-text.js';
import { RequestsUnderWay } from '../http/requests-under-way.js';
import { RouteTable } from '../http/route-table.js';
import { answerUnroutable } from '../http/unroutable.js';
import { requireNestedObjects } from '../http/validation.js';
import { openDatabase } from '../infrastructure/open-database.js';
import { openInfrastructure } from '../infrastructure/open-infrastructure.js';
import type { Infrastructure } from '../infrastructure/infrastructure.js';
import { bringUpToDate, requireUpToDate } from '../infrastructure/up-to-date.js';
import { createLogger, nestLogger } from '../logging/logger.js';
import { observeRequests } from '../metrics/http-metrics.js';
import { observeServers } from '../metrics/observe-servers.js';
import { serveOpenApi } from '../openapi/serve-openapi.js';
import { PlatformModule, type Composed } from '../platform.module.js';
import { openProjections } from '../projections/open-projections.js';
import { LocalPublicApi } from '../public-api/local-public-api.js';
import { registerRequestContext } from '../request/hooks.js';
import { BusTransport } from '../workers/bus-transport.js';

export interface StartOptions {
  /** The app's name, e.g. `production`. */
  name: string;
  /** Default: `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  clock?: Clock;
  logger?: Logger;
}

/** A running app. */
export interface RunningApp {
  /** `http://127.0.0.1:3000` */
  url: string;
  app: NestFastifyApplication;
  infrastructure: Infrastructure;
  /** Orderly: readiness off, workers finish their batch and checkpoint, requests are answered, pools close. */
  stop(): Promise<void>;
}

/** What has been opened, to be closed the other way round. */
class Opened {
  readonly #closers: { what: string; close: () => Promise<void> | void }[] = [];

  add(what: string, close: () => Promise<void> | void): void {
    this.#closers.push({ what, close });
  }

  /** One that fails does not keep the others open. */
  async close(logger: Logger): Promise<void> {
    for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop()) {
      try {
        await closer.close();
      } catch (err) {
        logger.error({ err }, `${closer.what} did not close in order`);
      }
    }
  }
}

/**
 * Starts an app: configuration, database (embedded where none is given), migrations, Nest on Fastify, read models, HTTP.
 * @throws ConfigError listing every problem of the environment, DatabaseUnusable, whatever else kept it from starting; after
 *   everything that had been opened was closed again.
 */
export const startApp = async (module: Type, options: StartOptions): Promise<RunningApp> => {
  const config = readConfig(options.env ?? process.env);
  const logger = options.logger ?? createLogger({ level: config.logLevel, name: options.name });
  const opened = new Opened();
  try {
    return await start(module, options, config, logger, opened);
  } catch (error) {
    await opened.close(logger);
    throw error;
  }
};

const start = async (
  module: Type,
  options: StartOptions,
  config: LotlineConfig,
  logger: Logger,
  opened: Opened,
): Promise<RunningApp> => {
  const features = featuresOf(module);
  requireNeighbours(config, features);
  const database = await openDatabase(config, logger);
  opened.add('the embedded database', database.close);
  const { infrastructure, close } = openInfrastructure({
    config,
    databaseUrl: database.url,
    logger,
    name: options.name,
    ...(options.clock && { clock: options.clock }),
  });
  opened.add('the event log and the pools', close);

  if (config.migrate) {
    const ran = await bringUpToDate(database.url, features);
    if (ran.length > 0) logger.info({ migrations: ran }, 'the database was brought up to date');
  } else await requireUpToDate(database.url, features);
  const { pool, log, probes } = infrastructure;
  const asked = { database: () => pool.query('SELECT 1'), log: () => log.head(), ...probes };
  observeServers(infrastructure.metrics, { ...infrastructure, probes: asked });

  const reader = createProjectionReader({ pool: infrastructure.pool });
  const transport = new BusTransport(infrastructure, reader);
  // Closed after the application: what is under way there may still wait for a read model.
  opened.add('the background work', () => transport.close());

  requireNestedObjects();
  const readiness = new Readiness();
  const projections = openProjections(infrastructure, projectorsOf(module), reader);
  const app = await createNest(module, { infrastructure, projections, readiness, routes: new RouteTable() });
  opened.add('the application', () => app.close());
  opened.add('reactors and receivers', () => transport.stopReacting());
  const fastify = app.getHttpAdapter().getInstance();
  app.get(LocalPublicApi).serveBy(fastify);
  serveOpenApi(app, options.name);
  app.connectMicroservice({ strategy: transport });
  await app.init();
  await fastify.ready();
  await app.startAllMicroservices();
  const underWay = new RequestsUnderWay();
  underWay.observe(fastify);
  await app.listen(config.port, config.host);
  opened.add('the requests under way', () => underWay.end(fastify));
  opened.add('readiness', () => readiness.set(false));
  readiness.set(true);

  const url = urlOf(fastify, config.host);
  logger.info(
    { url, profile: config.profile, features: features.map(({ name }) => name) },
    `${options.name} listens on ${url}`,
  );
  let stopping: Promise<void> | undefined;
  return { url, app, infrastructure, stop: () => (stopping ??= opened.close(logger)) };
};

const createNest = async (module: Type, composed: Composed): Promise<NestFastifyApplication> => {
  const { infrastructure, routes, readiness } = composed;
  const { config, logger, metrics } = infrastructure;
  @Module({ imports: [PlatformModule.forRoot(composed), module] })
  class Root {}
  const adapter = new FastifyAdapter({
    bodyLimit: config.bodyLimit,
    // A lot's id in a path is a percent-encoded URI.
    routerOptions: { maxParamLength: 8_192 },
    logger: false,
    frameworkErrors: answerUnroutable,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  routes.observe(fastify);
  registerRequestContext(fastify);
  refuseBadParameters(fastify);
  registerJsonBody(fastify, config.bodyLimit);
  registerTableBody(fastify, config.bodyLimit);
  observeRequests(fastify, metrics, logger);
  closeConnectionsWhenStopping(fastify, readiness);
  const options = { bodyParser: false, logger: nestLogger(logger), abortOnError: false };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes any object
  return NestFactory.create<NestFastifyApplication>(Root, adapter, options);
};

const urlOf = (fastify: FastifyInstance, host: string): string => {
  const address = fastify.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
};
