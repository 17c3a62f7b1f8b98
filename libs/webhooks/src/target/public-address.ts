import ipaddr from 'ipaddr.js';

/**
 * Whether an address belongs to the public internet: not loopback, private, link-local (where clouds tell machines their
 * credentials), carrier-grade NAT, multicast, reserved, nor an IPv6 form that leads to an IPv4 address by a translator.
 */
export const isPublicAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
