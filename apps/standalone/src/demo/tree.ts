import { amountText, nameOf } from './words.js';

interface Flow {
  lot: string;
  amount: { value: string; unit: string } | null;
}

export interface Step {
  id: string;
  kind: string;
  eventTime: string;
  place: string | null;
  inputs: readonly Flow[];
  outputs: readonly Flow[];
}

const flows = (list: readonly Flow[]): string =>
  list.map(({ lot, amount }) => `${amountText(amount)} ${nameOf(lot)}`).join(' + ');

/**
 * The trace as a tree of lots and the transformations between them.
 * @param about what stands behind a lot's name.
 */
export const traceTree = (
  start: string,
  steps: readonly Step[],
  direction: 'back' | 'forward',
  about: (lot: string) => string,
): string => {
  const [near, far] = direction === 'forward' ? (['inputs', 'outputs'] as const) : (['outputs', 'inputs'] as const);
  const lines: string[] = [];
  const shown = new Set<string>();
  const show = (lot: string, indent: string): void => {
    if (shown.has(lot)) {
      lines.push(`${indent}${nameOf(lot)} (shown above)`);
      return;
    }
    shown.add(lot);
    lines.push(`${indent}${nameOf(lot)}${about(lot)}`);
    for (const step of steps.filter((s) => s[near].some((flow) => flow.lot === lot))) {
      const at = step.place === null ? '' : ` at ${nameOf(step.place)}`;
      lines.push(`${indent}└─ ${step.eventTime.slice(0, 10)}${at}: ${flows(step.inputs)} → ${flows(step.outputs)}`);
      for (const next of step[far]) show(next.lot, `${indent}   `);
    }
  };
  show(start, '  ');
  return lines.join('\n');
};
