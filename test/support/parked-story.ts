import { expect } from '@jest/globals';
import type { Pool } from 'pg';
import { captureEvents } from './capture-events.js';
import type { Ran } from './command-line.js';
import { madeEvent } from './plant-load.js';
import type { Api } from './start-standalone.js';

/** An installation of either profile, as its users and operators reach it. */
export interface Installation {
  api: Api;
  lotline: (...words: string[]) => Promise<Ran>;
  pool: Pool;
}

const PLANT = 'https://id.gs1.org/414/9506000100016';
const lot = (name: string): string => `urn:example:lot:parked-${name}`;
const id = (name: string): string => `urn:example:event:parked-${name}`;
const transformed = (name: string, from: string, to: string): object => ({
  type: 'TransformationEvent',
  eventID: id(name),
  eventTime: '2026-03-02T08:00:00Z',
  eventTimeZoneOffset: '+01:00',
  bizStep: 'creating_class_instance',
  bizLocation: { id: PLANT },
  inputQuantityList: [{ epcClass: lot(from), quantity: 10, uom: 'KGM' }],
  outputQuantityList: [{ epcClass: lot(to), quantity: 9, uom: 'KGM' }],
});

/** What the defect keeps from being applied. */
const POISON = id('poison');
const FACTS = [
  madeEvent(id('made-flour'), lot('flour')),
  madeEvent(id('made-sugar'), lot('sugar')),
  transformed('poison', 'flour', 'bread'),
  transformed('bread-to-toast', 'bread', 'toast'),
  transformed('sugar-to-syrup', 'sugar', 'syrup'),
];

/** A defect of this release in one place: the read model cannot take one fact, whatever else is in its batch. */
const breakReadModel = async (pool: Pool, schema: string): Promise<void> => {
  await pool.query(`
    CREATE FUNCTION ${schema}.defect() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'a defect of this release'; END $$;
    CREATE TRIGGER defect BEFORE INSERT ON ${schema}.facts FOR EACH ROW WHEN (NEW.event_id = '${POISON}')
      EXECUTE FUNCTION ${schema}.defect();`);
};
const mendReadModel = async (pool: Pool, schema: string): Promise<void> => {
  await pool.query(`DROP TRIGGER defect ON ${schema}.facts; DROP FUNCTION ${schema}.defect();`);
};

/** Both keep the facts, each in tables of its own. */
const MODELS = ['genealogy', 'stock'];
const activeSchemas = async (pool: Pool): Promise<string[]> =>
  (
    await pool.query<{ schema: string }>('SELECT schema FROM projections.active WHERE projection = ANY ($1)', [MODELS])
  ).rows.map(({ schema }) => schema);

interface Told {
  complete: boolean;
  cut: { reason: string; at: string[] } | null;
  forward: { lots: { id: string }[] };
}

/**
 * One fact cannot be applied: it is parked, everything else flows, answers that it touches say so and no others do; the
 * operator sees it, tries in vain, mends the cause and tries again, and nothing of it is left.
 */
export const parkedStory = async ({ api, lotline, pool }: Installation): Promise<void> => {
  const schemas = await activeSchemas(pool);
  for (const schema of schemas) await breakReadModel(pool, schema);
  const position = await captureEvents(api, FACTS);
  const ask = async (path: string): Promise<any> => {
    const { status, body } = await api('GET', `${path}${path.includes('?') ? '&' : '?'}minPosition=${position}`);
    expect([path, status]).toEqual([path, 200]);
    return body;
  };
  const forward = async (name: string): Promise<Told> =>
    (await ask(`/genealogy/trace?direction=forward&lot=${lot(name)}`)) as Told;
  const reached = ({ forward: { lots } }: Told): string[] => lots.map((each) => each.id).sort();
  const parked = { complete: false, cut: { reason: 'parked', at: [POISON] } };
  const whole = { complete: true, cut: null };

  // Everything else flows, also what came after it and names the same lots.
  const flour = await forward('flour');
  expect([flour, reached(flour)]).toMatchObject([parked, []]);
  const bread = await forward('bread');
  expect([bread, reached(bread)]).toMatchObject([parked, [lot('toast')]]);
  const sugar = await forward('sugar');
  expect([sugar, reached(sugar)]).toMatchObject([whole, [lot('syrup')]]);
  expect(await ask(`/genealogy/lots/${lot('bread')}`)).toMatchObject({ complete: false, parked: [POISON] });
  expect(await ask(`/genealogy/lots/${lot('syrup')}`)).toMatchObject({ complete: true, parked: [] });

  const touched = { complete: false, parked: [POISON] };
  const untouched = { complete: true, parked: [] };
  for (const path of ['/genealogy/discrepancies', '/inventory/stock']) {
    expect([path, await ask(`${path}?lot=${lot('bread')}`)]).toMatchObject([path, touched]);
    expect([path, await ask(path)]).toMatchObject([path, touched]);
    expect([path, await ask(`${path}?lot=${lot('syrup')}`)]).toMatchObject([path, untouched]);
  }

  // The operator sees it.
  const { printed } = await lotline('projections', 'parked', '--json');
  const rows = JSON.parse(printed) as { eventId: string; projection: string; error: string; follows: boolean }[];
  expect(rows.map(({ projection, follows }) => [projection, follows]).sort()).toEqual(MODELS.map((m) => [m, false]));
  const [{ eventId, error } = { eventId: '', error: '' }] = rows;
  expect(error).toContain('a defect of this release');
  expect((await lotline('projections', 'list')).printed).toMatch(/^genealogy .* active +running .* 1$/m);

  // Tried before the cause is gone, it stays parked; a rebuild repeats what is known and hides nothing.
  const choice = ['--event', eventId, '--reason', 'to see whether it is gone'];
  const inVain = await lotline('projections', 'retry', 'genealogy', ...choice);
  expect(inVain).toMatchObject({ exitCode: 1, printed: expect.stringMatching(`${eventId} +parked +2 `) });
  expect(await forward('flour')).toMatchObject(parked);

  for (const schema of schemas) await mendReadModel(pool, schema);
  for (const model of MODELS) {
    const done = await lotline('projections', 'retry', model, ...choice);
    expect(done).toMatchObject({ exitCode: 0, printed: expect.stringMatching(`${eventId} +retried`) });
  }
  const mended = await forward('flour');
  expect([mended, reached(mended)]).toMatchObject([whole, [lot('bread'), lot('toast')]]);
  expect(await ask(`/genealogy/lots/${lot('bread')}`)).toMatchObject({ complete: true, parked: [] });
  for (const path of ['/genealogy/discrepancies', '/inventory/stock'])
    expect([path, await ask(path)]).toMatchObject([path, untouched]);
  expect(JSON.parse((await lotline('projections', 'parked', '--json')).printed)).toEqual([]);
  // Switched only where every row is what a rebuild from the log makes of it.
  for (const model of MODELS)
    expect((await lotline('projections', 'rebuild', model)).printed).toMatch(/Readers see \S+ from now on/);
};
