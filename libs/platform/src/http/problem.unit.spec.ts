import { HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { LotlineError, refused, type ErrorKind } from '#kernel';
import { problemOf } from './problem.js';

const at = { instance: '/production/items', correlationId: 'c-1' };

describe('an error as an answer', () => {
  it.each([
    ['malformed', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not-found', 404],
    ['conflict', 409],
    ['precondition', 412],
    ['too-large', 413],
    ['unsupported', 415],
    ['refused', 422],
    ['behind', 503],
    ['unavailable', 503],
  ] satisfies [ErrorKind, number][])('%s is %i', (kind, status) => {
    const answer = problemOf(new LotlineError(kind, 'some-code', 'some detail'), at);
    expect(answer).toMatchObject({ status, defect: false });
    expect(answer.document).toMatchObject({ status, code: 'some-code', detail: 'some detail', ...at, problems: [] });
    expect(answer.document.type).toBe('urn:lotline:problem:some-code');
  });

  it('lists every reason and keeps extra members, which cannot replace the standard ones', () => {
    const reasons = [
      { code: 'lot-held', message: 'held', found: 'L1' },
      { code: 'lot-expired', message: 'expired', found: 'L1' },
    ];
    expect(problemOf(refused('dispatch-refused', 'no', reasons), at).document.problems).toEqual(reasons);
    const extra = new LotlineError('behind', 'read-model-behind', 'late', [], {
      position: '7',
      status: 1,
      retryAfter: 3,
    });
    const { document, headers } = problemOf(extra, at);
    expect(document).toMatchObject({ position: '7', status: 503 });
    expect(headers).toEqual({ 'retry-after': '3' });
  });

  it('asks for a key where there is none', () => {
    const { headers } = problemOf(new LotlineError('unauthenticated', 'no-valid-key', 'send one'), at);
    expect(headers['www-authenticate']).toContain('Bearer');
  });

  it('maps what the framework refuses', () => {
    const fastify = Object.assign(new Error('Request body is too large'), { statusCode: 413 });
    expect(problemOf(fastify, at).document).toMatchObject({ status: 413, code: 'body-too-large' });
    expect(problemOf(new HttpException('Unsupported Media Type', 415), at).document.code).toBe(
      'unsupported-media-type',
    );
    expect(problemOf(new NotFoundException('Cannot GET /x'), at).document).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });

  it.each([
    new Error('password=hunter2'),
    Object.assign(new Error('duplicate key hunter2'), { code: '23505' }),
    new HttpException('hunter2', 500),
    'hunter2',
    undefined,
  ])('tells nothing of a defect: %s', (defect) => {
    const answer = problemOf(defect, at);
    expect(answer).toMatchObject({ status: 500, defect: true });
    expect(JSON.stringify(answer.document)).not.toContain('hunter2');
  });

  it.each([{ code: 'ECONNREFUSED' }, { code: '57P01' }, { code: '08006' }])(
    'says that the database is away: %j',
    (code) => {
      const answer = problemOf(Object.assign(new Error('connect 10.0.0.1:5432'), code), at);
      expect(answer.document).toMatchObject({ status: 503, code: 'database-unavailable' });
      expect(JSON.stringify(answer.document)).not.toContain('10.0.0.1');
    },
  );

  // The driver's own words, which carry no code.
  it.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'timeout exceeded when trying to connect',
  ])('says that the database is away: %s', (message) => {
    expect(problemOf(new Error(message), at)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      document: { code: 'database-unavailable' },
    });
  });
});
