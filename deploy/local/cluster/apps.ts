/** Each app of the cluster profile; any of them may run more than once. */
export const APPS = [
  'production',
  'inventory',
  'shipping',
  'recalls',
  'capture',
  'genealogy',
  'expiry',
  'relay',
] as const;

export type AppName = (typeof APPS)[number];

/** Which app answers a path, by its first segment; deploy/proxy says the same to the real proxy. */
export const ROUTES: Readonly<Record<string, AppName>> = {
  epcis: 'capture',
  events: 'capture',
  production: 'production',
  inventory: 'inventory',
  shipping: 'shipping',
  recalls: 'recalls',
  genealogy: 'genealogy',
  expiry: 'expiry',
};
