import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStandalone, type Standalone } from './support/start-standalone.js';

/** A block of commands, and the answer of the last of them where the page shows one. */
interface Step {
  title: string;
  commands: string;
  shown: string | undefined;
}

const page = readFileSync('docs/a-week.md', 'utf8');
const blocks = [...page.matchAll(/^## (.*)$|^```(bash|json)\n([^]*?)^```$/gm)];
const steps: Step[] = [];
let day = 'Before';
for (const [, heading, kind, text = ''] of blocks)
  if (heading !== undefined) day = heading;
  else if (kind === 'bash')
    steps.push({ title: `${day}, block ${steps.length + 1}`, commands: text, shown: undefined });
  else steps.at(-1)!.shown = text;

const END = '--- end of the block ---';

describe('docs/a-week.md', () => {
  let lotline: Standalone;
  let shell: ChildProcess;
  let said = '';

  /** What the block writes. The shell goes on, with all that was set in it. */
  const run = async (commands: string): Promise<string> => {
    const from = said.length;
    shell.stdin!.write(`${commands}\necho; echo '${END}'\n`);
    while (!said.slice(from).includes(END)) await once(shell.stdout!, 'data');
    return said.slice(from, said.indexOf(END, from)).trim();
  };

  beforeAll(async () => {
    lotline = await startStandalone();
    shell = spawn('bash', [], {
      env: { PATH: process.env.PATH, HOST: lotline.url },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    shell.stdout!.setEncoding('utf8').on('data', (text: string) => (said += text));
  });
  afterAll(async () => {
    shell.stdin!.end();
    await lotline.stop();
  });

  it('shows answers', () => {
    expect(steps.filter(({ shown }) => shown !== undefined).length).toBeGreaterThan(15);
  });

  it.each(steps)('$title', async ({ commands, shown }) => {
    const answer = await run(commands);
    if (shown === undefined) {
      expect(answer).toBe('');
      return;
    }
    const values = await run(`cat <<EOF\n${shown}\nEOF`);
    expect(JSON.parse(answer)).toMatchObject(JSON.parse(values) as object);
  });
});
