import type { Logger } from 'pino';
import { LotlineError } from '#kernel';
import type { LotlineConfig } from '../config/lotline-config.js';

/** The PostgreSQL of DATABASE_URL. */
export const openDatabase = async (
  config: LotlineConfig,
  _logger: Logger,
): Promise<{ url: string; close: () => Promise<void> }> => {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, close: () => Promise.resolve() };
  return Promise.reject(new LotlineError('unavailable', 'database-url-missing', 'DATABASE_URL is not set'));
};
