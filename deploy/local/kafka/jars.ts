import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const fileHere = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const KAFKA_VERSION = '4.1.0';

const cacheDirectory = (): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lotline', `kafka-${KAFKA_VERSION}`);

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** @throws where a jar is not exactly the one that this release was tried with, or one is missing or too many. */
const verify = async (directory: string): Promise<void> => {
  const lock = await readFile(fileHere('./jars.sha256'), 'utf8');
  const expected = new Map(
    lock
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [line.split('  ') as [string, string]]))
      .map(([sum, name]) => [name, sum]),
  );
  const names = await readdir(directory);
  const wrong = [...expected.keys()].filter((name) => !names.includes(name));
  for (const name of names) {
    const sum = createHash('sha256')
      .update(await readFile(join(directory, name)))
      .digest('hex');
    if (expected.get(name) !== sum) wrong.push(name);
  }
  if (wrong.length > 0)
    throw new Error(`Kafka's jars are not those of deploy/local/kafka/jars.sha256: ${wrong.join(', ')}`);
};

/**
 * Apache Kafka's jars, fetched once by Maven, checked against jars.sha256 and kept in `~/.cache/lotline`.
 * @returns the directory.
 * @throws where Maven is missing or fails.
 */
export const kafkaJars = async (): Promise<string> => {
  const directory = cacheDirectory();
  if (await exists(directory)) return directory;
  const draft = `${directory}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    await run('mvn', [
      ...['--batch-mode', '--quiet', '--strict-checksums', '--file', fileHere('./pom.xml')],
      ...['dependency:copy-dependencies', `-DoutputDirectory=${draft}`],
    ]);
    await verify(draft);
    // Somebody else may have finished first; theirs is as good.
    await rename(draft, directory).catch(async (error: unknown) => {
      if (!(await exists(directory))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return directory;
};

const works = (command: string, ...args: string[]): Promise<boolean> =>
  run(command, args).then(
    () => true,
    () => false,
  );

/** @returns what is missing to run Kafka here, and how to get it; undefined where nothing is. */
export const kafkaLacks = async (): Promise<string | undefined> => {
  const [java, maven, jars] = await Promise.all([
    works(javaCommand(), '-version'),
    works('mvn', '--version'),
    exists(cacheDirectory()),
  ]);
  const missing = [...(java ? [] : ['Java 17 or newer']), ...(maven || jars ? [] : ['Maven'])];
  return missing.length === 0
    ? undefined
    : `Kafka needs ${missing.join(' and ')} (Debian: apt-get install openjdk-17-jre-headless maven)`;
};

export const javaCommand = (): string =>
  process.env.JAVA_HOME === undefined ? 'java' : join(process.env.JAVA_HOME, 'bin', 'java');
