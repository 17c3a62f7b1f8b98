import { LotlineConfig } from './lotline-config.js';
import { settingsOf } from './setting.js';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The table in docs/configuration.md; a test keeps the two equal. */
export const settingsTable = (): string =>
  [
    '| variable | default | says |',
    '| --- | --- | --- |',
    ...settingsOf(LotlineConfig).map(
      (s) => `| \`${s.name}\` | ${s.default ? `\`${cell(s.default)}\`` : ''} | ${cell(s.description)} |`,
    ),
  ].join('\n');
