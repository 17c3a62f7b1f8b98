import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { Admin } from 'kafkajs';
import { topicName, topics } from '#contracts';
import type { KafkaConnection } from '#event-bus';
import { LotlineError } from '#kernel';
import { createMissingTopics } from './create-topics.js';
import { listText, listTopics } from './list-topics.js';
import { reportText } from './report-text.js';
import { readTopicsFile } from './topics-file.js';
import { wantedTopics } from './wanted-topics.js';

const FILE = 'deploy/kafka/topics.json';

const wholeNumber =
  (most: number) =>
  (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > most) throw new InvalidArgumentError(`a whole number from 1 to ${most} is expected`);
    return number;
  };

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new LotlineError('malformed', 'no-topics-file', `${file} cannot be read: ${(error as Error).message}`);
  }
};

const usingBrokers = async <T>(kafka: KafkaConnection, work: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = kafka.client().admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    if (!(error instanceof Error) || !error.name.startsWith('KafkaJS')) throw error;
    // kafkajs keeps what the broker said of each topic in a list of its own.
    const reasons = ((error as { errors?: Error[] }).errors ?? [error]).map(({ message }) => message);
    throw new LotlineError('unavailable', 'brokers', `the brokers say: ${[...new Set(reasons)].join('; ')}`);
  } finally {
    await admin.disconnect();
  }
};

/**
 * `topics create|list` for operators: topics are made by this command and never by themselves.
 * @param open the brokers and the prefix of the installation; opens nothing before it is used.
 */
export const topicCommands = (
  open: () => { kafka: KafkaConnection; prefix: string },
  print: (text: string) => void,
): Command => {
  const command = new Command('topics').description('the topics in Kafka: create what is missing, show what is there');

  command
    .command('create')
    .description('create the topics that are missing; what is there is compared and never changed')
    .option('--file <path>', 'how the topics shall be', FILE)
    .option('--partitions <number>', 'of each topic, in place of what the file says', wholeNumber(1000))
    .option('--replication <number>', 'of each topic, in place of what the file says', wholeNumber(10))
    .action(async (options: { file: string; partitions?: number; replication?: number }) => {
      const file = readTopicsFile(await readText(options.file), options.file);
      const { kafka, prefix } = open();
      const wanted = wantedTopics(file, { ...options, prefix });
      print(reportText(await usingBrokers(kafka, (admin) => createMissingTopics(admin, wanted))));
    });

  command
    .command('list')
    .description('the topics of the product, and what the brokers have of them')
    .action(async () => {
      const { kafka, prefix } = open();
      const asked = topics.map((topic) => ({ topic: topicName(prefix, topic), of: topic }));
      print(listText(await usingBrokers(kafka, (admin) => listTopics(admin, asked))));
    });

  return command;
};
