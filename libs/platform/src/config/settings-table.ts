import { LotlineConfig } from './lotline-config.js';
import { settingsOf, type SettingDoc } from './setting.js';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const defaultOf = (setting: SettingDoc): string =>
  [setting.default, setting.clusterDefault]
    .filter((text) => text)
    .map((text, index) => `\`${cell(text ?? '')}\`${index > 0 ? ' (cluster)' : ''}`)
    .join(', ');

/** The table in docs/configuration.md; a test keeps the two equal. */
export const settingsTable = (): string =>
  [
    '| variable | default | says |',
    '| --- | --- | --- |',
    ...settingsOf(LotlineConfig).map((s) => `| \`${s.name}\` | ${defaultOf(s)} | ${cell(s.description)} |`),
  ].join('\n');
