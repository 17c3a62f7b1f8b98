import { describe, expect, it } from '@jest/globals';
import {
  ConsumptionBegun,
  decided,
  RunAborted,
  RunCompleted,
  RunStarted,
  StepAborted,
  StepCompleted,
  StepPaused,
  StepResumed,
  StepStarted,
  TransformationRecorded,
  type TransformationKind,
  type TransformationStatement,
} from '#contracts';
import { given } from '#testkit';
import { productionDecider, type ProductionCommand } from './decide.js';
import type { ProductionEvent } from './production.js';
import type { StepCommand } from './steps.js';
import { actOf, stepTransformationId, transformationId } from './transformation-id.js';

const now = '2026-04-20T12:00:00.000Z';
const at = '2026-04-20T08:00:00.000Z';
const later = '2026-04-20T09:00:00.000Z';
const kgm = (value: string) => ({ value, unit: 'KGM' });
const place = 'https://id.gs1.org/414/9506000100016';
const milk = 'https://id.gs1.org/01/09506000134352/10/MILK-0419';
const culture = 'https://id.gs1.org/01/09506000134369/10/CULTURE-7';
const yoghurt = 'https://id.gs1.org/01/09506000134376/10/YOG-0420';
const [run, step] = ['R-1', 'ferment'];
const transformation = stepTransformationId(undefined, run, step);
const items = new Map();

const started = decided(RunStarted, at, { run, place });
const stepStarted = (kind: TransformationKind = 'production') =>
  decided(StepStarted, at, { run, step, transformation, kind });
const paused = decided(StepPaused, later, { run, step, reason: 'shift' });
const resumed = decided(StepResumed, later, { run, step });
const completed = decided(StepCompleted, later, { run, step, consumed: [], produced: [] });
const aborted = decided(StepAborted, later, { run, step, reason: 'spoilt' });

type Parts = Partial<Pick<TransformationStatement, 'inputs' | 'outputs' | 'losses' | 'kind'>>;
const statement = (parts: Parts): TransformationStatement => ({
  kind: 'production',
  place,
  inputs: [],
  outputs: [],
  ...parts,
});
const consume = (lot: string, value: string): Parts => ({ inputs: [{ lot, amount: kgm(value) }] });
const produce = (lot: string, value: string): Parts => ({ outputs: [{ lot, amount: kgm(value), role: 'product' }] });

let sequence = 0;
const recorded = (parts: Parts): ProductionEvent => {
  const id = transformationId(`T-${++sequence}`, run);
  return {
    ...decided(TransformationRecorded, later, {
      transformation: id,
      act: actOf(id),
      run,
      step,
      partOf: transformation,
      statement: statement(parts),
    }),
    id: `00000000-0000-8000-8000-${String(sequence).padStart(12, '0')}`,
  };
};
const record = (parts: Parts, eventTime = later): ProductionCommand => ({
  type: 'record',
  transformation: transformationId('T', run),
  run,
  step,
  statement: statement(parts),
  eventTime,
  now,
  items,
});
const change = (type: Exclude<StepCommand['type'], 'start-step'>, time = later): ProductionCommand => ({
  type,
  step,
  at: time,
  now,
  reason: 'shift',
  items,
});
const start: ProductionCommand = { type: 'start-step', step, transformation, kind: 'production', at, now };

