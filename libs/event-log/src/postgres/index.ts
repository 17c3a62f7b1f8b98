export { createPostgresEventLog, type PostgresEventLogOptions } from './postgres-event-log.js';
export { eventLogMigrations } from './migrations.js';
export { raiseEpoch } from './identity.js';
