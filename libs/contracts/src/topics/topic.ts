/**
 * What a topic is for: `log` carries the event log, `way-in` is what others write, `refused` what of that was not taken,
 * `alerts` is what others subscribe to, `dead-letters` what could not be decoded.
 */
export type TopicDirection = 'log' | 'way-in' | 'refused' | 'alerts' | 'dead-letters';

/** A topic as the product knows it; how many partitions it has and how long it keeps records is the installation's. */
export interface Topic {
  /** Without the installation's prefix: `production.v1`. The number rises with a change that readers would not survive. */
  name: string;
  direction: TopicDirection;
  /** One sentence for whoever reads the list of topics. */
  purpose: string;
  /** What a record's key is, in words. */
  key: string;
  /** Records must not go while somebody may need them: at least so many days, and what happens to a reader that is later. */
  retention: { days: number; late: string };
  /** Never compacted: two records with one key are two things that happened. */
  cleanup: 'delete';
}
