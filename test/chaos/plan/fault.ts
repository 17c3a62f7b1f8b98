import { randomOf, type Random } from '#simulator';

export type Server = 'postgres' | 'kafka' | 'redis';

/** What is done to whom; `after` so many answers to clients since the fault before, so that nothing is timed but the fault itself. */
export type Fault = { after: number } & FaultAct;

export type FaultAct =
  /** SIGKILL; the supervisor starts it again after so long. */
  | { kind: 'kill'; target: string; restartAfterMs: number }
  /** SIGSTOP, and SIGCONT after so long. */
  | { kind: 'stop'; target: string; forMs: number }
  /** Some of the connections to a server end without a word. */
  | { kind: 'cut'; server: Server; share: number }
  /** Nobody reaches the server: connections end, new ones are refused. */
  | { kind: 'block'; server: Server; forMs: number }
  /** Connections stay open and nothing passes. */
  | { kind: 'freeze'; server: Server; forMs: number }
  /** Redis forgets everything. */
  | { kind: 'flush' };

export interface FaultOptions {
  seed: number;
  /** Processes killed or stopped; about half as many faults of connections and memory come besides. */
  kills: number;
  /** Names of the processes of the product, e.g. `genealogy-2`. */
  processes: readonly string[];
  servers: readonly Server[];
  /** A member of a group that is away for longer is thrown out. */
  sessionTimeoutMs: number;
}

const RESTART_MS = { min: 0, max: 2_000 };
/** Answers between two faults. */
const CALM = { min: 15, max: 60 };

/** A short run meets each server and the relay at least once; every process is drawn before one is drawn again. */
const deck = (random: Random, { processes, servers, kills }: FaultOptions): string[] => {
  const relays = processes.filter((name) => name.startsWith('relay'));
  const must = [...servers, ...relays.slice(0, 1)].slice(0, kills);
  const drawn: string[] = [];
  while (drawn.length < kills + must.length) drawn.push(...random.shuffled([...processes, ...servers, ...relays]));
  for (const name of must) drawn.splice(drawn.indexOf(name), 1);
  return random.shuffled([...must, ...drawn.slice(0, kills - must.length)]);
};

const onProcess = (random: Random, target: string, sessionTimeoutMs: number): FaultAct => {
  if (random.chance(0.65)) return { kind: 'kill', target, restartAfterMs: random.int(RESTART_MS.min, RESTART_MS.max) };
  // One in three is away for longer than its group waits.
  const forMs = random.chance(0.33)
    ? random.int(sessionTimeoutMs + 500, sessionTimeoutMs + 2_500)
    : random.int(100, Math.floor(sessionTimeoutMs / 2));
  return { kind: 'stop', target, forMs };
};

const onConnections = (random: Random, servers: readonly Server[]): FaultAct => {
  const server = random.pick(servers);
  if (server === 'redis' && random.chance(0.6)) return { kind: 'flush' };
  const kind = random.pick(['cut', 'cut', 'block', 'freeze'] as const);
  return kind === 'cut'
    ? { kind, server, share: random.pick([0.3, 0.6, 1]) }
    : { kind, server, forMs: random.int(200, 4_000) };
};

/** The faults of a run, in their order: a pure function of its options. */
export const faultsOf = (options: FaultOptions): Fault[] => {
  const random = randomOf(options.seed, 'faults');
  const acts = deck(random, options).flatMap((target): FaultAct[] => [
    onProcess(random, target, options.sessionTimeoutMs),
    ...(options.servers.length > 0 && random.chance(0.5) ? [onConnections(random, options.servers)] : []),
  ]);
  return acts.map((act) => ({ after: random.int(CALM.min, CALM.max), ...act }));
};
