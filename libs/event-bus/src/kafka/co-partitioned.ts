import kafkajs, { type Assignment, type PartitionAssigner } from 'kafkajs';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

const NAME = 'lotline-co-partitioned';
const VERSION = 0;

interface Member {
  memberId: string;
  topics: readonly string[];
  /** Partitions it is ready to serve; undefined: all. */
  serves: ReadonlySet<number> | undefined;
  given: number[];
}

const memberOf = (memberId: string, metadata: Buffer): Member => {
  const decoded = MemberMetadata.decode(metadata);
  let serves: Member['serves'];
  try {
    const { partitions } = JSON.parse(decoded?.userData.toString() ?? '') as { partitions: number[] };
    serves = new Set(partitions);
  } catch {
    serves = undefined;
  }
  return { memberId, topics: decoded?.topics ?? [], serves, given: [] };
};

/**
 * Gives a member the partitions of one index of all its topics together, each index to the ready member that has fewest.
 * An index that no member is ready to serve stays with nobody.
 * @param serves the indexes that this member is ready to serve.
 */
export const coPartitioned =
  (serves: readonly number[]): PartitionAssigner =>
  ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(JSON.stringify({ partitions: serves })),
      }),
    }),
    assign({ members, topics }) {
      const sorted = members
        .map(({ memberId, memberMetadata }) => memberOf(memberId, memberMetadata))
        .sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
      const counts = new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]));
      const most = Math.max(0, ...counts.values());
      for (let index = 0; index < most; index++) {
        const ready = sorted.filter(({ serves }) => serves?.has(index) ?? true);
        const fewest = ready.reduce<Member | undefined>(
          (a, b) => (a && a.given.length <= b.given.length ? a : b),
          undefined,
        );
        fewest?.given.push(index);
      }
      return Promise.resolve(
        sorted.map((member) => {
          const assignment: Assignment = {};
          for (const topic of member.topics)
            assignment[topic] = member.given.filter((index) => index < (counts.get(topic) ?? most));
          return {
            memberId: member.memberId,
            memberAssignment: MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) }),
          };
        }),
      );
    },
  });
