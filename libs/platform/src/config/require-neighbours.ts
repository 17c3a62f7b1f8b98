import type { Feature } from '../feature.js';
import { baseUrls } from '../public-api/remote-public-api.js';
import type { LotlineConfig } from './lotline-config.js';
import { ConfigError } from './read-config.js';

const settingOf = (context: string): string => `LOTLINE_${context.toUpperCase()}_URL`;

/**
 * What a process of the cluster needs besides, by what its features say of themselves: where the contexts are that they call.
 * @throws ConfigError
 */
export const requireNeighbours = (config: LotlineConfig, features: readonly Feature[]): void => {
  const problems = features.flatMap((feature) => [
    ...(feature.needsBroker === true && config.profile !== 'cluster'
      ? [`LOTLINE_PROFILE: ${feature.name} works with a broker, which only the cluster profile has`]
      : []),
    ...(config.profile === 'cluster' ? lackingFor(config, feature) : []),
  ]);
  if (problems.length > 0) throw new ConfigError(problems);
};

const lackingFor = (config: LotlineConfig, { name, calls = [] }: Feature): string[] => {
  const urls = baseUrls(config);
  return [
    ...calls
      .filter((context) => urls[context] === undefined)
      .map((context) => `${settingOf(context)}: ${name} calls ${context}: set it, or PUBLIC_URL`),
    ...(calls.length > 0 && config.serviceKey === undefined
      ? [`LOTLINE_SERVICE_KEY: ${name} calls ${calls.join(', ')} and needs a key of LOTLINE_API_KEYS for that`]
      : []),
  ];
};
