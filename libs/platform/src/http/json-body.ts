import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { malformed, mayBeUnstorable, unstorableTexts, type LotlineError } from '#kernel';
import { badText } from './refuse-bad-text.js';

/** `application/json`, `application/ld+json`, `application/cloudevents-batch+json` … */
const JSON_TYPE = /^application\/([\w.-]+\+)?json(?:$|;)/;

/**
 * The handler's `@Body()` is the JSON text as it was sent (valid UTF-8, else unread): it parses by itself, and refuses
 * texts that cannot be stored (`unstorableTexts` of #kernel) where they stand, so that one bad item spares the others.
 */
export const RawJson = (): MethodDecorator & ClassDecorator => RouteConfig({ rawJson: true });

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bodies are JSON and nothing else; any other content type is 415. */
export const registerJsonBody = (fastify: FastifyInstance, bodyLimit: number): void => {
  fastify.removeAllContentTypeParsers();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer', bodyLimit }, (request, body: Buffer, done) => {
    const text = decoded(body);
    const isRaw = (request.routeOptions.config as { rawJson?: boolean }).rawJson === true;
    if (text === undefined) done(malformed('not-utf-8', 'the body is not valid UTF-8'));
    else if (isRaw) done(null, text);
    else if (text.trim() === '') done(null, undefined);
    else
      void parse(request, text, (error, value: unknown) => {
        if (error) done(notJson(text));
        else refuseBadText(text, value, done);
      });
  });
};

const refuseBadText = (text: string, value: unknown, done: (error: Error | null, body?: unknown) => void): void => {
  const problems = mayBeUnstorable(text) ? unstorableTexts(value) : [];
  if (problems.length > 0) done(badText(problems));
  else done(null, value);
};

const decoded = (body: Buffer): string | undefined => {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
};

/** Says where the text stops being JSON, as far as the parser tells. */
export const notJson = (text: string): LotlineError => {
  let why = 'it names a member __proto__ or constructor.prototype';
  try {
    JSON.parse(text);
  } catch (error) {
    why = (error as Error).message;
  }
  return malformed('not-json', `the body is not acceptable JSON: ${why}`, [
    { code: 'not-json', message: why, field: '', expected: 'a JSON document' },
  ]);
};
