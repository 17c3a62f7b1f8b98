import type { Problem } from './errors.js';

/**
 * PostgreSQL keeps no NUL (U+0000) and no half of a surrogate pair, neither in text nor in `jsonb`. What carries one is
 * refused where it comes in: recorded, it would stop every read model that has to write it down.
 */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** In valid UTF-8 both come by their escapes alone. Halves that stand as a pair are found too: it says where to look. */
const SUSPECT = /\\u(?:0000|[dD][89a-fA-F])/;

/** Cheap test of a JSON text: false where nothing parsed from it can be unstorable. */
export const mayBeUnstorable = (json: string): boolean => SUSPECT.test(json);

/** More than these of one value tell nobody anything. */
const MOST_PROBLEMS = 50;
const LONGEST = 200;

/**
 * Every text of a JSON value that cannot be stored, member names too.
 * @param except a list or object within that is not looked into.
 * @returns problems `bad-text` with the JSON pointer (RFC 6901) of each, none where all is well.
 */
export const unstorableTexts = (value: unknown, except?: object): Problem[] => {
  // Nearly always all is well, and looking without noting where takes a quarter of the time.
  if (areStorable(value, except)) return [];
  const problems: Problem[] = [];
  // A queue, since a value may be nested deeper than the stack is.
  const queue: { value: unknown; at: string }[] = [{ value, at: '' }];
  for (const { value: one, at } of queue) {
    if (problems.length === MOST_PROBLEMS) break;
    if (typeof one === 'string') {
      if (!isStorable(one)) problems.push(badText(one, at));
    } else if (Array.isArray(one)) {
      if (one !== except) one.forEach((item: unknown, i) => queue.push({ value: item, at: `${at}/${i}` }));
    } else if (one !== null && typeof one === 'object' && one !== except)
      for (const [name, member] of Object.entries(one)) {
        const field = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        if (isStorable(name)) queue.push({ value: member, at: field });
        else problems.push(badText(name, field));
      }
  }
  return problems;
};

const areStorable = (value: unknown, except: object | undefined): boolean => {
  const within: unknown[] = [value];
  while (within.length > 0) {
    const one = within.pop();
    if (typeof one === 'string') {
      if (!isStorable(one)) return false;
    } else if (one === null || typeof one !== 'object' || one === except) continue;
    else if (Array.isArray(one)) for (const item of one as unknown[]) within.push(item);
    else
      for (const name of Object.keys(one)) {
        if (!isStorable(name)) return false;
        within.push((one as Record<string, unknown>)[name]);
      }
  }
  return true;
};

const badText = (text: string, field: string): Problem => ({
  code: 'bad-text',
  message: text.includes('\0') ? 'the text holds a NUL (U+0000)' : 'the text holds half of a surrogate pair',
  field,
  found: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text,
  expected: 'Unicode text without U+0000',
});
