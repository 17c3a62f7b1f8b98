import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LotlineError } from '#kernel';
import { deliveryDecider, type Announcement, type Delivery, type DeliveryEvent } from './delivery.js';

const NOW = '2026-04-20T10:00:00Z';
const announced = (amount: number): Announcement => ({
  delivery: 'IN-1',
  supplier: 'urn:party:farm',
  due: '2026-04-22',
  lines: [{ item: 'urn:item:milk', amount: { value: String(amount), unit: 'KGM' } }],
});

/** What the rules promise, in the fewest words: what it says, and whether it is still expected. */
interface Model {
  content?: number;
  cancelled: boolean;
}

class Real {
  state: Delivery = deliveryDecider.initialState();
  readonly events: DeliveryEvent[] = [];

  do(command: Parameters<typeof deliveryDecider.decide>[0]): string {
    try {
      const events = deliveryDecider.decide(command, this.state);
      this.state = events.reduce(deliveryDecider.evolve, this.state);
      this.events.push(...events);
      return events.map(({ type }) => type).join();
    } catch (error) {
      if (error instanceof LotlineError) return error.code;
      throw error;
    }
  }
}

class Announce implements fc.Command<Model, Real> {
  constructor(private readonly amount: number) {}
  check = (): boolean => true;
  run(model: Model, real: Real): void {
    const answer = real.do({ type: 'announce', announcement: announced(this.amount), now: NOW });
    if (model.content === undefined) {
      expect(answer).toBe('DeliveryAnnounced');
      model.content = this.amount;
    } else if (model.cancelled) expect(answer).toBe('delivery-cancelled');
    else expect(answer).toBe(model.content === this.amount ? '' : 'delivery-exists');
  }
  toString = (): string => `announce ${this.amount}`;
}

class Cancel implements fc.Command<Model, Real> {
  check = (): boolean => true;
  run(model: Model, real: Real): void {
    const answer = real.do({ type: 'cancel', delivery: 'IN-1', reason: 'x', now: NOW });
    expect(answer).toBe(model.content === undefined ? 'delivery-unknown' : model.cancelled ? '' : 'DeliveryCancelled');
    if (model.content !== undefined) model.cancelled = true;
  }
  toString = (): string => 'cancel';
}

describe('an expected delivery', () => {
  it('does what the model of it does, whatever is commanded in whatever order', () => {
    fc.assert(
      fc.property(
        fc.commands([fc.integer({ min: 1, max: 3 }).map((n) => new Announce(n)), fc.constant(new Cancel())], {
          maxCommands: 12,
        }),
        (commands) => {
          const real = new Real();
          const model: Model = { cancelled: false };
          fc.modelRun(() => ({ model, real }), commands);
          expect(real.state?.lines[0]?.amount.value).toBe(
            model.content === undefined ? undefined : String(model.content),
          );
          expect(real.state?.cancelled !== undefined).toBe(model.cancelled);
          // At most once each, however often it was asked for.
          expect(real.events.length).toBeLessThanOrEqual(2);
          expect(real.events.reduce(deliveryDecider.evolve, deliveryDecider.initialState())).toEqual(real.state);
        },
      ),
    );
  });
});
