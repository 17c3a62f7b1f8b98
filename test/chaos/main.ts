import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type AppName, APPS } from '../../deploy/local/cluster/apps.js';
import { figuresText, reportRow } from './report/figures.js';
import { runChaos } from './run-chaos.js';

const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('not a whole number');
  return Number(text);
};
const apps = (text: string): AppName[] => {
  if (text === 'all') return [...APPS];
  const named = text.split(',').filter((name) => name !== 'none');
  const unknown = named.filter((name) => !(APPS as readonly string[]).includes(name));
  if (unknown.length > 0) throw new InvalidArgumentError(`${unknown.join(', ')} is none of ${APPS.join(', ')}`);
  return named as AppName[];
};

const wanted = new Command('chaos')
  .description('A cluster killed at will; at the end nothing is lost, nothing doubled, and the figures are printed.')
  .option('--seed <seed>', 'what everything follows from; default: a fresh one', wholeNumber)
  .option('--kills <count>', 'processes and servers killed or stopped', wholeNumber, 20)
  .option('--pairs <apps>', 'apps that run twice: all, none, or names separated by commas', apps, [...APPS])
  .option('--minutes <minutes>', 'go on with the next seeds for so long', wholeNumber, 0)
  .option('--clients <count>', 'callers at once', wholeNumber, 6)
  .option('--report <file>', 'append a row of a Markdown table for each seed')
  .option('--keep', 'keep data and logs also of runs without findings')
  .parse()
  .opts<{
    seed?: number;
    kills: number;
    pairs: AppName[];
    minutes: number;
    clients: number;
    report?: string;
    keep?: boolean;
  }>();

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const until = Date.now() + wanted.minutes * 60_000;
let seed = wanted.seed ?? Math.floor(Math.random() * 1_000_000);
do {
  const directory = await mkdtemp(join(tmpdir(), `lotline-chaos-${seed}-`));
  const { kills, pairs, clients } = wanted;
  const figures = await runChaos({ seed, kills, pairs, clients, directory, say });
  say(figuresText(figures));
  if (wanted.report !== undefined) await appendFile(wanted.report, `${reportRow(figures)}\n`);
  if (figures.findings.length === 0 && wanted.keep !== true) await rm(directory, { recursive: true, force: true });
  else say(`Everything is kept in ${directory} (trace.jsonl, ledger.jsonl, apps/*.log).`);
  if (figures.findings.length > 0) {
    say(
      `Replay: npm run chaos -- --seed ${seed} --kills ${kills} --pairs ${pairs.join(',') || 'none'} --clients ${clients}`,
    );
    process.exitCode = 1;
  }
  seed += 1;
} while (Date.now() < until);
