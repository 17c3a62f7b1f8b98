import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ModelDigest, RecordedLine } from './replay.js';

const DIRECTORY = new URL('recorded/', import.meta.url);
const logOf = (release: string): URL => new URL(`${release}.jsonl`, DIRECTORY);
const digestsOf = (release: string): URL => new URL(`${release}.digests.json`, DIRECTORY);

/** Of which a log is kept. */
export const releases = (): string[] =>
  readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .sort();

export const readLog = (release: string): RecordedLine[] =>
  readFileSync(logOf(release), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedLine);

/** @throws where there is one: what a release recorded is never recorded anew. */
export const writeLog = (release: string, lines: readonly RecordedLine[]): void =>
  writeFileSync(logOf(release), lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { flag: 'wx' });

export const readDigests = (release: string): ModelDigest[] =>
  JSON.parse(readFileSync(digestsOf(release), 'utf8')) as ModelDigest[];

export const writeDigests = (release: string, digests: readonly ModelDigest[]): void =>
  writeFileSync(digestsOf(release), `${JSON.stringify(digests, null, 2)}\n`);
