import { isSameLog } from '#event-log';
import type { PoolClient } from 'pg';
import { bringTo, highest, lowest } from '../engine/bring-to.js';
import { inTransaction } from '../store/transaction.js';
import { activate, type Build, dropBuild, lockProjection, readBuilds } from '../store/builds.js';
import { lockCheckpoints, raiseCheckpoints } from '../store/checkpoints.js';
import { publishViews } from '../store/public-views.js';
import { activeOf, asRefusal, type OperationsOptions, projectorOf, refuse } from './deps.js';

export interface Switched {
  projection: string;
  from: string;
  to: string;
  version: number;
  /** Readers see nothing older than this. */
  position: string;
}

/** So long after a switch a reader may still use the name it looked up before. */
const READERS_GRACE_MS = 10_000;

/** Brings a live build up to where readers are, so that no read goes back in time. */
const catchUp = async (
  client: PoolClient,
  { log, projectors, partitionOf }: OperationsOptions,
  target: Build,
  atLeast: string,
): Promise<string> => {
  const rows = await lockCheckpoints(client, target.schema);
  const identity = await log.identity();
  if (!rows.every((row) => isSameLog(row.log, identity)))
    throw refuse('other-epoch', `${target.schema} was built on another log or epoch`);
  if (lowest(rows) >= atLeast) return lowest(rows);
  const projector = projectorOf(projectors, target.projection, target.version);
  if (!projector)
    throw refuse('version-unknown', `${target.schema} is behind and this release has no version ${target.version}`);
  const upTo = highest(rows) > atLeast ? highest(rows) : atLeast;
  const policy = { kind: 'careful', streak: { failures: 0, limit: 10 } } as const;
  const recordTime = await bringTo({ client, log, build: target, projector, policy }, rows, partitionOf, upTo);
  await raiseCheckpoints(client, target.schema, upTo, recordTime);
  return upTo;
};

/** Lets readers see another live build from one commit on. */
export const switchBuild = (
  options: OperationsOptions,
  projection: string,
  choose: (builds: Build[], previous: string | null) => Build | undefined,
  none: string,
): Promise<Switched> =>
  inTransaction(options.pool, async (client) => {
    await lockProjection(client, projection);
    const active = await activeOf(client, projection);
    const target = choose(await readBuilds(client, projection, ['ready', 'standby']), active.previous);
    if (!target) throw refuse('nothing-to-switch-to', none);
    const projector = projectorOf(options.projectors, projection, target.version);
    if (projector) await publishViews(client, target, projector);
    const readersAt = highest(await lockCheckpoints(client, active.schema));
    const position = await catchUp(client, options, target, readersAt).catch((error: unknown) => {
      throw asRefusal(error);
    });
    await activate(client, target);
    return { projection, from: active.schema, to: target.schema, version: target.version, position };
  });

/** Drops a build that readers no longer see. @throws LotlineError (422) while readers see it or may still. */
export const retireBuild = (
  options: OperationsOptions,
  projection: string,
  schema: string,
  graceMs = READERS_GRACE_MS,
) =>
  inTransaction(options.pool, async (client) => {
    await lockProjection(client, projection);
    await activeOf(client, projection);
    const build = (await readBuilds(client, projection)).find((b) => b.schema === schema && b.status !== 'retired');
    if (!build) throw refuse('build-unknown', `"${projection}" has no build ${schema}`);
    if (build.status === 'active') throw refuse('build-active', `readers see ${schema}`);
    if (build.status === 'building') throw refuse('build-building', `${schema} is being built`);
    if (build.status === 'standby' && Date.now() - build.changedAt.getTime() < graceMs)
      throw refuse(
        'just-switched',
        `readers may still use ${schema}; try again in ${Math.ceil(graceMs / 1000)} seconds`,
      );
    await lockCheckpoints(client, schema);
    await dropBuild(client, schema);
  });
