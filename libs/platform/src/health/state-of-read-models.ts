import type { ProjectionState, Projections } from '../projections/projections.js';

const WORST: readonly ProjectionState['state'][] = ['needs-rebuild', 'paused', 'failing'];

/** Of those this process keeps, the worst; `down` where one does not exist yet. */
export const stateOfReadModels = async (
  projections: Projections,
): Promise<'up' | 'down' | Exclude<ProjectionState['state'], 'running'>> => {
  const own = new Set(projections.projectors().map(({ name }) => name));
  const states = (await projections.states()).filter(({ name }) => own.has(name));
  const worst = WORST.find((state) => states.some((each) => each.state === state));
  if (worst === undefined || worst === 'running') return states.length < own.size ? 'down' : 'up';
  return worst;
};
