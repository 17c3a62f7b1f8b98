import type { Act, CaptureAct, CommandAct, DoorApp, ReadAct, SentFact, Story } from '../plan/act.js';
import { EPCIS_CONTEXT } from '../plan/fact-story.js';
import type { Trace } from '../report/trace.js';
import { askOnce, type Answered, backOff } from './ask.js';
import type { SaidSoFar } from './said.js';

/** Writes records to the way in; resolves when the broker has them for good. */
export type KafkaDoor = (
  records: readonly { key: string; value: string; headers: Record<string, string> }[],
) => Promise<void>;

export interface ClientOptions {
  urlOf: (app: DoorApp) => string;
  /** API key that they show. */
  key: string;
  kafka: KafkaDoor;
  said: SaidSoFar;
  trace: Trace;
  /** Told of every answer that moves the client on; the killer counts them. */
  progressed: (app: DoorApp | 'kafka') => void;
  /** Nobody goes on trying after it. */
  signal: AbortSignal;
}

/** A caller as upstream systems are: it asks until it is answered for good, with the same ids and keys. */
export const createClient = (options: ClientOptions): { tell(story: Story): Promise<void> } => {
  const { urlOf, key, kafka, said, trace, progressed, signal } = options;

  const authorization = `Bearer ${key}`;

  const insist = async (
    what: string,
    app: DoorApp | 'kafka',
    ask: () => Promise<Answered | undefined>,
  ): Promise<Answered | undefined> => {
    for (let attempt = 0; ; attempt++) {
      said.counts[attempt === 0 ? 'requests' : 'retries'] += 1;
      const answer = await ask();
      if (answer && answer.status < 500) {
        progressed(app);
        return answer;
      }
      if (answer?.status === 500) {
        said.counts.errors500 += 1;
        trace.note('answered 500', { act: what, body: answer.body });
      }
      if (signal.aborted) {
        said.finds(`${what} was never answered for good (last: ${answer?.status ?? 'no answer'})`);
        return undefined;
      }
      await backOff(attempt);
    }
  };

  const post = (what: string, app: DoorApp, path: string, body: unknown, headers: Record<string, string> = {}) =>
    insist(what, app, () =>
      askOnce({ method: 'POST', url: urlOf(app) + path, body, headers: { ...headers, authorization } }),
    );

  const unexpected = (what: string, { status, body }: Answered): void => {
    said.finds(`${what} answered ${status}: ${JSON.stringify(body).slice(0, 600)}`);
  };

  const done = (facts: readonly SentFact[], by: string): void => {
    for (const fact of facts) {
      said.counts.facts += 1;
      said.acknowledges(fact.identity, by);
    }
    said.counts.acknowledged += 1;
  };

  /** Each fact is taken or refused by itself, and refused only if it was sent to be. */
  const judge = (act: CaptureAct, answer: Answered): void => {
    const refused = ((answer.body?.refused ?? answer.body?.problems ?? []) as { index?: number; code: string }[]).map(
      (problem) => ({ index: problem.index ?? 0, code: problem.code }),
    );
    for (const [index, fact] of act.facts.entries()) {
      const codes = refused.filter((problem) => problem.index === index).map(({ code }) => code);
      if (fact.refusal === undefined && codes.length === 0 && answer.status < 300) done([fact], act.name);
      else if (fact.refusal !== undefined && codes.includes(fact.refusal)) said.counts.refused += 1;
      else said.finds(`${act.name}, fact ${index}: ${answer.status} ${JSON.stringify(codes)}, not ${fact.refusal}`);
    }
  };

  const untilFinished = async (act: CaptureAct, location: string): Promise<void> => {
    const path = new URL(location, 'http://lotline').pathname;
    for (let attempt = 0; ; attempt++) {
      const job = await insist(`${act.name} job`, 'capture', () =>
        askOnce({ method: 'GET', url: urlOf('capture') + path, headers: { authorization } }),
      );
      if (!job) return;
      if (job.status !== 200) {
        unexpected(`${act.name} job ${path}`, job);
        return;
      }
      if (job.body.running === false) {
        if (job.body.success === true) done(act.facts, act.name);
        else said.finds(`${act.name} job ${path} failed: ${JSON.stringify(job.body.errors)}`);
        return;
      }
      if (signal.aborted) {
        said.finds(`${act.name} job ${path} never finished`);
        return;
      }
      await backOff(attempt);
    }
  };

  const documentOf = (facts: readonly SentFact[]): object => ({
    '@context': EPCIS_CONTEXT,
    ...{ type: 'EPCISDocument', schemaVersion: '2.0', creationDate: '2026-03-02T09:00:00Z' },
    epcisBody: { eventList: facts.map(({ body }) => body) },
  });
  const alone = ({ form, body }: SentFact): object =>
    form === 'epcis' ? { '@context': EPCIS_CONTEXT, ...body } : body;

  const byKafka = async (act: CaptureAct, values: readonly object[]): Promise<void> => {
    const records = values.map((value, index) => ({
      key: `${act.name}-${index}`,
      value: JSON.stringify(value),
      headers: {
        'content-type': act.facts[0]?.form === 'native' ? 'application/cloudevents+json' : 'application/ld+json',
      },
    }));
    const sent = await insist(act.name, 'kafka', async () => {
      try {
        await kafka(records);
        return { status: 200, headers: new Headers(), body: undefined };
      } catch {
        return undefined;
      }
    });
    if (sent)
      done(
        act.facts.filter((fact) => fact.refusal === undefined),
        `${act.name} (Kafka)`,
      );
  };

  const capture = async (act: CaptureAct): Promise<void> => {
    said.sends(act);
    if (act.door === 'kafka') return byKafka(act, act.facts.map(alone));
    if (act.door === 'kafka-document') return byKafka(act, [documentOf(act.facts)]);
    if (act.door === 'document') {
      const accepted = await post(act.name, 'capture', '/epcis/capture', documentOf(act.facts));
      if (!accepted) return;
      if (accepted.status === 202) await untilFinished(act, accepted.headers.get('location') ?? '');
      else unexpected(act.name, accepted);
      return;
    }
    const [first] = act.facts;
    if (first?.form === 'epcis') {
      const answer = await post(act.name, 'capture', '/epcis/events', alone(first));
      if (answer) judge(act, answer);
      return;
    }
    const body = act.door === 'http-batch' ? act.facts.map(alone) : first && alone(first);
    const answer = await post(act.name, 'capture', '/events', body);
    if (answer) judge(act, answer);
  };

  const command = async (act: CommandAct): Promise<string | undefined> => {
    said.commands.set(act.name, act);
    const answer = await post(act.name, act.app, act.path, act.body, { 'idempotency-key': act.name });
    if (!answer) return undefined;
    trace.note('command', { act: act.name, status: answer.status, code: answer.body?.code });
    if (answer.status < 300) {
      said.counts.acknowledged += 1;
      if (act.proof !== undefined) said.acknowledges(act.proof, act.name);
    } else if (act.mayBeRefused === true && (answer.status === 422 || answer.status === 409)) said.counts.refused += 1;
    else unexpected(act.name, answer);
    return answer.headers.get('x-log-position') ?? undefined;
  };

  /** Whoever was answered at a position sees at it what it wrote. */
  const read = async (act: ReadAct, position: string | undefined): Promise<void> => {
    const query = position === undefined ? '' : `?minPosition=${position}`;
    const answer = await insist(act.name, act.app, () =>
      askOnce({ method: 'GET', url: urlOf(act.app) + act.path + query, headers: { authorization } }),
    );
    if (answer && answer.status !== 200) unexpected(`${act.name} at ${position}`, answer);
  };

  const carryOut = async (act: Act, position: string | undefined): Promise<string | undefined> => {
    if (act.kind === 'read') {
      await read(act, position);
      return undefined;
    }
    if (act.kind === 'command') return command(act);
    // The same facts again at the same time, as a caller does that lost the answer.
    said.counts.duplicates += act.times - 1;
    await Promise.all(Array.from({ length: act.times }, () => capture(act)));
    return undefined;
  };

  return {
    tell: async ({ steps }) => {
      let position: string | undefined;
      for (const step of steps) {
        if (signal.aborted) return;
        const reached = await Promise.all(step.map((act) => carryOut(act, position)));
        position = [position, ...reached]
          .filter((at) => at !== undefined)
          .sort()
          .at(-1);
      }
    },
  };
};
