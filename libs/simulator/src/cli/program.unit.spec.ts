import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from './program.js';

describe('npm run simulate', () => {
  let folder: string;
  const out = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lotline-simulate-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** @returns what it printed; throws what it says of bad options. */
  const run = async (...options: string[]): Promise<string[]> => {
    const printed: string[] = [];
    await program({ print: (text) => printed.push(text) })
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parseAsync(['--seed', '7', ...options], { from: 'user' });
    return printed;
  };
  const lines = async (file: string): Promise<any[]> =>
    (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  const json = async (file: string): Promise<any> => JSON.parse(await readFile(file, 'utf8'));

  it('writes an event a line, the truth and the master data beside it', async () => {
    const printed = await run('--days', '8', '--out', out('plant'), '--errors', '0.05');
    const events = await lines(out('plant'));
    expect(printed[0]).toBe(
      `${events.length} events of 8 days in ${out('plant')}, master data in ${out('plant')}.master-data.json`,
    );
    expect(events.every((event) => event.specversion === '1.0' || typeof event.eventID === 'string')).toBe(true);
    const truth = await json(out('plant.truth.json'));
    expect(printed[1]).toBe(`The truth about ${truth.lots.length} lots in ${out('plant.truth.json')}`);
    for (const { accounts } of truth.lots)
      expect(accounts.reduce((sum: number, row: any) => sum + Math.round(Number(row.amount) * 1000), 0)).toBe(0);
    expect(truth.runs.every((each: any) => each.inputs.length > 0 && each.outputs.length > 0)).toBe(true);
    expect(truth.errors.length).toBeGreaterThan(5);
    expect(truth).toMatchObject({
      seed: 7,
      size: 'small',
      days: 8,
      parties: expect.any(Array),
      exposureToDefects: expect.any(Array),
    });
    expect(await json(out('plant.master-data.json'))).toMatchObject({
      type: 'EPCISDocument',
      epcisHeader: expect.anything(),
    });
  });

  it('writes the bodies of requests, the same events in them', async () => {
    await run('--days', '8', '--out', out('events'));
    await run('--days', '8', '--out', out('requests'), '--as', 'requests', '--batch', '50');
    const [masterData, ...bodies] = await lines(out('requests'));
    expect(masterData.epcisHeader).toBeDefined();
    const sent = bodies.flatMap((body) => (Array.isArray(body) ? body : body.epcisBody.eventList));
    const ids = (events: any[]): string[] => events.map((event) => event.id ?? event.eventID).sort();
    expect(ids(sent)).toEqual(ids(await lines(out('events'))));
    expect(
      Math.max(...bodies.map((body) => (body.length ?? body.epcisBody.eventList.length) as number)),
    ).toBeLessThanOrEqual(50);
  });

  it.each([
    [['--out', 'x', '--url', 'http://127.0.0.1:1'], /either --out FILE or --url URL/],
    [[], /either --out FILE or --url URL/],
    [['--size', 'huge', '--out', 'x'], /small, medium, large/],
    [['--days', '0', '--out', 'x'], /whole number, 1 or more/],
    [['--days', '1.5', '--out', 'x'], /whole number/],
    [['--errors', '2', '--out', 'x'], /share from 0 to 1/],
    [['--url', 'somewhere'], /http:\/\/host:port/],
    [['--seed', 'x', '--out', 'x'], /whole number, 0 or more/],
  ])('refuses %j', async (options, reason) => {
    await expect(run(...options)).rejects.toThrow(reason);
  });

  it('says which file cannot be written', async () => {
    await expect(run('--days', '1', '--out', out('nowhere/plant'))).rejects.toThrow(/ENOENT.*nowhere/);
  });
});
