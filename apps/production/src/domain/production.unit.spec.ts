import { describe, expect, it } from '@jest/globals';
import {
  ConsumptionAbandoned,
  ConsumptionBegun,
  ConsumptionReturned,
  decided,
  RunCompleted,
  RunStarted,
  TransformationCorrected,
  TransformationRecorded,
  type TransformationStatement,
} from '#contracts';
import { given } from '#testkit';
import { productionDecider, type ProductionCommand } from './decide.js';
import type { ItemDefinition } from './item.js';
import type { ProductionEvent } from './production.js';
import { actOf, transformationId } from './transformation-id.js';

const now = '2026-04-20T08:00:00.000Z';
const eventTime = '2026-04-20T07:00:00+02:00';
const kgm = (value: string) => ({ value, unit: 'KGM' });
const milk = 'https://id.gs1.org/01/09506000134352/10/MILK-0419';
const culture = 'https://id.gs1.org/01/09506000134369/10/CULTURE-7';
const yoghurt = 'https://id.gs1.org/01/09506000134376/10/YOG-0420';
const run = 'R-1';
const transformation = transformationId('ferment', run);
const act = actOf(transformation);

const statement: TransformationStatement = {
  kind: 'production',
  place: 'https://id.gs1.org/414/9506000100016',
  inputs: [
    { lot: milk, amount: kgm('300') },
    { lot: culture, amount: kgm('2') },
  ],
  outputs: [{ lot: yoghurt, amount: kgm('298'), role: 'product' }],
};
const started = decided(RunStarted, now, { run, place: statement.place });
const completed = decided(RunCompleted, now, { run, consumed: [], produced: [] });
const begun = decided(ConsumptionBegun, eventTime, { transformation, act, run, attempt: 1, statement });
const recorded: ProductionEvent = {
  ...decided(TransformationRecorded, eventTime, { transformation, act, run, statement }),
  id: '00000000-0000-8000-8000-000000000001',
};
const stated = { transformation, run, statement, eventTime, now, items: new Map<string, ItemDefinition>() };
const record = (changes: Partial<TransformationStatement>, more: Partial<typeof stated> = {}): ProductionCommand => ({
  type: 'record',
  ...stated,
  ...more,
  statement: { ...statement, ...changes },
});

describe('a production run', () => {
  it('is started once', () => {
    const start: ProductionCommand = { type: 'start', run: started.data, at: now };
    given(productionDecider).when(start).then(started);
    given(productionDecider, started).when(start).thenNothing();
    given(productionDecider, started)
      .when({ ...start, run: { ...started.data, order: 'PO-1' } })
      .thenRefused('run-exists');
  });

  it('is completed with its totals, voided transformations left out', () => {
    given(productionDecider, started, begun, recorded)
      .when({ type: 'complete', at: now })
      .then(decided(RunCompleted, now, { run, consumed: [kgm('302')], produced: [kgm('298')] }));
    const voided = decided(TransformationCorrected, eventTime, {
      transformation,
      act,
      run,
      reason: 'never happened',
      voids: recorded.id ?? '',
    });
    given(productionDecider, started, recorded, voided).when({ type: 'complete', at: now }).then(completed);
    given(productionDecider, started, completed).when({ type: 'complete', at: now }).thenNothing();
  });

  it('is not completed while a transformation asks for stock, nor before it is started', () => {
    given(productionDecider, started, begun).when({ type: 'complete', at: now }).thenRefused('consumption-open');
    given(productionDecider).when({ type: 'complete', at: now }).thenRefused('run-unknown');
  });

  it('takes no transformation before its start or after its completion', () => {
    given(productionDecider)
      .when({ type: 'begin', ...stated })
      .thenRefused('run-unknown');
    given(productionDecider, started, completed)
      .when({ type: 'begin', ...stated })
      .thenRefused('run-completed');
  });
});

