import { Command } from 'commander';
import {
  createLogger,
  migrateDatabase,
  openKafkaConnection,
  raiseLogEpoch,
  readConfig,
  visitJobs,
  visitProjections,
  type LotlineConfig,
} from '#platform';
import { projectionCommands } from '#projections';
import { InstallationModule } from '../installation.module.js';
import { StandaloneModule } from '../standalone.module.js';
import { jobCommands } from './jobs/job-commands.js';
import { newKey } from './new-key.js';
import { topicCommands } from './topics/topic-commands.js';

export interface Terminal {
  env: Readonly<Record<string, string | undefined>>;
  print: (text: string) => void;
  setExitCode: (code: number) => void;
  serve: () => Promise<unknown>;
}

/** A tool needs the database, not an address to listen on. */
const configOf = ({ env }: Terminal): LotlineConfig =>
  readConfig({ ...env, HOST: '127.0.0.1', LOG_LEVEL: env.LOG_LEVEL ?? 'warn' });

const collect = (value: string, before: string[]): string[] => [...before, ...value.split(',')];

/** `npm run lotline -- …` */
export const program = (terminal: Terminal): Command => {
  const lotline = new Command('lotline').description('operates a Lotline installation');
  const logger = () => createLogger({ level: configOf(terminal).logLevel, name: 'cli' });

  lotline
    .command('serve')
    .description('serve all contexts in this process until it is told to stop')
    .action(async () => {
      await terminal.serve();
    });

  lotline
    .command('migrate')
    .description('bring the database up to date, for every app; safe to run again, and by several at once')
    .action(async () => {
      const ran = await migrateDatabase(InstallationModule, configOf(terminal), logger());
      terminal.print(ran.length === 0 ? 'The database is up to date.' : `Ran ${ran.join(', ')}.`);
    });

  lotline
    .command('restored')
    .description(
      'say that a backup was restored: the log enters a new epoch; then rebuild each read model and restart each reactor',
    )
    .action(async () => {
      const { logId, epoch } = await raiseLogEpoch(configOf(terminal), logger());
      terminal.print(
        `Log ${logId} is in epoch ${epoch}. Now rebuild each read model (projections rebuild NAME) and restart each reactor (projections restart NAME); "projections list" names them.`,
      );
    });

  lotline
    .command('key <name>')
    .description('make an API key for a caller')
    .option('-p, --permission <permission>', 'e.g. capture:write, *:read; repeat it or separate by commas', collect, [])
    .action((name: string, { permission }: { permission: string[] }) => {
      const { key, entry } = newKey(name, permission.length > 0 ? permission : ['*']);
      readConfig({ LOTLINE_API_KEYS: entry });
      terminal.print(`Key for the caller (shown once): ${key}\nEntry for LOTLINE_API_KEYS:      ${entry}`);
    });

  lotline.addCommand(
    projectionCommands(
      () => visitProjections(StandaloneModule, configOf(terminal), logger()),
      terminal.print,
      terminal.setExitCode,
    ),
  );
  lotline.addCommand(jobCommands(() => visitJobs(configOf(terminal), logger()), terminal.print));
  lotline.addCommand(
    topicCommands(() => {
      const config = configOf(terminal);
      return { kafka: openKafkaConnection(config, logger(), 'cli'), prefix: config.topicPrefix };
    }, terminal.print),
  );
  return lotline;
};
