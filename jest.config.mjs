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

/** A test's kind is its suffix: unit (pure), int (one real server), e2e (the composed product over HTTP), long (fresh seeds). */
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

export default {
  testTimeout: 120_000,
  projects: [kind('unit'), kind('int', withPostgres), kind('e2e', withPostgres), kind('long', withPostgres)],
};
