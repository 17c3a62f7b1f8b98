import { DAY, HOUR, midnight } from '../calendar.js';
import type { Random } from '../random.js';

const OPENS = 4 * HOUR;
const CLOSES = DAY - HOUR;

/** Time in the plant. No two acts happen at the same moment, and none after its day. */
export interface Clock {
  readonly day: number;
  open(day: number): void;
  /** @returns when the next act happens. */
  next(): number;
}

/** As many acts as yesterday, and some more, fit into a day at even pace; a busier one gets hurried towards its end. */
export const newClock = (random: Random): Clock => {
  let [day, now, acts, pace] = [0, 0, 0, 10 * HOUR];
  return {
    get day() {
      return day;
    },
    open: (today) => {
      pace = (CLOSES - OPENS) / (1.5 * acts + 40);
      [day, now, acts] = [today, midnight(today) + OPENS, 0];
    },
    next: () => {
      const left = midnight(day) + CLOSES - now;
      acts += 1;
      now += 1 + Math.floor(Math.min(pace, left / 40) * (0.5 + random.next()));
      return now;
    },
  };
};
