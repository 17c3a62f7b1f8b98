/** The apps whose HTTP API the load talks to. */
export type DoorApp = 'capture' | 'production' | 'inventory' | 'shipping' | 'recalls' | 'genealogy' | 'expiry';

/** One fact as it is sent: by which identity it must be found in the log, or why it must not. */
export interface SentFact {
  form: 'native' | 'epcis';
  /** As in `identityOf` of the event that the log is to hold. */
  identity: string;
  /** One CloudEvent or one EPCIS event. */
  body: Readonly<Record<string, unknown>>;
  /** The code it has to be refused with, where it is sent to be refused. */
  refusal?: string;
}

export type Door = 'http-single' | 'http-batch' | 'document' | 'kafka' | 'kafka-document';

/** Facts handed over together; again as often as `times` says, at once. */
export interface CaptureAct {
  kind: 'capture';
  name: string;
  door: Door;
  facts: readonly SentFact[];
  times: number;
}

export interface CommandAct {
  kind: 'command';
  /** Also its Idempotency-Key: repeated until it is answered for good. */
  name: string;
  app: DoorApp;
  path: string;
  body: Readonly<Record<string, unknown>>;
  /**
   * What an answer of success says is in the log, by `identityOf`. Of a command that may find its work done already, or that
   * names its events only once it is carried out, nothing.
   */
  proof?: string;
  /** A race may refuse it; without this a refusal is a finding. */
  mayBeRefused?: boolean;
}

/** A read of what an earlier act of the story wrote, at the position that it was answered with. */
export interface ReadAct {
  kind: 'read';
  name: string;
  app: DoorApp;
  path: string;
}

export type Act = CaptureAct | CommandAct | ReadAct;

/** One client's piece of work: the acts of a step are done at once, the steps one after another. */
export interface Story {
  name: string;
  steps: readonly (readonly Act[])[];
}