describe('a step', () => {
  it('is started, rests, goes on, ends with its totals', () => {
    given(productionDecider, started).when(start).then(stepStarted());
    given(productionDecider, started, stepStarted()).when(change('pause-step')).then(paused);
    given(productionDecider, started, stepStarted(), paused).when(change('resume-step')).then(resumed);
    given(
      productionDecider,
      started,
      stepStarted(),
      recorded(consume(milk, '60')),
      recorded(consume(milk, '40')),
      recorded({ ...produce(yoghurt, '97'), losses: [{ amount: kgm('1') }] }),
    )
      .when(change('complete-step'))
      .then(decided(StepCompleted, later, { run, step, consumed: [kgm('100')], produced: [kgm('97')] }));
  });

  const standing: Record<string, ProductionEvent[]> = {
    running: [],
    paused: [paused],
    completed: [completed],
    aborted: [aborted],
  };
  it.each<[string, ProductionCommand, string]>([
    ['running', start, 'step-started'],
    ['aborted', start, 'step-started'],
    ['paused', change('pause-step'), 'step-paused'],
    ['completed', change('pause-step'), 'step-completed'],
    ['running', change('resume-step'), 'step-not-paused'],
    ['aborted', change('resume-step'), 'step-aborted'],
    ['paused', change('complete-step'), 'step-paused'],
    ['completed', change('complete-step'), 'step-completed'],
    ['completed', change('abort-step'), 'step-completed'],
    ['paused', record(consume(milk, '1')), 'step-paused'],
    ['completed', record(consume(milk, '1')), 'step-completed'],
    ['aborted', record(produce(yoghurt, '1')), 'step-aborted'],
  ])('that is %s refuses what is out of order', (status, command, code) => {
    given(productionDecider, started, stepStarted(), ...standing[status]!)
      .when(command)
      .thenRefused(code);
  });

  it('says all that is wrong at once', () => {
    given(
      productionDecider,
      started,
      stepStarted(),
      paused,
      decided(RunCompleted, later, { run, consumed: [], produced: [] }),
    )
      .when(record({ ...produce(yoghurt, '1'), kind: 'rework' }, '2026-04-20T07:00:00Z'))
      .thenRefused('run-completed', 'step-paused', 'before-step-start', 'kind-of-step');
    given(productionDecider, started, stepStarted(), paused)
      .when(change('complete-step', '2026-04-20T08:30:00Z'))
      .thenRefused('step-paused', 'before-last-change');
    given(productionDecider, started, stepStarted())
      .when(change('pause-step', '2026-04-21T08:30:00Z'))
      .thenRefused('in-the-future');
  });

  it('is one of a run that goes on, known by name and by one transformation', () => {
    given(productionDecider).when(start).thenRefused('run-unknown');
    given(productionDecider, started).when(change('pause-step')).thenRefused('step-unknown');
    given(productionDecider, started, decided(RunAborted, at, { run, reason: 'x' }))
      .when(start)
      .thenRefused('run-aborted');
    given(productionDecider, started, stepStarted())
      .when({ ...start, step: 'fill' })
      .thenRefused('transformation-exists');
  });

  it('takes records in as parts of its transformation, one-sided and with losses alone', () => {
    for (const parts of [consume(milk, '60'), produce(yoghurt, '1'), { losses: [{ amount: kgm('1') }] }]) {
      const [event] = given(productionDecider, started, stepStarted()).when(record(parts)).events();
      expect(event!.data).toMatchObject({ step, partOf: transformation });
    }
    given(productionDecider, started, stepStarted()).when(record({})).thenRefused('nothing-transformed');
    // A name that no step was started under is a mere name.
    const [event] = given(productionDecider, started)
      .when(record({ ...consume(milk, '1'), ...produce(yoghurt, '1') }))
      .events();
    expect(event!.data).not.toHaveProperty('partOf');
  });

  it('is not made of itself by way of its records, but in a rework', () => {
    given(productionDecider, started, stepStarted(), recorded(consume(milk, '1')))
      .when(record(produce(milk, '1')))
      .thenRefused('made-of-itself');
    given(productionDecider, started, stepStarted(), recorded(produce(yoghurt, '1')))
      .when(record(consume(yoghurt, '1')))
      .thenRefused('made-of-itself');
    expect(
      given(productionDecider, started, stepStarted('rework'), recorded({ ...consume(milk, '1'), kind: 'rework' }))
        .when(record({ ...produce(milk, '1'), kind: 'rework' }))
        .events(),
    ).toHaveLength(1);
  });

  it('does not end with more out than in, losses counted, nor as less than its kind', () => {
    const inAndOut = (...parts: Parts[]) => given(productionDecider, started, stepStarted(), ...parts.map(recorded));
    inAndOut(produce(yoghurt, '99'), consume(milk, '100'), { losses: [{ amount: kgm('2') }] })
      .when(change('complete-step'))
      .thenRefused('more-out-than-in');
    expect(inAndOut(produce(yoghurt, '99')).when(change('complete-step')).events()).toHaveLength(1);
    given(productionDecider, started, stepStarted('split'), recorded({ ...consume(milk, '1'), kind: 'split' }))
      .when(change('complete-step'))
      .thenRefused('not-a-split');
  });

  it('does not end while stock is asked for in it; a step beside it does', () => {
    const id = transformationId('T', run);
    const begun = decided(ConsumptionBegun, later, {
      transformation: id,
      act: actOf(id),
      run,
      attempt: 1,
      step,
      statement: statement(consume(milk, '1')),
    });
    for (const end of ['complete-step', 'abort-step'] as const)
      given(productionDecider, started, stepStarted(), begun).when(change(end)).thenRefused('consumption-open');
    const beside = decided(StepStarted, at, {
      run,
      step: 'fill',
      transformation: 'urn:t:2',
      kind: 'production' as const,
    });
    expect(
      given(productionDecider, started, stepStarted(), beside, begun)
        .when({ ...change('complete-step'), step: 'fill' } as ProductionCommand)
        .events(),
    ).toHaveLength(1);
    // Paused meanwhile: what has asked for stock is not recorded, and gives it back.
    given(productionDecider, started, stepStarted(), begun, paused)
      .when({ ...record(consume(milk, '1')), attempt: 1 } as ProductionCommand)
      .thenRefused('step-paused');
  });

  it('is corrected as what it is part of, also after its end, then held against the whole', () => {
    const one = recorded(consume(milk, '100'));
    const of = (one.data as { transformation: string }).transformation;
    const correct = (value: string): ProductionCommand => ({
      type: 'correct',
      transformation: of,
      run,
      reason: 'typed wrong',
      statement: statement(consume(milk, value)),
      now,
      items,
    });
    const history = [started, stepStarted(), one, recorded(produce(yoghurt, '97')), completed];
    const [event] = given(productionDecider, ...history)
      .when(correct('98'))
      .events();
    expect(event!.data).toMatchObject({ partOf: transformation, step });
    given(productionDecider, ...history)
      .when(correct('90'))
      .thenRefused('more-out-than-in');
    const losing = statement({ ...consume(milk, '97'), losses: [{ amount: kgm('1') }] });
    given(productionDecider, ...history)
      .when({ ...(correct('97') as Extract<ProductionCommand, { type: 'correct' }>), statement: losing })
      .thenRefused('more-out-than-in');
  });

  it('does not take a record of another step for its own', () => {
    const one = recorded(consume(milk, '1'));
    const again = {
      ...(record(consume(milk, '1')) as Extract<ProductionCommand, { type: 'record' }>),
      transformation: (one.data as { transformation: string }).transformation,
    };
    given(productionDecider, started, stepStarted(), one).when(again).thenNothing();
    given(productionDecider, started, stepStarted(), one)
      .when({ ...again, step: 'fill' })
      .thenRefused('transformation-exists');
  });
});

