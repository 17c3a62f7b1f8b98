import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.js';

/**
 * Resolves a name when a connection is made, and refuses where any of its addresses is not public: checked before, a name
 * could stand for another address by then.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const inside = error ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
    if (error) callback(error, '');
    else if (inside) callback(new Error(`${hostname} leads to ${inside.address}, which is not a public address`), '');
    else if (options.all === true) callback(null, addresses);
    else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
  });
};
