import { isIP } from 'node:net';
import { malformed } from '#kernel';
import { isPublicAddress } from './public-address.js';

/** The address that a URL names without a name server's help, if it does. */
export const addressIn = ({ hostname }: URL): string | undefined => {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(literal) === 0 ? undefined : literal;
};

/**
 * Where alerts may be sent: an https URL without credentials; by plain http, or to an address that is not public, only where
 * the installation allows it. What a name stands for is looked at whenever it is connected to.
 * @throws LotlineError `bad-webhook-url` (400).
 */
export const endpointUrl = (text: string, allowPrivate: boolean): URL => {
  const refuse = (message: string): never => {
    throw malformed('bad-webhook-url', `this URL cannot be a webhook: ${message}`, [
      { code: 'bad-webhook-url', message, field: '/url', found: text.slice(0, 200), expected: 'an https URL' },
    ]);
  };
  const url = URL.parse(text);
  if (url === null) return refuse('it is no URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('it is neither https nor http');
  if (url.username !== '' || url.password !== '') return refuse('it carries credentials, which would be readable');
  if (url.hash !== '') return refuse('it has a fragment, which is never sent');
  if (allowPrivate) return url;
  if (url.protocol === 'http:') return refuse('http is readable on the way (LOTLINE_WEBHOOK_ALLOW_PRIVATE allows it)');
  const address = addressIn(url);
  if (address !== undefined && !isPublicAddress(address))
    return refuse(`${address} is not a public address (LOTLINE_WEBHOOK_ALLOW_PRIVATE allows it)`);
  return url;
};
