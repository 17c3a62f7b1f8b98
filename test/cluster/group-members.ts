import kafkajs, { type Admin } from 'kafkajs';

/** Of the members of a group, by the process id that their client names end in: the partitions of each, in order. */
export const partitionsByProcess = async (admin: Admin, group: string): Promise<Map<number, number[]>> => {
  const { groups } = await admin.describeGroups([group]);
  return new Map(
    (groups[0]?.members ?? []).map(({ clientId, memberAssignment }) => {
      const assigned = kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {};
      const partitions = [...new Set(Object.values(assigned).flat())].sort((a, b) => a - b);
      return [Number(clientId.split('-').at(-1)), partitions];
    }),
  );
};
