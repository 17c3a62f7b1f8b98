export * from './postgres/migrate.js';
