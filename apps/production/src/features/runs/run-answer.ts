import type { DataOf, RunStarted } from '#contracts';
import type { Amount } from '#kernel';
import type { Production, Run, Transformation } from '../../domain/production.js';

export type RunAnswer = DataOf<typeof RunStarted> & {
  status: 'started' | 'completed';
  startedAt: string;
  completedAt?: string;
  consumed?: Amount[];
  produced?: Amount[];
  transformations: Transformation[];
};

export const runAnswer = (run: Run, { transformations }: Production): RunAnswer => ({
  ...run.started,
  status: run.completed ? 'completed' : 'started',
  startedAt: run.startedAt,
  ...(run.completed && { consumed: run.completed.consumed, produced: run.completed.produced }),
  ...(run.completedAt !== undefined && { completedAt: run.completedAt }),
  transformations: [...transformations.values()],
});
