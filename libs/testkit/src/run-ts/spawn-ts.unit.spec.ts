import { describe, expect, it } from '@jest/globals';
import { spawnTs } from './spawn-ts.js';

const start = () =>
  spawnTs(new URL('./decorated.fixture.ts', import.meta.url), ['plant'], { FIXTURE: 'from the environment' });

describe('spawnTs', () => {
  it('runs sources with decorators, library imports, arguments and environment, and reports the exit', async () => {
    const running = start();
    expect(await running.line(/^hello/)).toBe('hello plant, kernel is a function from the environment');
    expect(running.lines).toContain('decorated greet');
    running.process.stdin?.write('go\n');
    expect(await running.ended).toEqual({ code: 3, signal: null });
  });

  it('kills without mercy and says that no further line will come', async () => {
    const running = start();
    await running.line(/^hello/);
    const never = running.line(/never/);
    await Promise.all([running.kill(), expect(never).rejects.toThrow('ended without the line')]);
    expect((await running.ended).signal).toBe('SIGKILL');
  });
});
