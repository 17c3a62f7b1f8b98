import type { Topic } from './topic.js';

/** @returns the name of a topic in Kafka: `lotline.production.v1`. @param prefix the installation's, without a dot at its end. */
export const topicName = (prefix: string, topic: Pick<Topic, 'name'>): string => `${prefix}.${topic.name}`;
