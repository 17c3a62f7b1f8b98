import { Command, InvalidArgumentError, Option } from 'commander';
import { allKinds, withErrors } from '../errors/with-errors.js';
import type { InjectedError } from '../errors/label.js';
import { eventOf, type Sent } from '../event.js';
import { play, PlayFailed } from '../play.js';
import { simulate } from '../simulate.js';
import { truthText } from '../truth/truth-text.js';
import { epcisDocument } from '../world/master-data.js';
import { SIZES, type Size } from '../world/sizes.js';
import { eventLines, requestLines, writeText } from './write.js';

interface Asked {
  seed: number;
  size: Size;
  days?: number;
  out?: string;
  as: 'events' | 'requests';
  url?: string;
  key?: string;
  rate?: number;
  batch: number;
  truth?: string;
  errors: number;
  errorSeed?: number;
}

export interface Terminal {
  print: (text: string) => void;
}

const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || !/^\d+$/.test(text))
      throw new InvalidArgumentError(`A whole number, ${least} or more.`);
    return value;
  };

const share = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('A share from 0 to 1.');
  return value;
};

const address = (text: string): string => {
  if (!/^https?:\/\/./.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('An address, http://host:port.');
  return text;
};

/** Every so many events something is said, so that a long run shows that it goes on. */
const SAID_EVERY = 100_000;

const run = async (asked: Asked, { print }: Terminal): Promise<void> => {
  const { seed, size, out, url } = asked;
  const simulation = simulate({ seed, size, ...(asked.days !== undefined && { days: asked.days }) });
  const erring =
    asked.errors === 0 ? undefined : withErrors(simulation, asked.errorSeed ?? seed, allKinds(asked.errors));
  const { world, truth, days } = simulation;
  let count = 0;
  const events = function* (): Generator<Sent, void> {
    for (const act of (erring ?? simulation).acts) {
      yield eventOf(world, act);
      count += 1;
      if (count % SAID_EVERY === 0) print(`${count} events`);
    }
  };
  if (out !== undefined) {
    await writeText(`${out}.master-data.json`, [JSON.stringify(epcisDocument(world, [], true))]);
    await writeText(out, asked.as === 'events' ? eventLines(events()) : requestLines(world, events(), asked.batch));
    print(`${count} events of ${days} days in ${out}, master data in ${out}.master-data.json`);
  }
  if (url !== undefined) {
    const { key, rate, batch } = asked;
    const { recorded, duplicates, refused, position } = await play(world, events(), {
      ...{ url, batch },
      ...(key !== undefined && { key }),
      ...(rate !== undefined && { rate }),
    });
    print(`${count} events sent: ${recorded} recorded, ${duplicates} known before, ${refused.length} refused`);
    if (position !== '') print(`Reads with minPosition=${position} see all of them.`);
    if (refused.length > 0) throw new PlayFailed(JSON.stringify(refused.slice(0, 5), null, 1));
  }
  const file = asked.truth ?? (out === undefined ? undefined : `${out}.truth.json`);
  if (file === undefined) return;
  const errors: InjectedError[] = erring?.errors() ?? [];
  await writeText(file, truthText(truth, { days, errors, exposure: size !== 'large' }));
  print(`The truth about ${truth.lots.count} lots in ${file}`);
};

/** `npm run simulate -- …` (docs/simulator.md). */
export const program = (terminal: Terminal): Command =>
  new Command('simulate')
    .description('the reports of a food manufacturer and its wholesaler, and what really happened there')
    .requiredOption('--seed <n>', 'the same seed gives the same plant', wholeNumber(0))
    .addOption(
      new Option('--size <size>', 'about 1,000, 100,000 or 10,000,000 events')
        .choices(Object.keys(SIZES))
        .default('small'),
    )
    .option('--days <n>', 'days to simulate; default: 30, 180, 365 by size', wholeNumber(1))
    .option(
      '--out <file>',
      'write the events there, the truth to FILE.truth.json, master data to FILE.master-data.json',
    )
    .addOption(
      new Option('--as <form>', 'with --out: an event a line, or the body of a request a line')
        .choices(['events', 'requests'])
        .default('events'),
    )
    .option('--url <url>', 'play them to a running Lotline', address)
    .addOption(new Option('--key <key>', 'with --url: its API key').env('LOTLINE_KEY'))
    .option('--rate <n>', 'with --url: events a second at most', wholeNumber(1))
    .option('--batch <n>', 'events in a request', wholeNumber(1), 500)
    .option('--truth <file>', 'where the truth is written')
    .option('--errors <share>', 'share of reports that each kind of error is tried on, from 0 to 1', share, 0)
    .option('--error-seed <n>', 'another seed for the errors; default: that of the plant', wholeNumber(0))
    .action(async (asked: Asked, command: Command) => {
      if ((asked.out === undefined) === (asked.url === undefined))
        command.error('error: say either --out FILE or --url URL, where the events go');
      await run(asked, terminal);
    });
