/** What a group's broker answers while it reads what it knows of the group, or hands the group to another. */
const TYPES = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'REBALANCE_IN_PROGRESS',
]);

/**
 * @returns whether the error, or what caused it, is ordinary for a member that joins: a fresh or restarted broker takes some
 * seconds until it serves its groups. It is a trouble only where it lasts.
 */
export const isCoordinatorMoving = (error: unknown): boolean => {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('type' in at && typeof at.type === 'string' && TYPES.has(at.type)) return true;
  return false;
};
