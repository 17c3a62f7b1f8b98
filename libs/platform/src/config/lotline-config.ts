import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsTimeZone,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ApiKey, parseApiKeys } from './api-keys.js';
import { Setting } from './setting.js';

const PROFILES = ['standalone', 'cluster'] as const;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Text that is no whole number stays text, so that the validator can show it. */
const integer = (text: string): unknown => (/^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : text);
const list = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
const boolean = (text: string): unknown =>
  ({ true: true, false: false, '1': true, '0': false })[text.toLowerCase()] ?? text;

const LOGS = ['postgres', 'eventstoredb'] as const;
const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const IsHttpUrl = (): PropertyDecorator =>
  IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false });

/** Every setting of the product; read once at start, each problem named, then never again. */
export class LotlineConfig {
  @Setting(
    'LOTLINE_PROFILE',
    'Which adapters are wired: `standalone` (PostgreSQL alone) or `cluster` (PostgreSQL, Kafka, Redis; needs `DATABASE_URL`, `KAFKA_BROKERS`, `REDIS_URL` and `LOTLINE_API_KEYS`).',
    { default: 'standalone' },
  )
  @IsIn(PROFILES)
  profile!: (typeof PROFILES)[number];

  @Setting('PORT', 'TCP port of the HTTP API; 0 takes a free one.', { default: '3000', parse: integer })
  @IsInt()
  @Min(0)
  @Max(65535)
  port!: number;

  @Setting('HOST', 'Address to listen on. Anything but a loopback address needs `LOTLINE_API_KEYS`.', {
    default: '127.0.0.1',
  })
  @IsString()
  @Matches(/^[\w.:%-]+$/, { message: 'host must be an address or a host name' })
  host!: string;

