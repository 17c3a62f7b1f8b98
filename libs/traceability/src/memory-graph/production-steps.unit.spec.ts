import { describe, expect, it } from '@jest/globals';
import { TransformationCorrected, TransformationRecorded, type RecordedEvent } from '#contracts';
import { confirmedDifferently } from '../ledger/index.js';
import type { Happening } from '../happening.js';
import { interpret } from '../interpret/index.js';
import { epcisEvent } from '../interpret/spec/captured.js';
import { masterDataOf } from '../master-data/index.js';
import { trace, type Trace } from '../trace/index.js';
import { graphOf } from './graph.js';

const place = 'https://id.gs1.org/414/9506000100016';
const lot = (code: string): string => `https://id.gs1.org/01/09506000134352/10/${code}`;
const step = 'urn:lotline:step:R-1:blend';
type Amounts = Record<string, number>;

const idOf = (n: number): string => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;

/** The nth thing said, a minute after the one before. */
const recorded = (n: number, inputs: Amounts, outputs: Amounts, partOf?: string): RecordedEvent => {
  const legs = (amounts: Amounts) =>
    Object.entries(amounts).map(([code, kilos]) => ({
      lot: lot(code),
      amount: { value: String(kilos), unit: 'KGM' },
    }));
  const transformation = `urn:lotline:transformation:R-1:${n}`;
  return {
    id: idOf(n),
    type: TransformationRecorded.type,
    schemaVersion: 1,
    eventTime: `2026-03-01T09:0${n}:00Z`,
    data: {
      ...{ transformation, act: `transformation:${transformation}`, run: 'R-1', step: 'blend' },
      ...(partOf !== undefined && { partOf }),
      statement: {
        ...{ kind: 'production', place, inputs: legs(inputs) },
        outputs: legs(outputs).map((output) => ({ ...output, role: 'product' })),
      },
    },
    meta: { source: 'lotline/production', actor: 'spec', correlationId: 'spec' },
    stream: 'run-R-1',
    revision: n,
    position: String(n).padStart(16, '0'),
    recordTime: '2026-03-01T10:00:00.000Z',
  };
};
const happenings = (events: readonly RecordedEvent[]): Happening[] => events.flatMap(interpret);
const traced = (events: readonly RecordedEvent[], from: string): Promise<Trace> =>
  trace({ lot: lot(from), direction: 'both' }, graphOf(happenings(events), masterDataOf([])));
const shareOf = ({ forward }: Trace, code: string): number | null | undefined =>
  forward?.lots.find(({ id }) => id === lot(code))?.exposure?.share;

describe('a step recorded bit by bit', () => {
  const records = [
    recorded(1, { A: 60 }, {}, step),
    recorded(2, {}, { X: 50 }, step),
    recorded(3, { B: 40 }, {}, step),
    recorded(4, {}, { Y: 48 }, step),
  ];

  it('is one transformation: every input is in every output, whatever order the records come in', async () => {
    for (const events of [records, [...records].reverse()]) {
      const found = await traced(events, 'A');
      expect(
        found.forward?.transformations.map(({ id, inputs, outputs }) => [id, inputs.length, outputs.length]),
      ).toEqual([[step, 2, 2]]);
      expect([shareOf(found, 'X'), shareOf(found, 'Y')]).toEqual([0.6, 0.6]);
    }
    expect((await traced(records, 'X')).back?.lots.map(({ id }) => id).sort()).toEqual([lot('A'), lot('B')]);
  });

  it('stays one where a record of it is corrected', async () => {
    const first = records[0]!;
    const { transformation, act } = first.data as { transformation: string; act: string };
    const right = recorded(5, { A: 40 }, {}, step);
    const { statement } = right.data as { statement: object };
    const correction = {
      ...right,
      type: TransformationCorrected.type,
      data: {
        transformation,
        act,
        run: 'R-1',
        step: 'blend',
        partOf: step,
        reason: 'typed',
        voids: first.id,
        statement,
      },
    };
    expect(shareOf(await traced([...records, correction], 'A'), 'Y')).toBe(0.5);
  });

  it('is replaced as a whole by a fact that carries its transformation, and compared as a whole', async () => {
    const quantity = (code: string, value: number) => ({ epcClass: lot(code), quantity: value, uom: 'KGM' });
    const fact = epcisEvent({
      type: 'TransformationEvent',
      transformationID: step,
      bizLocation: { id: place },
      inputQuantityList: [quantity('A', 60), quantity('B', 60)],
      outputQuantityList: [quantity('X', 50), quantity('Y', 48)],
    });
    const all = [...records, fact];
    expect(confirmedDifferently(happenings(all)).map(({ lot: of, amount }) => [of, amount])).toEqual([
      [lot('B'), { value: '20', unit: 'KGM' }],
    ]);
    expect(shareOf(await traced(all, 'A'), 'X')).toBe(0.5);
  });
});

describe('a blending tank', () => {
  it('that is one lot for ever has the average of all its fillings, drawn from or not', async () => {
    const events = [
      recorded(1, { BAD: 100 }, { TANK: 100 }),
      recorded(2, { TANK: 50 }, { EARLY: 50 }),
      recorded(3, { GOOD: 150 }, { TANK: 150 }),
      recorded(4, { TANK: 100 }, { LATE: 100 }),
    ];
    const found = await traced(events, 'BAD');
    expect([shareOf(found, 'EARLY'), shareOf(found, 'LATE')]).toEqual([0.4, 0.4]);
  });

  it('that is a new lot at every filling, with what was left in it, has what was in it at each draw', async () => {
    const events = [
      recorded(1, { BAD: 100 }, { 'TANK-1': 100 }),
      recorded(2, { 'TANK-1': 50 }, { EARLY: 50 }),
      recorded(3, { 'TANK-1': 50, GOOD: 150 }, { 'TANK-2': 200 }),
      recorded(4, { 'TANK-2': 100 }, { LATE: 100 }),
    ];
    const found = await traced(events, 'BAD');
    expect([shareOf(found, 'EARLY'), shareOf(found, 'LATE')]).toEqual([1, 0.25]);
  });
});

describe('a lot that is counted and weighed', () => {
  it('is made in both dimensions, side by side; what it has of a suspect cannot be told, its worst case can', async () => {
    const event = recorded(1, { A: 5 }, { X: 5 });
    const { statement } = event.data as { statement: { outputs: { amount: object }[] } };
    const [output] = statement.outputs;
    statement.outputs.push({ ...output!, amount: { value: '10', unit: 'EA' } });
    const found = (await traced([event], 'A')).forward?.lots.find(({ id }) => id === lot('X'));
    expect(found?.made).toEqual([
      { value: '10', unit: 'EA' },
      { value: '5', unit: 'KGM' },
    ]);
    expect(found?.exposure).toMatchObject({ share: null, worstCase: { value: '5', unit: 'KGM' } });
  });
});
