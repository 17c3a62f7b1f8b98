import type { RecordedEvent } from '#contracts';

interface Line {
  lot: string;
  place: string;
  amount: { value: string; unit: string };
}

interface Flow {
  id: string;
  key: string;
  position: string;
  value: number;
}

const keyOf = ({ lot, place, amount }: Line): string => `${lot} at ${place} in ${amount.unit}`;

/** What a stock book gave out and promised, folded from its own events alone. */
class Book {
  readonly allocations = new Map<string, { open: Map<string, number>; released: boolean }>();
  readonly issues = new Map<
    string,
    { attempt: number; lines: Line[]; drawn: [string, string, number][]; undone: boolean }
  >();
  readonly scraps: Line[] = [];
  readonly holds = new Map<string, Set<string>>();
  readonly quality = new Map<string, string>();

  standing(key: string): number {
    const sum = (lines: readonly Line[]): number =>
      lines.reduce((total, line) => (keyOf(line) === key ? total + Number(line.amount.value) : total), 0);
    let total = sum(this.scraps);
    for (const issue of this.issues.values()) if (!issue.undone) total += sum(issue.lines);
    for (const { open, released } of this.allocations.values()) if (!released) total += open.get(key) ?? 0;
    return total;
  }

  issue(data: any): void {
    const drawn: [string, string, number][] = [];
    for (const line of data.lines as Line[]) {
      let need = Number(line.amount.value);
      for (const id of (data.allocations ?? []) as string[]) {
        const allocation = this.allocations.get(id);
        const open = allocation?.released === false ? (allocation.open.get(keyOf(line)) ?? 0) : 0;
        const taken = Math.min(open, need);
        if (taken <= 0) continue;
        allocation?.open.set(keyOf(line), open - taken);
        drawn.push([id, keyOf(line), taken]);
        need -= taken;
      }
    }
    this.issues.set(data.reference, { attempt: data.attempt, lines: data.lines, drawn, undone: false });
  }

  undo(data: any): void {
    const issue = this.issues.get(data.reference);
    if (!issue || issue.undone || issue.attempt !== data.attempt) return;
    issue.undone = true;
    for (const [id, key, value] of issue.drawn) {
      const open = this.allocations.get(id)?.open;
      open?.set(key, (open.get(key) ?? 0) + value);
    }
  }
}

const isAtMost = (position: string, limit: string): boolean => position <= limit;

/** In and out of places by what the record tells: receipts and facts; commanded acts are counted by their issues. */
class KnownStock {
  readonly #in: Flow[] = [];
  readonly #out: Flow[] = [];
  readonly #voids = new Map<string, string>();

