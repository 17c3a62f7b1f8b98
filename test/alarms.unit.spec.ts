import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const alarms = readFileSync(join(root, 'deploy/prometheus/alerts.yml'), 'utf8');
const found = (pattern: RegExp): string[] => [...new Set([...alarms.matchAll(pattern)].map(([, name = '']) => name))];

it('alarms ask for figures that the product has', () => {
  const sources = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root, exclude: (name) => name.endsWith('.spec.ts') })
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  const asked = found(/\b(lotline_[a-z_]+?)(?:_count|_sum|_bucket)?\b/g);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
});

it('each alarm names a runbook that is there', () => {
  expect(alarms.match(/- alert:/g)).toHaveLength(alarms.match(/ runbook: /g)?.length ?? 0);
  for (const runbook of found(/ runbook: (\S+)/g))
    expect([runbook, existsSync(join(root, runbook))]).toEqual([runbook, true]);
});
