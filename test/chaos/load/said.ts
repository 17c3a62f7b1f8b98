import type { CaptureAct, CommandAct, SentFact } from '../plan/act.js';

/** What clients asked for and what they were told: the other half of the log, kept by the callers. */
export interface Said {
  /** Identities of all facts that were sent to be taken, acknowledged or not. */
  sent: ReadonlySet<string>;
  /** Identities of facts and commands that an answer called done. */
  acknowledged: ReadonlyMap<string, string>;
  /** Facts that must be refused, by the id they were sent under, with the code. */
  bad: ReadonlyMap<string, { code: string; byKafka: boolean }>;
  /** Commands that were sent, by name. */
  commands: ReadonlyMap<string, CommandAct>;
  /** Answers that are neither success, nor a refusal that may be, nor "not now". */
  findings: readonly string[];
  counts: Readonly<Record<Count, number>>;
}

export type Count = 'requests' | 'retries' | 'duplicates' | 'acknowledged' | 'refused' | 'facts' | 'errors500';

/** Written by the clients while they work. */
export interface SaidSoFar extends Said {
  sends(act: CaptureAct): void;
  commands: Map<string, CommandAct>;
  acknowledges(identity: string, by: string): void;
  finds(what: string): void;
  counts: Record<Count, number>;
}

const idOf = (fact: SentFact): string => String(fact.body.id ?? fact.body.eventID);

export const nothingSaid = (): SaidSoFar => {
  const sent = new Set<string>();
  const acknowledged = new Map<string, string>();
  const bad = new Map<string, { code: string; byKafka: boolean }>();
  const findings: string[] = [];
  const counts = { requests: 0, retries: 0, duplicates: 0, acknowledged: 0, refused: 0, facts: 0, errors500: 0 };
  return {
    sent,
    acknowledged,
    bad,
    commands: new Map(),
    findings,
    counts,
    sends: ({ facts, door }) => {
      for (const fact of facts)
        if (fact.refusal === undefined) sent.add(fact.identity);
        else bad.set(idOf(fact), { code: fact.refusal, byKafka: door.startsWith('kafka') });
    },
    acknowledges: (identity, by) => {
      if (!acknowledged.has(identity)) acknowledged.set(identity, by);
    },
    finds: (what) => void findings.push(what),
  };
};
