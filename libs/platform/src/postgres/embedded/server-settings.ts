import { totalmem } from 'node:os';

const MB = 1024 * 1024;
const megabytes = (share: number, least: number, most: number): number =>
  Math.round(Math.min(most, Math.max(least, (totalmem() * share) / MB)));

/**
 * For one process with its database on one machine that also does other work: an eighth of the memory, at most 1 GB.
 * Durability is PostgreSQL's own: fsync, full pages and synchronous commits stay on.
 */
export const serverSettings = (): Record<string, string> => ({
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: `${megabytes(1 / 8, 64, 1024)}MB`,
  effective_cache_size: `${megabytes(1 / 2, 256, 16 * 1024)}MB`,
  maintenance_work_mem: `${megabytes(1 / 32, 32, 256)}MB`,
  work_mem: '16MB',
  max_wal_size: '2GB',
  wal_compression: 'pglz',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
});
