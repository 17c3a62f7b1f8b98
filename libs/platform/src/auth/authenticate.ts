import { createHash, timingSafeEqual } from 'node:crypto';
import type { LotlineConfig } from '../config/lotline-config.js';
import { isLoopback } from '../config/read-config.js';
import type { Principal } from './principal.js';

/** Headers of a request, lower case as Node gives them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Carries the secret of this process on calls that it makes to itself; it never leaves the process. */
export const INTERNAL_HEADER = 'x-lotline-internal';
/** On whose behalf a context of ours calls. */
export const ACTOR_HEADER = 'x-lotline-actor';

export interface Authentication {
  principal: Principal | undefined;
  onBehalfOf: string | undefined;
}

const LOCAL: Principal = { subject: 'local', permissions: ['*'] };
const INTERNAL: Principal = { subject: 'system:lotline', permissions: ['*', 'service:act-for'] };

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Who is calling. Keys are compared by hash and in constant time. Where no key is configured the process listens on
 * loopback only (`readConfig` sees to it), and a caller who names it by a loopback name may do anything; the name is
 * checked because a web page can make a browser call 127.0.0.1 under a name of its own.
 * @param internalSecret what INTERNAL_HEADER must carry for a call of the process to itself.
 */
export const authenticator = (
  config: Pick<LotlineConfig, 'profile' | 'apiKeys'>,
  internalSecret: string,
): ((headers: Headers) => Authentication) => {
  const keys = config.apiKeys.map((key) => ({ key, hash: Buffer.from(key.sha256, 'hex') }));
  const internal = sha256(internalSecret);

  const byKey = (token: string): Principal | undefined => {
    const hash = sha256(token);
    let found: Principal | undefined;
    for (const { key, hash: known } of keys)
      if (timingSafeEqual(hash, known)) found = { subject: `key:${key.name}`, permissions: key.permissions };
    return found;
  };

  const principalOf = (headers: Headers): Principal | undefined => {
    const secret = headers[INTERNAL_HEADER];
    if (typeof secret === 'string') return timingSafeEqual(sha256(secret), internal) ? INTERNAL : undefined;
    const token = /^Bearer +(\S+)$/i.exec(headers.authorization?.toString() ?? '')?.[1];
    if (token !== undefined && keys.length > 0) return byKey(token);
    if (keys.length > 0 || config.profile !== 'standalone') return undefined;
    return isLoopback(hostName(headers.host)) ? LOCAL : undefined;
  };

  return (headers) => {
    const principal = principalOf(headers);
    const actor = headers[ACTOR_HEADER];
    const mayActFor = principal?.permissions.includes('service:act-for') ?? false;
    return { principal, onBehalfOf: mayActFor && typeof actor === 'string' ? actor : undefined };
  };
};

const hostName = (host: string | string[] | undefined): string => {
  const text = Array.isArray(host) ? '' : (host ?? '');
  return text.startsWith('[') ? text.slice(1, text.indexOf(']')) : text.replace(/:\d+$/, '');
};
