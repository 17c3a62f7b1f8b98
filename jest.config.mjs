import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^#([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};

/**
 * A test's kind is its suffix: unit (pure), int (a real PostgreSQL), cluster (a real Kafka and Redis too), e2e (the composed product over HTTP), long
 * (fresh seeds).
 */
const kind = (name, extra = {}) => ({
  ...shared,
  displayName: name,
  testMatch: [`<rootDir>/{apps,libs,test}/**/*.${name}.spec.ts`],
  ...extra,
});

const withPostgres = {
  globalSetup: '<rootDir>/libs/testkit/src/jest/start-postgres.mjs',
  globalTeardown: '<rootDir>/libs/testkit/src/jest/stop-postgres.mjs',
};

const withServers = {
  testEnvironment: '<rootDir>/libs/testkit/src/jest/cluster-environment.mjs',
  globalSetup: '<rootDir>/libs/testkit/src/jest/start-servers.mjs',
  globalTeardown: '<rootDir>/libs/testkit/src/jest/stop-servers.mjs',
};

export default {
  // Most suites wait for servers: with one worker, which is what two processors would give, the second would idle.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testTimeout: 120_000,
  projects: [
    kind('unit'),
    kind('int', withPostgres),
    kind('cluster', withServers),
    kind('e2e', withPostgres),
    kind('long', withPostgres),
  ],
};