describe('the stock of a transformation', () => {
  it('is asked for once by the same statement', () => {
    given(productionDecider, started)
      .when({ type: 'begin', ...stated })
      .then(begun);
    given(productionDecider, started, begun)
      .when({ type: 'begin', ...stated })
      .thenNothing();
    given(productionDecider, started, begun, recorded)
      .when({ type: 'begin', ...stated })
      .thenNothing();
  });

  it('is not asked for otherwise while an attempt stands', () => {
    const otherwise = { ...stated, statement: { ...statement, inputs: [{ lot: milk, amount: kgm('310') }] } };
    given(productionDecider, started, begun)
      .when({ type: 'begin', ...otherwise })
      .thenRefused('attempt-open');
  });

  it('is asked for anew once the attempt before is over', () => {
    const abandoned = decided(ConsumptionAbandoned, now, {
      transformation,
      act,
      run,
      attempt: 1,
      reason: 'cut short',
      issued: true,
    });
    const returned = decided(ConsumptionReturned, now, { transformation, act, run, attempt: 1 });
    given(productionDecider, started, begun, abandoned)
      .when({ type: 'begin', ...stated })
      .thenRefused('attempt-open');
    given(productionDecider, started, begun, abandoned)
      .when({ type: 'return', transformation, run, attempt: 1, now })
      .then(returned);
    given(productionDecider, started, begun, abandoned, returned)
      .when({ type: 'begin', ...stated })
      .then(decided(ConsumptionBegun, eventTime, { ...begun.data, attempt: 2 }));
  });

  it('fences an attempt off: what was given up cannot be recorded, what was recorded cannot be given up', () => {
    const abandon: ProductionCommand = {
      type: 'abandon',
      transformation,
      run,
      attempt: 1,
      reason: 'refused',
      issued: false,
      now,
    };
    const [abandoned] = given(productionDecider, started, begun).when(abandon).events();
    given(productionDecider, started, begun, abandoned!)
      .when({ type: 'record', attempt: 1, ...stated })
      .thenRefused('attempt-superseded');
    given(productionDecider, started, begun, recorded).when(abandon).thenNothing();
  });
});

describe('a transformation', () => {
  it('is recorded under its attempt, once', () => {
    const { id: _, ...event } = recorded;
    given(productionDecider, started, begun)
      .when({ type: 'record', attempt: 1, ...stated })
      .then(event);
    given(productionDecider, started, recorded)
      .when({ type: 'record', ...stated })
      .thenNothing();
    given(productionDecider, started, recorded)
      .when(record({ outputs: [] }))
      .thenRefused('transformation-exists');
  });

  it('is refused with every reason at once', () => {
    given(productionDecider, started, completed)
      .when(
        record(
          {
            inputs: [
              { lot: milk, amount: kgm('1') },
              { lot: milk, amount: kgm('1') },
            ],
            outputs: [
              {
                lot: milk,
                amount: kgm('5'),
                role: 'product',
                dates: { production: '2026-04-20', expiry: '2026-04-19' },
              },
            ],
          },
          { eventTime: '2026-04-21T00:00:00Z' },
        ),
      )
      .thenRefused(
        'run-completed',
        'listed-twice',
        'made-of-itself',
        'more-out-than-in',
        'dates-contradict',
        'in-the-future',
      );
  });

  it.each([
    ['nothing-transformed', { inputs: [], outputs: [] }],
    ['not-a-split', { kind: 'split' }],
    ['not-a-merge', { kind: 'merge', inputs: [statement.inputs[0]!] }],
    ['not-a-relabel', { kind: 'relabel' }],
    ['not-a-repack', { kind: 'repack', outputs: [] }],
    ['not-a-rework', { kind: 'rework', inputs: [] }],
  ] satisfies [string, Partial<TransformationStatement>][])('is no transformation of its kind: %s', (code, changes) => {
    given(productionDecider, started).when(record(changes)).thenRefused(code);
  });

  it('counts a lot in pieces and by weight, side by side, each once', () => {
    const pieces = { value: '600', unit: 'EA' };
    const output = statement.outputs[0]!;
    const both = record({ outputs: [output, { ...output, amount: pieces }] });
    expect(given(productionDecider, started).when(both).events()).toHaveLength(1);
    given(productionDecider, started)
      .when(record({ outputs: [output, { ...output, amount: { value: '1', unit: 'GRM' } }] }))
      .thenRefused('listed-twice');
    // More pieces than went in are no more goods; more weight is, however it is counted besides.
    const inputs = [
      { lot: milk, amount: kgm('300') },
      { lot: milk, amount: { value: '1', unit: 'EA' } },
    ];
    const outputs = (value: string) => [
      { ...output, amount: pieces },
      { ...output, amount: kgm(value) },
    ];
    expect(
      given(productionDecider, started)
        .when(record({ inputs, outputs: outputs('300') }))
        .events(),
    ).toHaveLength(1);
    given(productionDecider, started)
      .when(record({ inputs, outputs: outputs('301') }))
      .thenRefused('more-out-than-in');
  });

  it('may give as much more as its item tolerates, in any unit, and what is made of nothing has no limit', () => {
    const item: ItemDefinition = {
      item: 'https://id.gs1.org/01/09506000134376',
      name: 'Yoghurt',
      kind: 'finished',
      baseUnit: 'KGM',
      tolerance: '0.02',
    };
    const items = new Map([[item.item, item]]);
    const made = (value: string, unit: string) => [{ lot: yoghurt, amount: { value, unit }, role: 'product' as const }];
    const giving = (value: string, unit: string) =>
      given(productionDecider, started).when(record({ outputs: made(value, unit) }, { items }));
    expect(giving('308040', 'GRM').events()).toHaveLength(1); // 302 × 1.02 = 308.04
    giving('308040.1', 'GRM').thenRefused('more-out-than-in');
    expect(giving('5000', 'LTR').events()).toHaveLength(1);
    expect(
      given(productionDecider, started)
        .when(record({ inputs: [] }))
        .events(),
    ).toHaveLength(1);
  });

  it('needs its dates where the item says that they are given', () => {
    const item: ItemDefinition = {
      item: 'https://id.gs1.org/01/09506000134376',
      name: 'Yoghurt',
      kind: 'finished',
      baseUnit: 'KGM',
      shelfLife: { rule: 'given' },
    };
    given(productionDecider, started)
      .when(record({}, { items: new Map([[item.item, item]]) }))
      .thenRefused('dates-required');
  });
});