  note(event: RecordedEvent): void {
    const data = event.data as any;
    const { position } = event;
    const flow = (list: Flow[], lot: unknown, place: unknown, quantity: any): void => {
      if (typeof lot === 'string' && typeof place === 'string' && quantity)
        list.push({
          ...{ id: data.eventId ?? event.id, position, value: Number(quantity.value) },
          key: `${lot} at ${place} in ${quantity.unit ?? 'EA'}`,
        });
    };
    switch (event.type) {
      case 'LotReceived':
        flow(this.#in, data.lot, data.place, data.amount);
        return;
      case 'TransformationRecorded':
        for (const { lot, place, amount } of data.statement.outputs)
          flow(this.#in, lot, place ?? data.statement.place, amount);
        return;
      case 'GoodsReceived':
        for (const { lot, quantity } of data.goods ?? []) flow(this.#in, lot, data.place, quantity);
        return;
      case 'ProductionRecorded':
        for (const { lot, quantity } of data.inputs ?? []) flow(this.#out, lot, data.place, quantity);
        for (const { lot, quantity } of data.outputs ?? []) flow(this.#in, lot, data.place, quantity);
        return;
      case 'LotScrapped':
        for (const { lot, quantity } of data.goods ?? []) flow(this.#out, lot, data.place, quantity);
        return;
      case 'FactVoided':
        this.#voids.set(data.voids, position);
    }
  }

  /**
   * The most that a decision at `at` on known stock of `knownAt` may count on: a worker that is ahead may know more of what
   * came in, none knows less than `knownAt` of what went out.
   */
  most(key: string, knownAt: string): number {
    const isVoid = ({ id }: Flow, by: string): boolean => {
      const position = this.#voids.get(id);
      return position !== undefined && isAtMost(position, by);
    };
    const came = this.#in.filter((flow) => flow.key === key && !isVoid(flow, knownAt));
    const gone = this.#out.filter(
      (flow) => flow.key === key && isAtMost(flow.position, knownAt) && this.#voids.get(flow.id) === undefined,
    );
    const sum = (flows: readonly Flow[]): number => flows.reduce((total, { value }) => total + value, 0);
    return Math.max(0, sum(came) - sum(gone));
  }
}

const linesOf = (data: any): Line[] =>
  (data.lines ?? [{ lot: data.lot, place: data.place, amount: data.amount }]) as Line[];

/**
 * Goes through the log in its order with rules of its own: nothing was promised or given out beyond what was known, nothing
 * of a lot that its book held, and whatever left by command had been given out by the book, by an issue that stands.
 */
export const checkStock = (
  log: readonly RecordedEvent[],
): { findings: string[]; decisions: number; betweens: number } => {
  const findings: string[] = [];
  const books = new Map<string, Book>();
  const known = new KnownStock();
  const issued = new Map<string, { position: string; lines: Line[]; stream: string }[]>();
  let decisions = 0;
  let betweens = 0;

  const blocked = (book: Book, lot: string): string | undefined => {
    const holds = book.holds.get(lot);
    if (holds && holds.size > 0) return `held (${[...holds].join(', ')})`;
    const quality = book.quality.get(lot);
    return quality === 'quarantine' || quality === 'rejected' ? quality : undefined;
  };
  const decided = (event: RecordedEvent, book: Book, mayBeBlocked: boolean): void => {
    const data = event.data as any;
    decisions += 1;
    for (const line of linesOf(data)) {
      const why = mayBeBlocked ? undefined : blocked(book, line.lot);
      if (why !== undefined) findings.push(`${event.type} at ${event.position} of ${line.lot}, which was ${why}`);
      const [standing, most] = [book.standing(keyOf(line)), known.most(keyOf(line), data.knownAt)];
      if (standing > most)
        findings.push(
          `${event.type} at ${event.position} commits ${standing} of ${keyOf(line)}, known at ${data.knownAt} were ${most}`,
        );
    }
  };
  /** An act by command stands on an issue of its reference that covers it and is not undone. */
  const stands = (event: RecordedEvent, reference: string, taken: readonly { lot: string; amount: any }[]): void => {
    for (const lot of new Set(taken.map((line) => line.lot))) {
      const wanted = taken.filter((line) => line.lot === lot).reduce((sum, line) => sum + Number(line.amount.value), 0);
      const of = (issued.get(reference) ?? []).flatMap(({ lines, stream }) =>
        books.get(stream)?.issues.get(reference)?.undone === false ? lines.filter((line) => line.lot === lot) : [],
      );
      const got = of.reduce((sum, line) => sum + Number(line.amount.value), 0);
      if (got < wanted)
        findings.push(`${event.type} at ${event.position} took ${wanted} of ${lot}, its book had issued ${got}`);
      const stream = issued.get(reference)?.at(-1)?.stream;
      if (stream !== undefined && blocked(books.get(stream)!, lot) !== undefined) betweens += 1;
    }
  };

  const acts: { event: RecordedEvent; reference: string }[] = [];
  for (const event of log) {
    const data = event.data as any;
    const book = books.get(event.stream) ?? new Book();
    if (event.stream.startsWith('stock-')) books.set(event.stream, book);
    switch (event.type) {
      case 'LotHeld':
        book.holds.set(data.lot, (book.holds.get(data.lot) ?? new Set()).add(data.holdId));
        break;
      case 'HoldLifted':
        book.holds.get(data.lot)?.delete(data.holdId);
        break;
      case 'LotReceived':
        if (data.quarantine === true) book.quality.set(data.lot, 'quarantine');
        break;
      case 'LotReleased':
        book.quality.set(data.lot, 'released');
        break;
      case 'LotRejected':
        book.quality.set(data.lot, 'rejected');
        break;
      case 'StockAllocated': {
        const open = new Map<string, number>();
        for (const line of linesOf(data))
          open.set(keyOf(line), (open.get(keyOf(line)) ?? 0) + Number(line.amount.value));
        book.allocations.set(data.allocation, { open, released: false });
        decided(event, book, false);
        break;
      }
      case 'AllocationReleased': {
        const allocation = book.allocations.get(data.allocation);
        if (allocation) allocation.released = true;
        break;
      }
      case 'StockIssued':
        book.issue(data);
        issued.set(data.reference, [
          ...(issued.get(data.reference) ?? []),
          { position: event.position, lines: data.lines, stream: event.stream },
        ]);
        decided(event, book, false);
        break;
      case 'IssueUndone':
        book.undo(data);
        break;
      case 'StockScrapped':
        book.scraps.push(...linesOf(data));
        decided(event, book, true);
        break;
      case 'ShipmentDispatched':
        stands(event, `shipment:${data.shipment}`, data.loads);
        acts.push({ event, reference: `shipment:${data.shipment}` });
        break;
      case 'TransformationRecorded':
        stands(event, data.act, data.statement.inputs);
        acts.push({ event, reference: data.act });
        break;
    }
    known.note(event);
  }
  for (const { event, reference } of acts)
    for (const { stream } of issued.get(reference) ?? [])
      if (books.get(stream)?.issues.get(reference)?.undone === true)
        findings.push(`${event.type} at ${event.position} stands, and its issue ${reference} was undone`);
  return { findings, decisions, betweens };
};
