import type { EventPublisher, Publication } from '#event-bus';

export interface RecordingPublisher extends EventPublisher {
  /** What was acknowledged, in order. */
  readonly publications: readonly Publication[];
  /** Positions of the events acknowledged, in order, repeated ones too. */
  positions(): string[];
  /** What the next publications meet; rejecting, or waiting, stands for a broker that is away or slow. */
  meets(obstacle: ((publication: Publication) => Promise<void>) | undefined): void;
}

/** An `EventPublisher` whose broker is this process's memory. */
export const createRecordingPublisher = (): RecordingPublisher => {
  const publications: Publication[] = [];
  let obstacle: ((publication: Publication) => Promise<void>) | undefined;
  return {
    publications,
    positions: () => publications.flatMap(({ events }) => events.map(({ position }) => position)),
    meets: (next) => (obstacle = next),
    publish: async (publication) => {
      await obstacle?.(publication);
      publications.push(publication);
    },
    close: () => Promise.resolve(),
  };
};
