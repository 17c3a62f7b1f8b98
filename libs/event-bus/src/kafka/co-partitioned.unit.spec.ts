import { describe, expect, it } from '@jest/globals';
import kafkajs, { type Cluster } from 'kafkajs';
import { coPartitioned } from './co-partitioned.js';

const { MemberAssignment } = kafkajs.AssignerProtocol;

const cluster = (partitions: number): Cluster =>
  ({ findTopicPartitionMetadata: () => Array.from({ length: partitions }) }) as unknown as Cluster;

/** @returns what each member is given, by what each is ready to serve. */
const assign = async (partitions: number, members: Record<string, { serves: number[]; topics?: string[] }>) => {
  const assigner = (serves: number[]) =>
    coPartitioned(serves)({ cluster: cluster(partitions), groupId: 'g', logger: undefined as never });
  const given = await assigner([]).assign({
    topics: ['a', 'b'],
    members: Object.entries(members).map(([memberId, { serves, topics = ['a', 'b'] }]) => ({
      memberId,
      memberMetadata: assigner(serves).protocol({ topics }).metadata,
    })),
  });
  return Object.fromEntries(
    given.map(({ memberId, memberAssignment }) => [memberId, MemberAssignment.decode(memberAssignment)?.assignment]),
  );
};

describe('the assigner', () => {
  it('gives all topics of an index to one member, and each about as many', async () => {
    const all = [0, 1, 2, 3, 4];
    expect(await assign(5, { x: { serves: all }, y: { serves: all } })).toEqual({
      x: { a: [0, 2, 4], b: [0, 2, 4] },
      y: { a: [1, 3], b: [1, 3] },
    });
  });

  it('gives nobody what he is not ready to serve', async () => {
    expect(await assign(4, { x: { serves: [0, 1] }, y: { serves: [1] } })).toEqual({
      x: { a: [0], b: [0] },
      y: { a: [1], b: [1] },
    });
  });

  it('leaves a member of an older release with the topics it knows', async () => {
    expect(await assign(2, { x: { serves: [0, 1], topics: ['a'] }, y: { serves: [0, 1] } })).toEqual({
      x: { a: [0] },
      y: { a: [1], b: [1] },
    });
  });
});