describe('a run with steps', () => {
  it('is not completed while one is open, and ends them where it is given up', () => {
    given(productionDecider, started, stepStarted(), paused)
      .when({ type: 'complete', at: later })
      .thenRefused('step-open');
    const abort: ProductionCommand = { type: 'abort', reason: 'no power', at: later, now };
    const gone = decided(RunAborted, later, { run, reason: 'no power' });
    given(productionDecider, started, stepStarted()).when(abort).then(gone);
    given(productionDecider, started, stepStarted(), gone).when(abort).thenNothing();
    expect(given(productionDecider, started, stepStarted()).when(abort).state().steps.get(step)?.status).toBe(
      'aborted',
    );
    given(productionDecider, started, gone).when({ type: 'complete', at: later }).thenRefused('run-aborted');
    given(productionDecider, started, decided(RunCompleted, later, { run, consumed: [], produced: [] }))
      .when(abort)
      .thenRefused('run-completed');
    given(productionDecider).when(abort).thenRefused('run-unknown');
  });
});

describe('a disassembly', () => {
  const machine = { lot: 'urn:l:machine', amount: { value: '1', unit: 'EA' } };
  const screws = { lot: 'urn:l:screws', amount: { value: '100', unit: 'EA' }, role: 'product' as const };
  const disassemble = (parts: Parts): ProductionCommand =>
    ({
      ...record({ kind: 'disassembly', ...parts }),
      step: undefined,
    }) as ProductionCommand;

  it('gives more pieces than it takes, of one lot; not more weight', () => {
    expect(
      given(productionDecider, started)
        .when(disassemble({ inputs: [machine], outputs: [screws] }))
        .events(),
    ).toHaveLength(1);
    given(productionDecider, started)
      .when(disassemble({ inputs: [machine] }))
      .thenRefused('not-a-disassembly');
    given(productionDecider, started)
      .when(disassemble({ inputs: [machine, { ...machine, lot: culture }], outputs: [screws] }))
      .thenRefused('not-a-disassembly');
    given(productionDecider, started)
      .when(disassemble({ ...consume(milk, '1'), ...produce(yoghurt, '2') }))
      .thenRefused('more-out-than-in');
  });
});
