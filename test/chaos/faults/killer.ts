import type { Fault } from '../plan/fault.js';
import type { Trace } from '../report/trace.js';
import { disturb, type Disturbed } from './disturb.js';

export interface KillerOptions {
  faults: readonly Fault[];
  disturbed: Disturbed;
  trace: Trace;
  /** Resolves when clients have been answered so many times more (or nobody asks any more). */
  answered: (times: number) => Promise<void>;
  /** Told of each fault as it begins, and called back when it is over. */
  began: (fault: Fault, index: number) => () => void;
}

/** One that is at it already is not disturbed again before it is over: what is dead cannot be killed. */
const targetOf = (fault: Fault): string | undefined => ('target' in fault ? fault.target : undefined);

/** Disturbs in the order of the plan; what takes its time goes on while the next begins. Resolves when all is over. */
export const killAtWill = async ({ faults, disturbed, trace, answered, began }: KillerOptions): Promise<void> => {
  const under = new Map<string, Promise<void>>();
  const all: Promise<void>[] = [];
  for (const [index, fault] of faults.entries()) {
    await answered(fault.after);
    const target = targetOf(fault);
    if (target !== undefined) await under.get(target);
    trace.note('fault', { index, ...fault });
    const over = began(fault, index);
    const done = disturb(disturbed, fault, index).then(() => {
      trace.note('fault over', { index });
      over();
    });
    if (target !== undefined) under.set(target, done);
    all.push(done);
  }
  await Promise.all(all);
};
