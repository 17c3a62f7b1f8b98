import type { EventLog } from '#event-log';
import { LotlineError, uuidFromName } from '#kernel';
import { failedOf } from '../../domain/inspection/inspection.js';
import type { Inspection } from '../../domain/inspection/inspection.js';
import type { Plan } from '../../domain/inspection/plan.js';
import { nonconformanceDecider, nonconformanceStream } from '../../domain/nonconformance.js';
import { handleCommand } from '#platform';

/**
 * Opens the nonconformance of an inspection that failed, once: its id follows from lot and inspection. Whatever fails later
 * under the same inspection belongs to it.
 * @returns its id; undefined where nothing failed.
 */
export const openFailed = async (
  log: EventLog,
  { lot, inspection: id, now }: { lot: string; inspection: string; now: string },
  inspection: Inspection,
  plan: Plan,
): Promise<string | undefined> => {
  const failed = failedOf(plan, inspection, 'failed');
  if (failed.length === 0) return undefined;
  const nonconformance = `inspection:${uuidFromName(`nonconformance:${lot}\n${id}`)}`;
  const stream = nonconformanceStream(nonconformance);
  if ((await log.readStream(stream, { max: 1 })).length > 0) return nonconformance;
  const said = failed.map((f) => `${f.message}: ${String(f.found)} where ${f.expected} is good`).join('; ');
  try {
    await handleCommand({
      log,
      stream,
      decider: nonconformanceDecider,
      command: {
        type: 'open',
        opening: {
          nonconformance,
          description: said.slice(0, 2_000),
          severity: 'major',
          lot,
          inspection: id,
          ...(plan.supplier !== undefined && { party: plan.supplier }),
        },
        now,
      },
      source: 'lotline/inventory',
    });
  } catch (error) {
    // Other results of the same inspection opened it meanwhile.
    if (!(error instanceof LotlineError) || error.code !== 'nonconformance-exists') throw error;
  }
  return nonconformance;
};
