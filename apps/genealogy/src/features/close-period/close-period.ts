import { PERIODS_STREAM } from '#contracts';
import type { EventLog } from '#event-log';
import { LotlineError, type Clock } from '#kernel';
import { commandContext, expectedRevision, handleCommand, type LotlineConfig, type Projections } from '#platform';
import { parkedAbout } from '#traceability';
import { periodDecider, refuseUnlessClosable, type ClosePeriod, type ClosedPeriod } from '../../domain/period.js';
import { freezeFigures, type FrozenRow } from '../../periods/frozen-figures.js';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { periodAsked } from '../../periods/asked-period.js';
import { readPrices } from '../../periods/balance-row.js';
import { readFigures } from '../../periods/read-figures.js';
import { endOf, type Period, type PlaceWindow, readWindows } from '../../periods/site-windows.js';

export interface ClosingDeps {
  log: EventLog;
  reader: GenealogyReader;
  projections: Pick<Projections, 'waitFor'>;
  clock: Clock;
  config: Pick<LotlineConfig, 'timeZone' | 'ownParties' | 'minPositionWaitMs'>;
}

/** The last moment at which the period ends at any site, and where nobody knows which. */
const endedAt = (period: Period, windows: readonly PlaceWindow[], timeZone: string): string =>
  [...new Set([timeZone, ...windows.map((w) => w.timeZone)])]
    .map((zone) => endOf(period, zone).toISOString())
    .sort()
    .at(-1) ?? '';

/** All that the log has must be in the figures: what is recorded later is a correction. */
const waitForAll = async ({ log, projections, config }: ClosingDeps): Promise<void> => {
  const head = await log.head();
  const { reached, position } = await projections.waitFor(GENEALOGY, head, config.minPositionWaitMs);
  if (!reached)
    throw new LotlineError('behind', 'read-model-behind', `${GENEALOGY} has not reached ${head}`, [], {
      ...{ projection: GENEALOGY, position, retryAfter: 1 },
    });
};

const computed = async (
  deps: ClosingDeps,
  period: Period,
  now: string,
): Promise<{ rows: FrozenRow[]; knownAt: string; complete: boolean; ended: string }> => {
  const { log, reader, config } = deps;
  const closed = (
    (await log.readStream(PERIODS_STREAM)) as unknown as Parameters<typeof periodDecider.evolve>[1][]
  ).reduce(periodDecider.evolve, periodDecider.initialState());
  return reader.read(async ({ client, schema, position }) => {
    const windows = await readWindows(client, schema, period, config);
    const ended = endedAt(period, windows, config.timeZone);
    // Refused before anything dear is done.
    refuseUnlessClosable(closed, { ...period, ended, now });
    const rows = await readFigures(client, schema, windows);
    const zones = new Map(windows.map(({ site, timeZone }) => [site, timeZone]));
    const priceOf = await readPrices(
      { client, schema },
      rows.map(({ item }) => item),
    );
    return {
      ...{ knownAt: position, ended, complete: (await parkedAbout(client, schema, null)).length === 0 },
      rows: rows.map((row): FrozenRow => {
        const price = priceOf(row.item, row.dimension);
        return { ...row, timeZone: zones.get(row.site) ?? config.timeZone, ...(price && { price }) };
      }),
    };
  });
};

/**
 * Closes a period: its figures are computed from all that the log has, recorded, and named by the event that closes it.
 * @throws LotlineError `period-refused` (422), `invalid-request` (400), `read-model-behind` (503).
 */
export const closePeriod = async (
  deps: ClosingDeps,
  asked: { from: string; to: string; why: string },
): Promise<{ closed: ClosedPeriod; revision: number }> => {
  const { log, clock } = deps;
  const period = periodAsked(asked);
  const context = commandContext();
  const command = async (): Promise<ClosePeriod> => {
    await waitForAll(deps);
    const now = clock().toISOString();
    const { rows, knownAt, complete, ended } = await computed(deps, period, now);
    const frozen = await freezeFigures(log, rows, { knownAt, now, context });
    return { type: 'close', ...period, why: asked.why, ended, now, frozen: { ...frozen, knownAt, complete } };
  };
  const { state, revision } = await handleCommand({
    ...{ log, stream: PERIODS_STREAM, decider: periodDecider, command, source: 'lotline/genealogy', context },
    expected: expectedRevision(),
  });
  const closed = state.find(({ from, to }) => from === period.from && to === period.to);
  if (closed === undefined) throw new Error('the period that was closed is not among the closed ones');
  return { closed, revision };
};
