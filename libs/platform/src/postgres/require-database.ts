import pg from 'pg';

/** The database or data directory of the configuration cannot be used; the message says which, why, and what to look at. */
export class DatabaseUnusable extends Error {
  constructor(place: string, reason: string, cause: unknown) {
    super(`${place} cannot be used: ${reason}`, { cause });
    this.name = 'DatabaseUnusable';
  }
}

const OLDEST_SERVER = 140_000;

/**
 * Connects once, so that a start ends with a reason a person understands and not somewhere inside.
 * @throws DatabaseUnusable
 */
export const requireDatabase = async (url: string): Promise<void> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'lotline-start',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; name: string; encoding: string }>(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name,
              current_setting('server_encoding') AS encoding`,
    );
    const [server] = rows;
    if (server && server.version < OLDEST_SERVER)
      throw new Error(`it is PostgreSQL ${server.name}, needed is 14 or newer`);
    // Any other cannot hold every text that a partner may send, and SQL_ASCII would not even say so.
    if (server && server.encoding !== 'UTF8')
      throw new Error(
        `its encoding is ${server.encoding}, needed is UTF8: create it with ENCODING 'UTF8' TEMPLATE template0`,
      );
  } catch (error) {
    throw new DatabaseUnusable(placeOf(url), reasonOf(error), error);
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Without the password. */
const placeOf = (url: string): string => {
  try {
    const { hostname, port, pathname, username } = new URL(url);
    return `the PostgreSQL at ${hostname}:${port === '' ? '5432' : port}, database "${pathname.slice(1)}", user "${username}"`;
  } catch {
    return 'the PostgreSQL of DATABASE_URL';
  }
};

const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; is the server running, and DATABASE_URL right?',
  ENOTFOUND: 'there is no such host; is DATABASE_URL right?',
  EAI_AGAIN: 'its name cannot be looked up; is DATABASE_URL right?',
  '28P01': 'the password is wrong',
  '28000': 'this user may not log in from here',
  '3D000': 'there is no such database; create it first',
  '53300': 'all its connections are taken',
  '57P03': 'it is starting up or shutting down; try again',
};

const reasonOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  const hint = code === undefined ? undefined : HINTS[code];
  const said = message === undefined || message === '' ? code : message;
  return hint === undefined ? (said ?? String(error)) : `${said ?? code}: ${hint}`;
};
