import { BookCarriedForward, type NewEvent } from '#contracts';
import type { Append, AppendResult, EventLog } from '#event-log';
import { LotlineError, uuidFromName, type Clock, type Problem } from '#kernel';
import { eventMeta, type CommandContext } from '#platform';
import type { Book, BookEvent } from '../domain/book/book.js';
import type { BookCommand, Circumstances } from '../domain/book/command.js';
import { carryForward, isCarriedForwardNow } from '../domain/book/carry-forward.js';
import { bookDecider } from '../domain/book/decide.js';
import { foldBook } from '../domain/book/evolve.js';
import { itemOfLot } from '../domain/book/inspections.js';
import type { KnownStock } from '../domain/known-stock.js';
import { createBookCache } from './book-cache.js';
import { createKeyedLock } from './keyed-lock.js';
import { readPlans } from './read-plans.js';

/** One command on one book; a request may have several, one a book. */
export interface BookStep {
  stream: string;
  /** Called anew for every try, with what is known then. */
  command: (circumstances: Circumstances) => BookCommand;
}

/** What known stock a decision needs. */
export interface KnownStockQuery {
  lots?: readonly string[];
  /** All lots whose book is one of these items'. */
  items?: readonly string[];
  /** Places that may be another party's. */
  places?: readonly string[];
}

export interface KnownStockReader {
  read(query: KnownStockQuery): Promise<KnownStock>;
  /**
   * Waits, bounded, until known stock contains the position.
   * @throws LotlineError `behind` where it does not by then.
   */
  waitFor(position: string): Promise<void>;
}

export interface BookKeeperOptions {
  log: EventLog;
  known: KnownStockReader;
  clock: Clock;
  /**
   * Decisions at most under conflicts with other processes; default 200. Each conflict is a command of another process that
   * was carried out, so a caller is answered at the latest once as many of them were as came at the same time.
   */
  maxAttempts?: number;
  /** A book is carried forward after as many events, or more where it has more to say; default 500. */
  carryForwardEvery?: number;
}

export interface CarriedOut {
  events: readonly NewEvent[];
  /** Position of the last event of the command; undefined where all was done before. */
  position: string | undefined;
  /** Books in which all of the command had been done before. */
  unchanged: readonly string[];
  knownAt: string;
}

export interface BookKeeper {
  /**
   * Carries out the steps, all or none: refused where any book refuses, with all reasons of all books. Books are separate
   * streams: should one of them change and refuse after another has recorded its part, the refusal says `partial: true`,
   * and the caller undoes the reference, once it is sure that nobody else carries it through.
   * @throws LotlineError `behind` where a refusal may come from stock that the log has and known stock has not, still.
   */
  carryOut(query: KnownStockQuery, steps: readonly BookStep[], context: CommandContext): Promise<CarriedOut>;
  read(stream: string): Promise<Book>;
}

interface Decision {
  step: BookStep;
  revision: number;
  events: BookEvent[];
}

/** What more known stock, dates and places may still turn into a yes. */
const MAY_BE_LAG: ReadonlySet<string> = new Set([
  'insufficient-stock',
  'wrong-place',
  'place-not-ours',
  'lot-unknown',
  'lot-expired',
  'lot-retest-due',
  'life-too-short',
  'life-unknown',
]);

const isCarryForward = ({ type }: BookEvent): boolean => type === BookCarriedForward.type;

/** The lot whose inspection plan the command goes by. */
const lotToInspect = (command: BookCommand): string | undefined => {
  switch (command.type) {
    case 'receive':
      return command.receipt.lot;
    case 'release':
    case 'record-results':
    case 'decide-usage':
      return command.lot;
    default:
      return undefined;
  }
};

/**
 * The one way to change stock books. Known stock is read first, then the books: an act that the book has and known stock
 * has not is subtracted, one that both have is counted once, so either order of arrival is safe; that nothing else
 * happened to a book since it was read is what the expected revision makes sure of.
 */
