/** A lane's place in Kafka: the next offset of each topic. It is a hint only; what it leaves out, the chain finds. */
export const cursorText = (offsets: Readonly<Record<string, number>>): string => JSON.stringify(offsets);

/** @returns the offsets that a cursor names for these topics; none where it is of another bus or damaged. */
export const readCursor = (cursor: string | undefined, topics: readonly string[]): Record<string, number> => {
  if (cursor === undefined) return {};
  try {
    const offsets = JSON.parse(cursor) as Record<string, unknown> | null;
    return Object.fromEntries(
      topics.flatMap((topic) => {
        const offset = offsets?.[topic];
        return typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0 ? [[topic, offset]] : [];
      }),
    );
  } catch {
    return {};
  }
};
