import { describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

// Without type information, because the files named below need not exist.
const eslint = new ESLint({
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
  ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-imports',
});

const refusals = async (filePath: string, source: string): Promise<string[]> => {
  const [result] = await eslint.lintText(`import { x } from '${source}';\nexport const y = x;\n`, { filePath });
  return (result?.messages ?? []).filter((m) => m.ruleId === 'no-restricted-imports').map((m) => m.message);
};

describe('layer rules', () => {
  it.each([
    ['apps/shipping/src/shipping.module.ts', '../../inventory/src/inventory.module.js'],
    ['apps/shipping/src/shipping.module.ts', '../../../apps/inventory/src/inventory.module.js'],
    ['apps/shipping/src/main.ts', '../../standalone/src/main.js'],
    ['libs/kernel/src/index.ts', '../../../apps/capture/src/main.js'],
    ['libs/event-log/src/index.ts', '../../../apps/capture/src/main.js'],
    ['apps/inventory/src/domain/index.ts', 'pg'],
    ['apps/inventory/src/domain/index.ts', '@nestjs/common'],
    ['apps/inventory/src/domain/index.ts', 'node:fs'],
    ['apps/inventory/src/domain/index.ts', '#event-log'],
    ['apps/inventory/src/domain/index.ts', '../features/holds/hold.controller.js'],
    ['libs/traceability/src/ledger/index.ts', 'pg'],
    ['libs/kernel/src/index.ts', '@nestjs/common'],
    ['libs/webhooks/src/index.ts', '@nestjs/common'],
    ['libs/webhooks/src/index.ts', '#platform'],
    ['libs/event-log/src/postgres/index.ts', '../eventstoredb/index.js'],
    ['libs/event-bus/src/log-tail/index.ts', '../kafka/index.js'],
    ['libs/simulator/src/truth/exposure.ts', '#traceability'],
    ['libs/simulator/src/truth/exposure.ts', '../../../traceability/src/trace/exposure.js'],
    ['libs/simulator/src/simulate.ts', '../../../apps/capture/src/main.js'],
  ])('%s may not import %s', async (file, source) => {
    expect(await refusals(file, source)).toHaveLength(1);
  });

  it.each([
    ['apps/standalone/src/main.ts', '../../inventory/src/inventory.module.js'],
    ['apps/shipping/src/shipping.module.ts', '#platform'],
    ['apps/inventory/src/domain/index.ts', '#kernel'],
    ['apps/inventory/src/domain/index.ts', './hold.js'],
    ['apps/inventory/src/features/holds/hold.controller.ts', '../../domain/hold.js'],
    ['libs/traceability/src/store/index.ts', 'pg'],
    ['libs/event-log/src/postgres/index.ts', '../port.js'],
    ['libs/simulator/src/world/keys.ts', '#kernel'],
  ])('%s may import %s', async (file, source) => {
    expect(await refusals(file, source)).toEqual([]);
  });
});
