import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Admin } from 'kafkajs';
import { logTopics, topicName, topics } from '#contracts';
import { createKafkaConnection } from '#event-bus';
import { testKafka } from '#testkit';
import { topicCommands } from './topic-commands.js';
import type { TopicsFile } from './topics-file.js';

describe('the command "topics"', () => {
  const kafka = createKafkaConnection({ brokers: [testKafka()], clientId: 'topics-spec' });
  const prefixes: string[] = [];
  let admin: Admin;
  let prefix: string;
  let directory: string;
  beforeAll(async () => {
    admin = kafka.client().admin();
    await admin.connect();
    directory = mkdtempSync(join(tmpdir(), 'lotline-topics-'));
  });
  beforeEach(() => {
    prefix = `t${randomBytes(6).toString('hex')}`;
    prefixes.push(prefix);
  });
  afterAll(async () => {
    const own = (await admin.listTopics()).filter((name) => prefixes.some((one) => name.startsWith(`${one}.`)));
    await admin.deleteTopics({ topics: own });
    await admin.disconnect();
    rmSync(directory, { recursive: true });
  });

  const run = async (...words: string[]): Promise<string[]> => {
    const printed: string[] = [];
    await topicCommands(
      () => ({ kafka, prefix }),
      (text) => printed.push(...text.split('\n')),
    )
      .exitOverride()
      .parseAsync(['node', 'lotline', ...words]);
    return printed;
  };
  const ONE_BROKER = ['--replication', '1'];
  const partitions = async (): Promise<Record<string, number>> => {
    const metadata = await admin.fetchTopicMetadata({ topics: topics.map((topic) => topicName(prefix, topic)) });
    return Object.fromEntries(
      metadata.topics.map(({ name, partitions: all }) => [name.slice(prefix.length + 1), all.length]),
    );
  };
  const fileWith = (change: (file: TopicsFile) => void): string => {
    const file = JSON.parse(readFileSync('deploy/kafka/topics.json', 'utf8')) as TopicsFile;
    change(file);
    const path = join(directory, `${prefix}.json`);
    writeFileSync(path, JSON.stringify(file));
    return path;
  };

  it('creates every topic as the file says, and finds it so when run again', async () => {
    const first = await run('create', ...ONE_BROKER);
    expect(first).toEqual(expect.arrayContaining([`created  ${prefix}.facts.v1 (12 partitions)`]));
    expect(first).toHaveLength(topics.length);
    expect(await partitions()).toMatchObject({ 'facts.v1': 12, 'capture.v1': 12, 'capture.refused.v1': 3 });
    expect(await run('create', ...ONE_BROKER)).toEqual(topics.map((topic) => `there    ${topicName(prefix, topic)}`));
  });

  it('may be run by several at once, wanting different things: the topics of the log are divided alike', async () => {
    await Promise.all(['2', '3', '2', '4'].map((wanted) => run('create', ...ONE_BROKER, '--partitions', wanted)));
    const made = await partitions();
    expect(Object.keys(made)).toHaveLength(topics.length);
    expect(new Set(logTopics.map(({ name }) => made[name])).size).toBe(1);
  });

  it('changes nothing of what is there, says what differs and how it would be changed', async () => {
    await run('create', ...ONE_BROKER, '--partitions', '2');
    const path = fileWith((file) => {
      file.logTopics.partitions = 1;
      file.topics['capture.v1']!.partitions = 4;
      file.topics['capture.v1']!.retentionDays = 3;
      file.topics['dead-letters.v1']!.partitions = 1;
    });
    const printed = await run('create', '--file', path, ...ONE_BROKER);
    const about = (topic: string): string[] => {
      const at = printed.indexOf(`differs  ${prefix}.${topic}`);
      const rest = printed.slice(at + 1);
      return rest
        .slice(
          0,
          rest.findIndex((line) => !line.startsWith(' ')),
        )
        .map((line) => line.trim());
    };
    expect(about('facts.v1')).toEqual([
      expect.stringMatching(/^partitions is 2, wanted is 1: .*LOTLINE_TOPIC_PREFIX.*"topics create"/),
    ]);
    expect(about('capture.v1')).toEqual([
      `partitions is 2, wanted is 4: kafka-topics.sh --alter --topic ${prefix}.capture.v1 --partitions 4`,
      `retention.ms is 1209600000, wanted is 259200000: kafka-configs.sh --alter --topic ${prefix}.capture.v1 --add-config retention.ms=259200000`,
    ]);
    expect(printed).toContain('           partitions is 2, wanted is 1: Kafka takes no partitions away');
    expect(await partitions()).toMatchObject({ 'facts.v1': 2, 'capture.v1': 2, 'dead-letters.v1': 2 });
  });

  it('makes a topic of the log that is missing like those there are', async () => {
    await run('create', ...ONE_BROKER, '--partitions', '2');
    await admin.deleteTopics({ topics: [`${prefix}.production.v1`] });
    const printed = await run('create', ...ONE_BROKER, '--partitions', '6');
    expect(printed).toContain(`created  ${prefix}.production.v1 (2 partitions)`);
    expect(await partitions()).toMatchObject({ 'production.v1': 2, 'facts.v1': 2 });
  });

  it('says what the brokers say of what they cannot make', async () => {
    await expect(run('create', '--replication', '3')).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/^the brokers say: .*[Rr]eplication/),
    });
  });

  it('says where no broker answers, what is no number, and which file is not there', async () => {
    const nowhere = topicCommands(
      () => ({ kafka: createKafkaConnection({ brokers: ['127.0.0.1:1'], clientId: 'topics-spec' }), prefix }),
      () => undefined,
    );
    await expect(nowhere.parseAsync(['node', 'lotline', 'list'])).rejects.toMatchObject({
      code: 'brokers',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await expect(run('create', '--file', join(directory, 'none.json'))).rejects.toMatchObject({
      code: 'no-topics-file',
    });
  });

  it('lists what there is and what is missing', async () => {
    expect(await run('list')).toEqual(
      expect.arrayContaining([expect.stringMatching(`^${prefix}.facts.v1 +missing +What was reported`)]),
    );
    await run('create', ...ONE_BROKER, '--partitions', '2');
    expect(await run('list')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^TOPIC +PARTITIONS +REPLICATION +KEPT +FOR$/),
        expect.stringMatching(`^${prefix}.facts.v1 +2 +1 +7 days +What was reported`),
      ]),
    );
  });
});
