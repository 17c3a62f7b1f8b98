import { Command, InvalidArgumentError } from 'commander';
import type { ParkedChoice, ProjectionOperations } from '../operations.js';
import { type ConsumerStatus } from './list.js';
import type { RebuildReport } from './rebuild.js';

/** Opens what the commands need, for one of them; `close` lets go of it. */
export type OpenOperations = () => Promise<{ operations: ProjectionOperations; close: () => Promise<void> }>;

/** Columns as wide as their widest cell. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

export const statusText = (statuses: readonly ConsumerStatus[]): string =>
  table(
    ['NAME', 'VERSION', 'TABLES', 'STATUS', 'STATE', 'POSITION', 'LAG', 'PARKED', 'WHY'],
    statuses.map((s) => [
      s.name,
      s.kind === 'reactor' ? '-' : String(s.version),
      s.kind === 'reactor' ? '(reactor)' : s.consumer,
      s.status,
      s.state,
      s.position || '-',
      s.behind ? `${s.lagSeconds.toFixed(1)} s` : 'none',
      String(s.parked),
      s.reason ?? '',
    ]),
  );

export const reportText = (report: RebuildReport): string => {
  const before = new Map(report.before.tables.map((t) => [t.table, t]));
  const names = [...new Set([...before.keys(), ...report.after.tables.map((t) => t.table)])].sort();
  const after = new Map(report.after.tables.map((t) => [t.table, t]));
  const tables = table(
    ['TABLE', `ROWS IN ${report.before.schema}`, `ROWS IN ${report.schema}`, 'CHECKSUMS'],
    names.map((name) => [
      name,
      String(before.get(name)?.rows ?? '-'),
      String(after.get(name)?.rows ?? '-'),
      before.size === 0 ? '-' : before.get(name)?.checksum === after.get(name)?.checksum ? 'equal' : 'different',
    ]),
  );
  const differences = report.differences.map(
    (d) => `${d.table} row ${d.row}\n  before ${JSON.stringify(d.before)}\n  after  ${JSON.stringify(d.after)}`,
  );
  const verdict = {
    switched: `Readers see ${report.schema} from now on.`,
    ready: `${report.schema} is ready; "projections accept ${report.projection}" lets readers see it.`,
    failed: `Nothing was switched: ${report.broken.join('; ') || 'the new tables differ from the old ones'}.`,
  }[report.outcome];
  return [`Compared at position ${report.position}`, tables, report.notCompared ?? '', ...differences, verdict]
    .filter((part) => part !== '')
    .join('\n\n');
};

const uuid = (text: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw new InvalidArgumentError('not an event id');
  return text;
};

const choiceOf = ({ event, stream }: { event?: string; stream?: string }): ParkedChoice => {
  if (event !== undefined) return { eventId: event };
  if (stream !== undefined) return { stream };
  throw new InvalidArgumentError('name what is parked by --event ID or --stream NAME');
};

/**
 * `projections list|rebuild|accept|rollback|retire|parked|retry|discard` for operators.
 * @param print one call a message. @param setExitCode 1 where what was asked for did not come about.
 */
export const projectionCommands = (
  open: OpenOperations,
  print: (text: string) => void,
  setExitCode: (code: number) => void,
): Command => {
  const projections = new Command('projections').description('the read models: state, rebuilds, parked events');
  const using = async (work: (operations: ProjectionOperations) => Promise<void>): Promise<void> => {
    const { operations, close } = await open();
    try {
      await work(operations);
    } finally {
      await close();
    }
  };

  projections
    .command('list')
    .description('every read model and reactor with its state, position and lag')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) =>
      using(async (operations) => {
        const statuses = await operations.list();
        print(json ? JSON.stringify(statuses, null, 2) : statusText(statuses));
      }),
    );

  projections
    .command('rebuild <name>')
    .description('build a read model anew beside the live one, compare, and switch where nothing differs')
    .option('--as-version <n>', 'default: the newest this release knows', Number)
    .action((name: string, { asVersion }: { asVersion?: number }) =>
      using(async (operations) => {
        const report = await operations.rebuild(name, asVersion === undefined ? {} : { version: asVersion });
        print(reportText(report));
        if (report.outcome === 'failed') setExitCode(1);
      }),
    );

  for (const [verb, says] of [
    ['accept', 'let readers see the new version that is ready'],
    ['rollback', 'let readers see again what they saw before'],
  ] as const)
    projections
      .command(`${verb} <name>`)
      .description(says)
      .action((name: string) =>
        using(async (operations) => {
          const { from, to, position } = await operations[verb](name);
          print(`Readers see ${to} instead of ${from}, from position ${position || '(beginning)'} on.`);
        }),
      );

  projections
    .command('restart <reactor>')
    .description('let a reactor handle the log again from its beginning, after a backup was restored')
    .action((reactor: string) =>
      using(async (operations) => {
        await operations.restart(reactor);
        print(`${reactor} starts again.`);
      }),
    );

  projections
    .command('retire <name> <tables>')
    .description('drop tables that readers no longer see')
    .action((name: string, tables: string) =>
      using(async (operations) => {
        await operations.retire(name, tables);
        print(`${tables} is dropped.`);
      }),
    );

  projections
    .command('parked [name]')
    .description('events that read models go without for now')
    .option('--json', 'as JSON')
    .action((name: string | undefined, { json }: { json?: boolean }) =>
      using(async (operations) => {
        const rows = await operations.parked(name === undefined ? {} : { projection: name });
        if (json) print(JSON.stringify(rows, null, 2));
        else
          print(
            table(
              ['TABLES', 'EVENT', 'TYPE', 'STREAM', 'SINCE', 'TRIES', 'WHY'],
              rows.map((row) => [
                row.schema,
                row.eventId,
                row.type,
                row.stream,
                row.firstParked.toISOString(),
                String(row.attempts),
                row.error,
              ]),
            ),
          );
      }),
    );

  for (const [verb, says, done] of [
    ['retry', 'apply all that is parked of a stream once more, together or not at all', 'retried'],
    ['discard', 'give parked events up: the one named, or all of the stream', 'discarded'],
  ] as const)
    projections
      .command(`${verb} <name>`)
      .description(says)
      .option('--event <id>', 'one of the parked events', uuid)
      .option('--stream <name>', 'the stream they are in')
      .requiredOption('--reason <text>', 'kept in the log')
      .action((name: string, options: { event?: string; stream?: string; reason: string }) =>
        using(async (operations) => {
          const outcome = await operations[verb](name, choiceOf(options), { reason: options.reason });
          const open = outcome.events.filter(({ status }) => status === 'parked');
          print(
            outcome.carriedOut
              ? table(
                  ['EVENT', 'STATUS', 'TRIES', 'WHY'],
                  outcome.events.map((e) => [
                    e.eventId,
                    e.status,
                    String(e.attempts),
                    e.status === 'parked' ? e.error : '',
                  ]),
                )
              : `Recorded at ${outcome.position}; it will be ${done} when a worker gets there.`,
          );
          if (verb === 'retry' && outcome.carriedOut && open.length > 0) setExitCode(1);
        }),
      );
  return projections;
};
