import type { Logger } from 'pino';
import type { LotlineConfig } from '../config/lotline-config.js';
import type { LocalPublicApi } from '../public-api/local-public-api.js';
import type { PublicApi } from '../public-api/public-api.js';
import { RemotePublicApi } from '../public-api/remote-public-api.js';

const OPENERS: Readonly<
  Record<LotlineConfig['profile'], (config: LotlineConfig, logger: Logger, local: LocalPublicApi) => PublicApi>
> = {
  standalone: (_config, _logger, local) => local,
  cluster: (config, logger) => new RemotePublicApi(config, logger),
};

/** How contexts ask each other in the profile: in this process, or over the network. */
export const openPublicApi = (config: LotlineConfig, logger: Logger, local: LocalPublicApi): PublicApi =>
  OPENERS[config.profile](config, logger, local);