  @Setting(
    'DATABASE_URL',
    'PostgreSQL to use, `postgres://user:password@host:port/database`. Unset: an embedded one in `LOTLINE_DATA_DIR` (standalone only).',
    { secret: true },
  )
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: 'databaseUrl must be a postgres:// URL' })
  databaseUrl?: string;

  @Setting(
    'LOTLINE_DATABASE_POOL',
    'Connections of one process to PostgreSQL at most, for requests, read models and jobs; the event log takes up to 7 of its own.',
    { default: '32', parse: integer },
  )
  @IsInt()
  @Min(4)
  @Max(1000)
  databasePool!: number;

  @Setting('LOTLINE_DATA_DIR', 'Where the embedded PostgreSQL keeps its data.', { default: '.lotline' })
  @IsString()
  dataDir!: string;

  @Setting('KAFKA_BROKERS', 'Brokers to find the Kafka cluster by, `host:port,host:port` (cluster).', {
    default: '',
    parse: list,
  })
  @IsArray()
  @Matches(/^(\[[\da-fA-F:.]+\]|[\w.-]+):\d{1,5}$/, {
    each: true,
    message: 'each value in kafkaBrokers must be host:port',
  })
  kafkaBrokers!: string[];

  @Setting('KAFKA_SSL', 'Speak TLS with the brokers.', { default: 'false', parse: boolean })
  @IsBoolean()
  kafkaSsl!: boolean;

  @Setting(
    'KAFKA_SASL_MECHANISM',
    'How to log in at the brokers: one of plain, scram-sha-256, scram-sha-512. Unset: no login.',
  )
  @IsOptional()
  @IsIn(SASL_MECHANISMS)
  kafkaSaslMechanism?: (typeof SASL_MECHANISMS)[number];

  @Setting('KAFKA_SASL_USERNAME', 'User to log in as at the brokers.')
  @IsOptional()
  @IsString()
  kafkaSaslUsername?: string;

  @Setting('KAFKA_SASL_PASSWORD', 'Password of that user.', { secret: true })
  @IsOptional()
  @IsString()
  kafkaSaslPassword?: string;

  @Setting(
    'LOTLINE_KAFKA_SESSION_TIMEOUT_MS',
    'How long a worker may be silent before its group takes it for dead and gives its partitions to others.',
    { default: '30000', parse: integer },
  )
  @IsInt()
  @Min(6_000)
  @Max(300_000)
  kafkaSessionTimeoutMs!: number;

  @Setting(
    'LOTLINE_TOPIC_PREFIX',
    'Begins the names of all topics and consumer groups, and the keys in Redis, so that installations can share servers.',
    { default: 'lotline' },
  )
  @Matches(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, {
    message: 'topicPrefix must be letters, digits, underscores and dashes, in parts joined by dots',
  })
  @MaxLength(100)
  topicPrefix!: string;

  @Setting(
    'REDIS_URL',
    'Redis that wakes timers and senders, `redis://[user:password@]host:port[/database]` or `rediss://…` (cluster).',
    {
      secret: true,
    },
  )
  @IsOptional()
  @Matches(/^rediss?:\/\/\S+$/, { message: 'redisUrl must be a redis:// or rediss:// URL' })
  redisUrl?: string;

  @Setting('LOTLINE_LOG', 'Where the event log is: `postgres` (in `DATABASE_URL`) or `eventstoredb`.', {
    default: 'postgres',
  })
  @IsIn(LOGS)
  log!: (typeof LOGS)[number];

  @Setting(
    'EVENTSTORE_URL',
    'Connection string of EventStoreDB, `esdb://…` or `esdb+discover://…`; needed where `LOTLINE_LOG` is `eventstoredb`.',
    {
      secret: true,
    },
  )
  @IsOptional()
  @Matches(/^(esdb|kurrentdb|kurrent)(\+discover)?:\/\/\S+$/, {
    message: 'eventstoreUrl must be an esdb:// connection string',
  })
  eventstoreUrl?: string;

  @Setting(
    'LOTLINE_PARTITIONS',
    'Into how many parts the work on each read model is divided without a broker (standalone); in the cluster profile the topics say it.',
    { default: '1', parse: integer },
  )
  @IsInt()
  @Min(1)
  @Max(256)
  partitions!: number;

  @Setting('LOG_LEVEL', 'One of fatal, error, warn, info, debug, trace, silent.', { default: 'info' })
  @IsIn(LOG_LEVELS)
  logLevel!: (typeof LOG_LEVELS)[number];

  @Setting(
    'LOTLINE_OWN_PARTIES',
    'Ids of the parties that are this organisation, separated by commas. Unset: every party is ours.',
    {
      default: '',
      parse: list,
    },
  )
  @IsArray()
  @Matches(/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, { each: true, message: 'each value in ownParties must be a URI' })
  ownParties!: string[];

  @Setting('LOTLINE_BODY_LIMIT', 'Largest request body in bytes.', {
    default: String(64 * 1024 * 1024),
    parse: integer,
  })
  @IsInt()
  @Min(1024)
  @Max(1024 * 1024 * 1024)
  bodyLimit!: number;

  @Setting(
    'LOTLINE_API_KEYS',
    'Keys of callers, separated by `;`, each `NAME SHA256 PERMISSION,PERMISSION…` (SHA-256 of the key in hex; permissions as `capture:write`, `inventory:*`, `*:read`, `*`). `npm run lotline -- key NAME` makes one. Unset: loopback callers may do anything, others nothing.',
    { default: '', parse: parseApiKeys, secret: true },
  )
  @IsArray()
  @ValidateNested({ each: true })
  apiKeys!: ApiKey[];

  @Setting(
    'LOTLINE_SERVICE_KEY',
    'The key this process shows when it calls other contexts (cluster). It needs `service:act-for`.',
    { secret: true },
  )
  @IsOptional()
  @IsString()
  serviceKey?: string;

  @Setting(
    'PUBLIC_URL',
    'Base URL of the API as callers see it; also where other contexts are called in the cluster profile, unless set apart.',
  )
  @IsOptional()
  @IsHttpUrl()
  publicUrl?: string;

  @Setting('LOTLINE_PRODUCTION_URL', 'Base URL of production, where it differs from `PUBLIC_URL`.')
  @IsOptional()
  @IsHttpUrl()
  productionUrl?: string;

  @Setting('LOTLINE_INVENTORY_URL', 'Base URL of inventory, where it differs from `PUBLIC_URL`.')
  @IsOptional()
  @IsHttpUrl()
  inventoryUrl?: string;

  @Setting('LOTLINE_SHIPPING_URL', 'Base URL of shipping, where it differs from `PUBLIC_URL`.')
  @IsOptional()
  @IsHttpUrl()
  shippingUrl?: string;

  @Setting('LOTLINE_RECALLS_URL', 'Base URL of recalls, where it differs from `PUBLIC_URL`.')
  @IsOptional()
  @IsHttpUrl()
  recallsUrl?: string;

  @Setting('LOTLINE_GENEALOGY_URL', 'Base URL of genealogy, where it differs from `PUBLIC_URL`.')
  @IsOptional()
  @IsHttpUrl()
  genealogyUrl?: string;

  @Setting('LOTLINE_EXPIRY_URL', 'Base URL of expiry, where it differs from `PUBLIC_URL`.')
  @IsOptional()
  @IsHttpUrl()
  expiryUrl?: string;

  @Setting('LOTLINE_CAPTURE_URL', 'Base URL of capture, where it differs from `PUBLIC_URL`.')
  @IsOptional()
  @IsHttpUrl()
  captureUrl?: string;

  @Setting(
    'LOTLINE_MIGRATE',
    'Bring the database up to date at start (one process at a time does it, the others wait). Where it is `false`, `npm run lotline -- migrate` is a step of its own, and a process that finds an older database says so and ends.',
    { default: 'true', clusterDefault: 'false', parse: boolean },
  )
  @IsBoolean()
  migrate!: boolean;

  @Setting(
    'LOTLINE_MIN_POSITION_WAIT_MS',
    'How long a read with `minPosition` waits for its read model before it answers 503.',
    {
      default: '5000',
      parse: integer,
    },
  )
  @IsInt()
  @Min(0)
  @Max(60_000)
  minPositionWaitMs!: number;

  @Setting('LOTLINE_IDEMPOTENCY_HOURS', 'How long an answer is kept for its `Idempotency-Key`.', {
    default: '24',
    parse: integer,
  })
  @IsInt()
  @Min(1)
  @Max(24 * 365)
  idempotencyHours!: number;

  @Setting(
    'LOTLINE_SECRETS_KEY',
    'Seals the secrets of webhooks that are stored: 32 random bytes in base64 (`openssl rand -base64 32`), the same for every process; who loses it has to make the webhooks anew. Unset: no webhooks.',
    { secret: true },
  )
  @IsOptional()
  @Matches(/^[A-Za-z0-9+/_-]{43}=?$/, { message: 'secretsKey must be 32 bytes in base64' })
  secretsKey?: string;

  @Setting(
    'LOTLINE_WEBHOOK_ALLOW_PRIVATE',
    'Webhooks may go to addresses that are not public (loopback, private, link-local), and by plain http.',
    { default: 'false', parse: boolean },
  )
  @IsBoolean()
  webhookAllowPrivate!: boolean;

  @Setting('LOTLINE_STOP_TIMEOUT_MS', 'How long an orderly stop may take before the process ends anyway.', {
    default: '30000',
    parse: integer,
  })
  @IsInt()
  @Min(0)
  @Max(600_000)
  stopTimeoutMs!: number;

  @Setting(
    'LOTLINE_EXPIRY_LEADS',
    "How many days before a lot's date (expiry, best-before, retest, removal) an alert is raised, separated by commas; `0` is the day itself.",
    { default: '30,7,1,0', parse: (text) => list(text).map(integer) },
  )
  @IsArray()
  @ArrayNotEmpty()
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(3650, { each: true })
  expiryLeads!: number[];

  @Setting(
    'LOTLINE_TIME_ZONE',
    'IANA name of the time zone in which a day begins at sites of which master data states none (`timeZone`).',
    { default: 'UTC' },
  )
  @IsTimeZone({ message: 'timeZone must be the IANA name of a time zone, as Europe/Berlin' })
  timeZone!: string;
}
