import { rename, writeFile } from 'node:fs/promises';

/** As the shell reads it: nothing within single quotes means anything else. */
const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/**
 * Writes settings for whoever runs the command line beside the cluster (`set -a; . FILE; set +a`), readable by its owner alone:
 * there are keys and passwords in it.
 */
export const writeSettings = async (file: string, settings: Readonly<Record<string, string>>): Promise<void> => {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${quoted(value)}\n`);
  await writeFile(`${file}.new`, lines.join(''), { mode: 0o600 });
  await rename(`${file}.new`, file);
};
