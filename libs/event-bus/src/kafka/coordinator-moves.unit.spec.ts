import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { isCoordinatorMoving } from './coordinator-moves.js';

const answer = (type: string, code: number) =>
  new kafkajs.KafkaJSProtocolError({ name: '', message: type, type, code } as never);
const givenUp = (cause: Error) => new kafkajs.KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 1, retryTime: 1 });

describe('the coordinator of a group', () => {
  it.each([
    ['GROUP_LOAD_IN_PROGRESS', 14],
    ['GROUP_COORDINATOR_NOT_AVAILABLE', 15],
    ['NOT_COORDINATOR_FOR_GROUP', 16],
    ['REBALANCE_IN_PROGRESS', 27],
  ])('is moving: %s, also as what the client gave up for', (type, code) => {
    expect(isCoordinatorMoving(answer(type, code))).toBe(true);
    expect(isCoordinatorMoving(givenUp(answer(type, code)))).toBe(true);
  });

  it.each([
    ['a refusal', answer('GROUP_AUTHORIZATION_FAILED', 30)],
    ['a topic that is not there', givenUp(answer('UNKNOWN_TOPIC_OR_PARTITION', 3))],
    [
      'a broker that is away',
      givenUp(new kafkajs.KafkaJSConnectionError('refused', { broker: 'a:1', code: 'ECONNREFUSED' })),
    ],
    ['a client that hangs', new Error('the Kafka client has gone silent')],
    ['nothing at all', undefined],
  ])('is not moving: %s', (_, error) => {
    expect(isCoordinatorMoving(error)).toBe(false);
  });
});
