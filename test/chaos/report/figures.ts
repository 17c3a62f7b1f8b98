import type { Count } from '../load/said.js';
import type { Fault } from '../plan/fault.js';

/** What a run was and what came of it. */
export interface Figures {
  seed: number;
  processes: number;
  events: number;
  facts: number;
  stories: number;
  counts: Readonly<Record<Count, number>>;
  faults: readonly Fault[];
  ownEnds: number;
  alerts: number;
  decisions: number;
  /** Dispatches whose lot was held between the issue and the record of the dispatch: given out before, so not refused. */
  betweens: number;
  models: number;
  refusedRecords: number;
  recoveries: ReadonlyMap<string, readonly number[]>;
  /** Consumers that were behind and did not move for more than a minute. */
  standstills: readonly (readonly [name: string, ms: number])[];
  seconds: number;
  settleSeconds: number;
  findings: readonly string[];
}

const nameOf = (fault: Fault): string =>
  'target' in fault
    ? `${fault.kind} ${fault.target.replace(/-\d+$/, '')}`
    : 'server' in fault
      ? `${fault.kind} link to ${fault.server}`
      : 'flush redis';
export { nameOf as faultName };

const counted = (names: readonly string[]): string =>
  [...new Set(names)]
    .sort()
    .map((name) => `${name} ${names.filter((one) => one === name).length}`)
    .join(', ');

const middle = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? 0;
const inSeconds = (ms: number): string => (ms / 1000).toFixed(1);

const isKill = ({ kind }: Fault): boolean => kind === 'kill' || kind === 'stop';

export const recoveryOf = ({ recoveries }: Figures): { median: number; longest: number } => {
  const all = [...recoveries.values()].flat().sort((a, b) => a - b);
  return { median: middle(all), longest: all.at(-1) ?? 0 };
};

/** For people, as it is printed at the end of a run. */
export const figuresText = (figures: Figures): string => {
  const { counts, faults } = figures;
  const lines = [
    `seed ${figures.seed} (${figures.processes} processes, ${figures.seconds.toFixed(0)} s): ${
      figures.findings.length === 0 ? 'nothing lost, nothing doubled' : `${figures.findings.length} FINDINGS`
    }`,
    `  log          ${figures.events} events, ${figures.facts} of them facts; ${counts.acknowledged} requests acknowledged, ${counts.refused} refused by rule`,
    `  requests     ${counts.requests}, retries ${counts.retries}, sent twice on purpose ${counts.duplicates}, answered 500 ${counts.errors500}; ${figures.stories} stories`,
    `  faults       ${counted(faults.map(nameOf))}`,
    `  ended alone  ${figures.ownEnds}`,
    `  stock        ${figures.decisions} decisions re-derived; ${figures.betweens} dispatches recorded after a hold that came after their issue`,
    `  read models  ${figures.models} rebuilt and compared, twice`,
    `  alerts       ${figures.alerts} in the log; refused records ${figures.refusedRecords}`,
    `  lag zero     ${figures.settleSeconds.toFixed(1)} s after the last fault`,
    `  recovery     ${[...figures.recoveries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, all]) => `${name} ${all.map(inSeconds).join(' ')}`)
      .join('; ')} (s until everything that was recorded before the fault was applied)`,
    `  stood still  ${figures.standstills.map(([name, ms]) => `${name} ${inSeconds(ms)}`).join('; ') || 'nobody for more than a minute'}`,
    ...figures.findings.map((finding) => `  FINDING ${finding}`),
  ];
  return lines.join('\n');
};

export const REPORT_HEAD = `| seed | kills and stops | other faults | events | requests | retries | alerts | recovery median / longest (s) | lag zero after (s) | findings |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |`;

/** One row of the table in docs/chaos.md. */
export const reportRow = (figures: Figures): string => {
  const { median, longest } = recoveryOf(figures);
  const kills = figures.faults.filter(isKill).length;
  return `| ${[
    figures.seed,
    kills,
    figures.faults.length - kills,
    figures.events,
    figures.counts.requests,
    figures.counts.retries,
    figures.alerts,
    `${inSeconds(median)} / ${inSeconds(longest)}`,
    figures.settleSeconds.toFixed(1),
    figures.findings.length,
  ].join(' | ')} |`;
};
