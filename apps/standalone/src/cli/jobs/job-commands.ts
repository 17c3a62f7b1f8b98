import { Command } from 'commander';
import type { DeadJob, Jobs } from '#jobs';

type Visit = () => Promise<{ jobs: Jobs; close: () => Promise<void> }>;

/** A reason is an error's message, which may have several lines. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const deadText = (dead: readonly DeadJob[]): string => {
  const rows = [
    ['QUEUE', 'KEY', 'ATTEMPTS', 'FAILED AT', 'REASON'],
    ...dead.map((job) => [
      job.queue,
      job.key,
      String(job.attempts),
      job.failedAt.toISOString(),
      oneLine(job.reason).slice(0, 200),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lineOf = (row: readonly string[]): string => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => lineOf(row).trimEnd()).join('\n');
};

/**
 * `jobs dead|retry|discard` for operators: jobs that failed too often and wait for a decision.
 * @param visit opens the queue's server; it is closed after the command.
 */
export const jobCommands = (visit: Visit, print: (text: string) => void): Command => {
  const command = new Command('jobs').description(
    'jobs that failed too often: list them, try them again, give them up',
  );

  const using = async (work: (jobs: Jobs) => Promise<string>): Promise<void> => {
    const { jobs, close } = await visit();
    try {
      print(await work(jobs));
    } finally {
      await close();
    }
  };

  command
    .command('dead')
    .description('list dead jobs with the reason of the last failure, latest first')
    .option('-q, --queue <queue>', 'of this queue only')
    .action(({ queue }: { queue?: string }) =>
      using(async (jobs) => {
        const dead = await jobs.dead(queue);
        return dead.length === 0 ? 'No job is dead.' : deadText(dead);
      }),
    );

  command
    .command('retry <queue> <key>')
    .description('run a dead job again, with all its attempts')
    .action((queue: string, key: string) =>
      using(async (jobs) => {
        await jobs.retry(queue, key);
        return `${key} of ${queue} is run again.`;
      }),
    );

  command
    .command('discard <queue> <key>')
    .description('take a dead job off the list; what it was about stays, and may wake it again')
    .action((queue: string, key: string) =>
      using(async (jobs) => {
        await jobs.discard(queue, key);
        return `${key} of ${queue} was taken off the list.`;
      }),
    );

  return command;
};
