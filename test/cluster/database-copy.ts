import pg from 'pg';
import { testServerUrl } from '#testkit';

const onServer = async (...statements: string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
};

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

/** A copy of a database as it is at one moment, which nobody can be connected for: everybody is cut off and comes back. */
export interface Backup {
  /** Puts the copy in the place of the database, whoever is still connected. Its URL stays. */
  restore(): Promise<void>;
  drop(): Promise<void>;
}

export const backUp = async (databaseUrl: string): Promise<Backup> => {
  const database = nameOf(databaseUrl);
  const copy = `${database}_backup`;
  await onServer(
    `ALTER DATABASE ${database} ALLOW_CONNECTIONS false`,
    `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '${database}'`,
    `CREATE DATABASE ${copy} TEMPLATE ${database}`,
    `ALTER DATABASE ${database} ALLOW_CONNECTIONS true`,
  );
  return {
    restore: () => onServer(`DROP DATABASE ${database} WITH (FORCE)`, `CREATE DATABASE ${database} TEMPLATE ${copy}`),
    drop: () => onServer(`DROP DATABASE IF EXISTS ${copy}`),
  };
};
