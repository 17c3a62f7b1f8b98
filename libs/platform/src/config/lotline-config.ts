import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
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

const IsHttpUrl = (): PropertyDecorator =>
  IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false });

/** Every setting of the product; read once at start, each problem named, then never again. */
export class LotlineConfig {
  @Setting('LOTLINE_PROFILE', 'Which adapters are wired: `standalone` (PostgreSQL alone) or `cluster`.', {
    default: 'standalone',
  })
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
  )
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: 'databaseUrl must be a postgres:// URL' })
  databaseUrl?: string;

  @Setting('LOTLINE_DATABASE_POOL', 'Connections of one process to PostgreSQL at most.', {
    default: '20',
    parse: integer,
  })
  @IsInt()
  @Min(4)
  @Max(1000)
  databasePool!: number;

  @Setting('LOTLINE_DATA_DIR', 'Where the embedded PostgreSQL keeps its data.', { default: '.lotline' })
  @IsString()
  dataDir!: string;

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
    { default: '', parse: parseApiKeys },
  )
  @IsArray()
  @ValidateNested({ each: true })
  apiKeys!: ApiKey[];

  @Setting(
    'LOTLINE_SERVICE_KEY',
    'The key this process shows when it calls other contexts (cluster). It needs `service:act-for`.',
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
    'Bring the database up to date at start (one process at a time does it, the others wait).',
    {
      default: 'true',
      parse: boolean,
    },
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

  @Setting('LOTLINE_STOP_TIMEOUT_MS', 'How long an orderly stop may take before the process ends anyway.', {
    default: '30000',
    parse: integer,
  })
  @IsInt()
  @Min(0)
  @Max(600_000)
  stopTimeoutMs!: number;
}
