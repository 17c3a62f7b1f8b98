import type { FastifyInstance } from 'fastify';
import { malformed, unstorableTexts, type LotlineError, type Problem } from '#kernel';

export const badText = (problems: readonly Problem[]): LotlineError =>
  malformed('bad-text', 'a text holds what cannot be stored: a NUL (U+0000) or half of a surrogate pair', problems);

/** Path and query parameters reach the database as they are: what it cannot read is refused before any handler. */
export const refuseBadParameters = (fastify: FastifyInstance): void => {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const problems = [...unstorableTexts(request.params), ...unstorableTexts(request.query)];
    done(problems.length > 0 ? badText(problems) : undefined);
  });
};
