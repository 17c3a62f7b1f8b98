import type { LotlineError } from '#kernel';
import { malformed, nestingDepth, parseLossless } from '#kernel';

/** Nobody's events are nested deeper; deeper text is an attack or a mistake. */
const DEEPEST = 100;

/** @throws LotlineError `not-json`, `too-deep`: malformed. */
export const parseBody = (text: unknown): unknown => {
  if (typeof text !== 'string' || text.trim() === '') throw notJson('the body is empty');
  if (nestingDepth(text) > DEEPEST)
    throw malformed('too-deep', `the body is nested deeper than ${DEEPEST} levels`, [
      { code: 'too-deep', message: `nested deeper than ${DEEPEST} levels`, field: '', expected: `at most ${DEEPEST}` },
    ]);
  try {
    return parseLossless(text);
  } catch (error) {
    throw notJson((error as Error).message);
  }
};

const notJson = (why: string): LotlineError =>
  malformed('not-json', `the body is not JSON: ${why}`, [
    { code: 'not-json', message: why, field: '', expected: 'a JSON document' },
  ]);
