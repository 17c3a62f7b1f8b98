import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { loggerOptions } from './logger.js';

const lineOf = (bindings: object): Record<string, any> => {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  pino(loggerOptions({ level: 'info', name: 'test' }), stream).info(bindings, 'said');
  return JSON.parse(lines[0] ?? '');
};

describe('a line of the log', () => {
  it('names its level, app and time', () => {
    expect(lineOf({})).toMatchObject({ level: 'info', app: 'test', msg: 'said', time: expect.stringMatching(/Z$/) });
  });

  it('tells an error and its cause, but nothing a library hangs on it', () => {
    const error = Object.assign(new Error('lost', { cause: new Error('reset') }), {
      code: '57P01',
      client: { password: 'hunter2', connection: {} },
    });
    const { err } = lineOf({ err: error });
    expect(err).toMatchObject({ type: 'Error', message: 'lost', code: '57P01', cause: { message: 'reset' } });
    expect(JSON.stringify(err)).not.toContain('hunter2');
  });

  it('keeps credentials out', () => {
    const line = lineOf({ request: { authorization: 'Bearer hunter2' }, options: { password: 'hunter2' } });
    expect(JSON.stringify(line)).not.toContain('hunter2');
  });
});