export const createBookKeeper = (options: BookKeeperOptions): BookKeeper => {
  const { log, known: knownStock, clock, maxAttempts = 200, carryForwardEvery = 500 } = options;
  const cache = createBookCache(log);
  const lock = createKeyedLock();
  /** Books that were too large to be carried forward, and the revision at which that was found. */
  const tooLargeAt = new Map<string, number>();

  /** What the plans of the item say is read for those commands alone that ask for it. */
  const withPlans = async (command: BookCommand, book: Book | undefined): Promise<BookCommand> => {
    const lot = lotToInspect(command);
    const receivedAs = command.type === 'receive' ? command.receipt.item : undefined;
    const item = lot === undefined || book === undefined ? undefined : itemOfLot(book, lot, receivedAs);
    return item === undefined ? command : { ...command, plans: (await readPlans(log, item)).plans };
  };

  const attempt = async (
    query: KnownStockQuery,
    steps: readonly BookStep[],
  ): Promise<{ decisions: Decision[]; refusals: LotlineError[]; known: KnownStock }> => {
    const known = await knownStock.read(query);
    const books = await Promise.all(steps.map(async (step) => cache.load(step.stream)));
    const now = clock().toISOString();
    const commands = await Promise.all(
      steps.map(async (step, index) => withPlans(step.command({ known, now }), books[index]?.book)),
    );
    const decisions: Decision[] = [];
    const refusals: LotlineError[] = [];
    steps.forEach((step, index) => {
      const [loaded, command] = [books[index], commands[index]];
      if (!loaded || !command) return;
      try {
        const { book, revision, carriedAt } = loaded;
        const events = bookDecider.decide(command, book);
        const since = revision + events.length - carriedAt;
        // In the same append: at that revision this is what the book says, or neither of them is recorded.
        if (
          events.length > 0 &&
          isCarriedForwardNow(book, since, carryForwardEvery) &&
          revision - (tooLargeAt.get(step.stream) ?? -Infinity) >= carryForwardEvery
        )
          events.push(carryForward(foldBook(book, events), now));
        decisions.push({ step, revision, events });
      } catch (error) {
        if (!(error instanceof LotlineError)) throw error;
        refusals.push(error);
      }
    });
    return { decisions, refusals, known };
  };

  /** What is carried forward spares reading only: where it makes an append too large, the commands are recorded without it. */
  const append = async (
    pending: readonly Decision[],
    context: CommandContext,
  ): Promise<{ appends: Append[]; results: AppendResult[] }> => {
    const appends = pending.map((d) => appendOf(d, context));
    try {
      return { appends, results: await log.append(appends) };
    } catch (error) {
      if (!(error instanceof LotlineError) || error.code !== 'append-too-large') throw error;
      const carrying = pending.filter(({ events }) => events.some(isCarryForward));
      if (carrying.length === 0) throw error;
      for (const { step, revision } of carrying) tooLargeAt.set(step.stream, revision);
      // Ids stay the same: what was recorded of this call before it was refused is found again.
      return append(
        pending.map((d) => ({ ...d, events: d.events.filter((event) => !isCarryForward(event)) })),
        context,
      );
    }
  };

  const carryOut = async (
    query: KnownStockQuery,
    steps: readonly BookStep[],
    context: CommandContext,
  ): Promise<CarriedOut> => {
    const done: NewEvent[] = [];
    const changed = new Set<string>();
    const answer = (known: KnownStock): CarriedOut => ({
      events: done,
      position,
      unchanged: steps.flatMap(({ stream }) => (changed.has(stream) ? [] : [stream])),
      knownAt: known.position,
    });
    let position: string | undefined;
    let isCaughtUp = false;
    for (let round = 1; ; round++) {
      const { decisions, refusals, known } = await attempt(query, steps);
      if (refusals.length > 0) {
        // No is said only on everything that the log has when it is about to be said.
        if (!isCaughtUp && refusals.some((r) => r.problems.some((p) => MAY_BE_LAG.has(p.code)))) {
          isCaughtUp = true;
          const head = await log.head();
          if (head > known.position) {
            await knownStock.waitFor(head);
            continue;
          }
        }
        throw together(refusals, done.length > 0);
      }
      const pending = decisions.filter((d) => d.events.length > 0);
      if (pending.length === 0) return answer(known);
      const { appends, results } = await append(pending, context);
      results.forEach((result, index) => {
        const appended = appends[index];
        if (!appended || !result.ok) return;
        done.push(...appended.events);
        changed.add(appended.stream);
        const last = result.recorded.at(-1)?.position;
        if (last !== undefined && (position === undefined || last > position)) position = last;
      });
      if (results.every((result) => result.ok)) return answer(known);
      if (round >= maxAttempts) throw tooManyConflicts(results, round);
    }
  };

  return {
    carryOut: async (query, steps, context) =>
      // One at a time per book in this process: nobody loses a race against a neighbour.
      lock(
        steps.map((step) => step.stream),
        async () => carryOut(query, steps, context),
      ),
    read: async (stream) => (await cache.load(stream)).book,
  };
};

/**
 * Ids follow from the command and the revision it is decided at, so that an append whose outcome was lost is found again;
 * commands carried out before are recognised by the book itself (their own ids of receipts, holds, allocations, acts).
 */
const appendOf = ({ step, revision, events }: Decision, context: CommandContext): Append => ({
  stream: step.stream,
  expected: revision < 0 ? 'no-stream' : revision,
  events: events.map((event, index) => ({
    id: uuidFromName(`command:${context.eventSeed}:${step.stream}:${revision + 1 + index}`),
    type: event.type,
    schemaVersion: event.schemaVersion,
    eventTime: event.eventTime,
    data: event.data,
    meta: eventMeta(context, 'lotline/inventory'),
  })),
});

/** One refusal with every reason of every book, by line; anything graver than a refusal stands for itself. */
const together = (refusals: readonly LotlineError[], partial: boolean): LotlineError => {
  const grave = refusals.find((error) => error.kind !== 'refused');
  const first = grave ?? refusals[0];
  if (!first) throw new Error('nothing was refused');
  const problems: Problem[] = (grave ? [grave] : refusals)
    .flatMap((error) => error.problems)
    .sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
  return new LotlineError(first.kind, first.code, first.message, problems, {
    ...first.details,
    ...(partial && { partial: true }),
  });
};

const tooManyConflicts = (results: readonly AppendResult[], rounds: number): LotlineError =>
  new LotlineError(
    'unavailable',
    'too-many-conflicts',
    `the stock books changed during each of ${rounds} attempts: ${results
      .flatMap((r) => (r.ok ? [] : r.reason === 'revision' ? [r.stream] : [r.id]))
      .join(', ')}`,
  );
