import { Ajv, type ErrorObject } from 'ajv';
import formats from 'ajv-formats';
import { calendarDay, instant, type Problem } from '#kernel';
import type { TSchema } from 'typebox';
import { problemOf } from './problem-of.js';

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strictRequired: false,
  // `pattern` and `properties` on one schema say what text and what objects must look like where either is allowed.
  strictTypes: false,
});
formats.default(ajv);
ajv.addFormat('instant', { type: 'string', validate: (text: string) => instant(text) !== undefined });
ajv.addFormat('calendar-day', { type: 'string', validate: (text: string) => calendarDay(text) !== undefined });

/** More than these of one value tell nobody anything. */
const MOST_PROBLEMS = 50;

export interface ValidatorOptions {
  /** Member names that are allowed wherever unknown ones are refused. */
  tolerates?: (name: string) => boolean;
}

/** @returns every problem of the value, none where it is valid. Fields are JSON pointers below `at`. */
export type Validator = (value: unknown, at?: string, options?: ValidatorOptions) => Problem[];

/** Compiles the schema once; the messages name field, what was found and what is expected. */
export const compileValidator = (schema: TSchema): Validator => {
  const validate = ajv.compile(schema);
  return (value, at = '', options = {}) => {
    if (validate(value)) return [];
    const problems: Problem[] = [];
    const seen = new Set<string>();
    for (const error of readable(validate.errors ?? [])) {
      const name = (error.params as { additionalProperty?: string }).additionalProperty;
      if (name !== undefined && options.tolerates?.(name)) continue;
      const problem = problemOf(error, at);
      const key = `${problem.field} ${problem.code}`;
      if (seen.has(key)) continue;
      seen.add(key);
      problems.push(problem);
      if (problems.length === MOST_PROBLEMS) break;
    }
    return problems;
  };
};

/** Of an `anyOf` only the whole is told: its branches are alternatives of presence. */
const readable = (errors: readonly ErrorObject[]): ErrorObject[] =>
  errors.filter((e) => !/\/anyOf\/\d+/.test(e.schemaPath));
