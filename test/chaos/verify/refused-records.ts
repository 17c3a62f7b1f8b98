import { type Admin, Kafka, logLevel } from 'kafkajs';
import { REFUSED_TOPIC, topicName } from '#contracts';

export interface RefusedRecord {
  value: string;
  headers: Readonly<Record<string, string>>;
}

const lengthOf = async (admin: Admin, topic: string): Promise<number> =>
  (await admin.fetchTopicOffsets(topic)).reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);

/** Everything that stands on the topic of refused records. */
export const readRefused = async (brokers: string, prefix: string): Promise<RefusedRecord[]> => {
  const kafka = new Kafka({ clientId: 'chaos-verifier', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const topic = topicName(prefix, REFUSED_TOPIC);
  const admin = kafka.admin();
  await admin.connect();
  const wanted = await lengthOf(admin, topic).finally(() => admin.disconnect());
  if (wanted === 0) return [];
  const found: RefusedRecord[] = [];
  const consumer = kafka.consumer({ groupId: `${prefix}-verifier-${Date.now()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: ({ message }) => {
            found.push({
              value: message.value?.toString() ?? '',
              headers: Object.fromEntries(
                Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
              ),
            });
            if (found.length >= wanted) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
    return found;
  } finally {
    await consumer.disconnect();
  }
};

/** What had to be refused by Kafka stands on the topic, with a reason. @param bad ids to the code each was to be refused with. */
export const checkRefused = (
  records: readonly RefusedRecord[],
  bad: ReadonlyMap<string, { code: string; byKafka: boolean }>,
): string[] =>
  [...bad].flatMap(([id, { code, byKafka }]) => {
    if (!byKafka) return [];
    const own = records.filter(({ value }) => value.includes(`"${id}"`));
    if (own.length === 0) return [`${id} had to be refused (${code}) and is not on the topic of refused records`];
    return own.some(({ headers }) => Object.values(headers).some((value) => value.includes(code)))
      ? []
      : [`${id} is refused without its reason ${code}: ${JSON.stringify(own[0]?.headers)}`];
  });
