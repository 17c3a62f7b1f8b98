const given = (variable: string, what: string): string => {
  const value = process.env[variable];
  if (value === undefined)
    throw new Error(`no ${what} to test with: run this spec in the Jest project "cluster", or set ${variable}`);
  return value;
};

/** `host:port` of a real Kafka broker that is shared by all specs: topics and groups need names of their own. */
export const testKafka = (): string => given('LOTLINE_TEST_KAFKA', 'Kafka broker');

/** `redis://…` of a real Redis that is shared by all specs: keys need a prefix of their own. */
export const testRedis = (): string => given('LOTLINE_TEST_REDIS', 'Redis server');
