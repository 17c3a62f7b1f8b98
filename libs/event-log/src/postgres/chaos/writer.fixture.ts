import { createPostgresEventLog } from '../postgres-event-log.js';
import { plannedAppends } from './planned-appends.fixture.js';

interface Task {
  url: string;
  seed: number;
  appends: number;
  /** Where each of this process's writers begins. */
  from: Record<string, number>;
}

/** Some of the concurrent writers of one process; says `ack WRITER K POSITIONS` when the log has answered, then goes on. */
const { url, seed, appends, from } = JSON.parse(process.argv[2] ?? '') as Task;
const log = createPostgresEventLog({ connectionString: url });

const write = async (writer: number, begin: number): Promise<void> => {
  const planned = plannedAppends(seed, writer, appends);
  for (const [k, append] of planned.entries()) {
    if (k < begin) continue;
    const [result] = await log.append([append]);
    if (!result?.ok) throw new Error(`writer ${writer}, append ${k}: ${JSON.stringify(result)}`);
    process.stdout.write(`ack ${writer} ${k} ${result.recorded.map((one) => one.position).join(',')}\n`);
  }
};

await Promise.all(Object.entries(from).map(([writer, begin]) => write(Number(writer), begin)));
await log.close();
