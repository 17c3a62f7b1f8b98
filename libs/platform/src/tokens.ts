/** Injection tokens: `constructor(@Inject(EVENT_LOG) private readonly log: EventLog)`. */

/** `LotlineConfig`: the validated settings. */
export const CONFIG = Symbol('CONFIG');
/** `pg.Pool` of the one database of read models, registers and (by default) the log. */
export const PG_POOL = Symbol('PG_POOL');
/** `EventLog` of #event-log. Appends made while a request is handled set its `X-Log-Position`. */
export const EVENT_LOG = Symbol('EVENT_LOG');
/** `EventBus` of #event-bus. */
export const EVENT_BUS = Symbol('EVENT_BUS');
/** `EventPublisher` of #event-bus: from the log to the broker. The relay's alone. */
export const EVENT_PUBLISHER = Symbol('EVENT_PUBLISHER');
/** `Records`: topics that others write or read, besides those that carry the log. */
export const RECORDS = Symbol('RECORDS');
/** `Jobs` of #jobs: wakes somebody up later or again; what is due is a row of the caller's own. */
export const JOBS = Symbol('JOBS');
/** `Clock` of #kernel. */
export const CLOCK = Symbol('CLOCK');
/** `PublicApi`: the HTTP API of any context, over the network or in process. */
export const PUBLIC_API = Symbol('PUBLIC_API');
/** pino `Logger`. */
export const LOGGER = Symbol('LOGGER');
/** `Projections`: the read models of this process. */
export const PROJECTIONS = Symbol('PROJECTIONS');
/** `Probes`: asks the servers of the profile besides database and log whether they are there. */
export const PROBES = Symbol('PROBES');
/** prom-client `Registry` of this process. */
export const METRICS = Symbol('METRICS');
