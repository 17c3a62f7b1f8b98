import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

const APPS = 'capture|production|inventory|shipping|recalls|genealogy|expiry|relay|standalone';
const fromApps = {
  regex: `^(\\.\\./)+(apps/)?(${APPS})/|^#apps/`,
  message: 'Apps depend on libs only; a context is reached by its events or its public API.',
};
const impure = {
  regex: '^(?!\\.{1,2}/|#kernel$|#contracts$|#traceability$)|/features/|\\.module\\.js$',
  message: 'domain/ is pure: it may import #kernel, #contracts, #traceability and its own files only.',
};
const infrastructure = {
  regex:
    '^(@nestjs/|pg$|typeorm|fastify|kafkajs|bullmq|ioredis|@eventstore/|#platform$|#event-log$|#event-bus$|#projections$)',
  message: 'This library is pure: no framework, no I/O.',
};
const nestGlue = { regex: '^(@nestjs/|#platform$)', message: 'What is of Nest is in libs/platform.' };
const appsFromLibs = { regex: '(^|/)apps/', message: 'Libraries know nothing of apps.' };
const fromProduct = {
  regex: '^#(?!kernel$)|^(\\.\\./)+[a-z-]+/src/|(^|/)apps/',
  message: 'The simulator knows nothing of what it is to test but the keys and numbers of the kernel.',
};
const adapterOf = (port, adapters) =>
  adapters.map((adapter) => ({
    files: [`libs/${port}/src/${adapter}/**/*.ts`],
    rules: restrict(appsFromLibs, {
      regex: `^(\\.\\./)+(${adapters.filter((other) => other !== adapter).join('|')})/`,
      message: 'Adapters of a port never import each other.',
    }),
  }));

export default defineConfig(
  globalIgnores(['dist/**', 'node_modules/**', 'coverage/**', '.lotline/**']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Nest modules are classes that only carry a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-console': 'error',
    },
  },
  // The three layer rules (docs/architecture.md); test/layer-rules.unit.spec.ts proves that they bite.
  { files: ['libs/**/*.ts'], rules: restrict(appsFromLibs) },
  { files: ['apps/**/*.ts'], ignores: ['apps/standalone/**'], rules: restrict(fromApps) },
  { files: ['apps/*/src/domain/**/*.ts'], ignores: ['**/*.spec.ts'], rules: restrict(impure, fromApps) },
  {
    files: ['libs/kernel/src/**/*.ts', 'libs/contracts/src/**/*.ts', 'libs/traceability/src/**/*.ts'],
    ignores: ['libs/traceability/src/store/**', '**/*.spec.ts'],
    rules: restrict(infrastructure, appsFromLibs),
  },
  { files: ['libs/webhooks/src/**/*.ts'], ignores: ['**/*.spec.ts'], rules: restrict(nestGlue, appsFromLibs) },
  { files: ['libs/simulator/src/**/*.ts'], ignores: ['**/*.spec.ts'], rules: restrict(fromProduct) },
  ...adapterOf('event-log', ['postgres', 'eventstoredb']),
  ...adapterOf('event-bus', ['log-tail', 'kafka']),
  ...adapterOf('jobs', ['postgres', 'bullmq']),
  {
    files: ['**/*.spec.ts', 'libs/*/src/contract/**/*.ts', 'libs/testkit/**/*.ts', 'test/**/*.ts'],
    rules: {
      // Tests take answers apart whose shape they are about to assert.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  { files: ['apps/standalone/src/{cli,demo}/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // The demo knows the answers by their documented shapes, as a client does, not by the server's types.
    files: ['apps/standalone/src/demo/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: globals.node } },
  prettier,
);
