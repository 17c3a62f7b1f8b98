import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newKey } from '../../../apps/standalone/src/cli/new-key.js';

export interface Keys {
  /** LOTLINE_API_KEYS of every app. */
  apiKeys: string;
  /** May do anything; for whoever uses the cluster. Also in the file `key`. */
  operator: string;
  /** LOTLINE_SERVICE_KEY: what the apps show to each other. */
  service: string;
  /** LOTLINE_SECRETS_KEY. */
  secrets: string;
}

/** Made once, readable by their owner alone. */
export const readOrMakeKeys = async (directory: string): Promise<Keys> => {
  const file = join(directory, 'keys.json');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  // A cluster of an older release has no key for secrets yet.
  const before = known === undefined ? undefined : (JSON.parse(known) as Omit<Keys, 'secrets'> & Partial<Keys>);
  if (before?.secrets !== undefined) return before as Keys;
  const operator = newKey('operator', ['*']);
  const service = newKey('service', ['*', 'service:act-for']);
  const keys: Keys = {
    apiKeys: `${operator.entry};${service.entry}`,
    operator: operator.key,
    service: service.key,
    ...before,
    secrets: randomBytes(32).toString('base64'),
  };
  await writeFile(join(directory, 'key'), keys.operator, { mode: 0o600 });
  await writeFile(`${file}.new`, JSON.stringify(keys), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return keys;
};
