const LONGEST = 200;

/** What a problem shows of the value that was found: enough to recognise it, never a whole document. */
export const found = (value: unknown): unknown => {
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value)
    ? `a list of ${value.length}`
    : `an object with ${Object.keys(value).slice(0, 10).join(', ') || 'nothing in it'}`;
};

/** "text", "number" …: the JSON type in the words of messages. */
export const typeWord = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'an object';
  }
};
