import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import { readTopicsFile, type TopicsFile } from './topics-file.js';
import { wantedTopics } from './wanted-topics.js';

const shipped = readFileSync('deploy/kafka/topics.json', 'utf8');
const changed = (change: (file: TopicsFile) => void): string => {
  const file = JSON.parse(shipped) as TopicsFile;
  change(file);
  return JSON.stringify(file);
};
const problemsOf = (text: string): string[] => {
  try {
    readTopicsFile(text, 'topics.json');
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
};

describe('the file of topics', () => {
  const wanted = wantedTopics(readTopicsFile(shipped, 'topics.json'), { prefix: 'plant7' });

  it('says of every topic of the catalogue how it shall be, and keeps it for as long as it is needed', () => {
    expect(wanted.map(({ topic }) => topic)).toEqual(topics.map(({ name }) => `plant7.${name}`));
    for (const { of, configs } of wanted) {
      expect({ name: of.name, ms: Number(configs['retention.ms']) }).toEqual({
        name: of.name,
        ms: of.retention.days * 24 * 60 * 60 * 1000,
      });
      expect(configs['cleanup.policy']).toBe(of.cleanup);
    }
  });

  it('divides the topics of the log alike', () => {
    const ofLog = wanted.filter(({ of }) => of.direction === 'log');
    expect(ofLog.map(({ partitions }) => partitions)).toEqual([12, 12, 12, 12, 12, 12]);
  });

  it('gives way to what the operator says, and asks for no more replicas in sync than there are', () => {
    const chosen = wantedTopics(readTopicsFile(shipped, 'topics.json'), {
      prefix: 'lotline',
      partitions: 2,
      replication: 1,
    });
    for (const { partitions, replicationFactor, configs } of chosen)
      expect([partitions, replicationFactor, configs['min.insync.replicas']]).toEqual([2, 1, '1']);
  });

  it.each([
    ['not JSON', '{', []],
    ['nothing', '{}', ['/replication: ', '/minInsyncReplicas: ', '/logTopics: ', '/topics: ']],
    ['no topic', changed((file) => delete file.topics['capture.v1']), ['/topics/capture.v1: ']],
    ['an unknown topic', changed((file) => (file.topics['capture.v2'] = file.logTopics)), ['/topics/capture.v2: ']],
    ['compaction', changed((file) => Object.assign(file.logTopics, { cleanup: 'compact' })), ['/logTopics/cleanup: ']],
    ['no partition', changed((file) => (file.logTopics.partitions = 0)), ['/logTopics/partitions: ']],
    [
      'days as text',
      changed((file) => Object.assign(file.logTopics, { retentionDays: '7' })),
      ['/logTopics/retentionDays: '],
    ],
    ['more in sync than there are', changed((file) => (file.minInsyncReplicas = 4)), ['/minInsyncReplicas: ']],
    [
      'no room for reasons',
      changed((file) => (file.topics['capture.v1']!.maxMessageBytes = 18_000_000)),
      ['/topics/capture.refused.v1/maxMessageBytes: '],
    ],
  ])('is refused with %s', (_, text, fields) => {
    expect(() => readTopicsFile(text, 'topics.json')).toThrow(/^topics.json is not /);
    expect(problemsOf(text).map((line) => line.slice(4, line.indexOf(': ') + 2))).toEqual(fields);
  });
});
