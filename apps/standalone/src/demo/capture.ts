import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Client, eventually, expectStatus, problemLines, Trouble } from './client.js';
import { heading } from './words.js';

/** Sends the files as EPCIS documents, one capture job each. @returns the log position after the last. */
export const captureFiles = async (
  client: Client,
  files: readonly string[],
  say: (text: string) => void,
): Promise<string> => {
  say(heading('1. Capture'));
  let position = '';
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new Trouble(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    });
    say(`  ${basename(file)}`);
    const accepted = expectStatus(await client.post('/epcis/capture', text, 'application/ld+json'), 202);
    const job = accepted.headers.get('location') ?? '';
    const finished = await eventually(
      `capture of ${file}`,
      () => client.get(job),
      (answer) => answer.body.running === false,
    );
    if (!finished.body.success)
      throw new Trouble(`${file} was refused:
${problemLines(finished.body.errors)}`);
    position = finished.headers.get('x-log-position') ?? position;
    say(`    202 Accepted; captured up to log position ${Number(position)}`);
  }
  return position;
};