describe('a correction', () => {
  const less = { ...statement, inputs: [{ lot: milk, amount: kgm('299') }] };
  const correction: ProductionCommand = {
    type: 'correct',
    transformation,
    run,
    reason: 'typed 300 for 299',
    statement: less,
    now,
    items: new Map(),
  };

  it('voids what was said and states it anew, also in a completed run', () => {
    given(productionDecider, started, recorded, completed)
      .when(correction)
      .then(
        decided(TransformationCorrected, eventTime, {
          transformation,
          act,
          run,
          reason: 'typed 300 for 299',
          voids: recorded.id ?? '',
          statement: less,
        }),
      );
  });

  it('of a correction voids the correction', () => {
    const [first] = given(productionDecider, started, recorded).when(correction).events();
    const again = { ...first!, id: '00000000-0000-8000-8000-000000000002' };
    const { statement: _, ...void_ } = correction;
    const [second] = given(productionDecider, started, recorded, again)
      .when({ ...void_, reason: 'it did not happen' })
      .events();
    expect(second).toMatchObject({ data: { voids: again.id, reason: 'it did not happen' } });
    expect(second!.data).not.toHaveProperty('statement');
  });

  it('has the issue of what it corrects taken out of the stock book, once', () => {
    const [first] = given(productionDecider, started, begun, recorded).when(correction).events();
    expect(first!.data).toMatchObject({ attempt: 1 });
    const returned = decided(ConsumptionReturned, now, { transformation, act, run, attempt: 1 });
    given(productionDecider, started, begun, recorded, first!)
      .when({ type: 'return', transformation, run, attempt: 1, now })
      .then(returned);
    const [second] = given(productionDecider, started, begun, recorded, first!, returned)
      .when({ ...correction, statement })
      .events();
    expect(second!.data).not.toHaveProperty('attempt');
  });

  it('that says the same changes nothing; one of nothing recorded is not found', () => {
    given(productionDecider, started, recorded)
      .when({ ...correction, statement })
      .thenNothing();
    given(productionDecider, started).when(correction).thenRefused('transformation-unknown');
  });
});
