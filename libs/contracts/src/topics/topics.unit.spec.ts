import { describe, expect, it } from '@jest/globals';
import { allEvents } from '../catalogue/all-events.js';
import { alertTopicOf, eventsOn, logTopics, topicName, topicOf, topics } from './index.js';

const nameOf = (type: string) => topicOf({ type }).name;

describe('the topics', () => {
  it('give each context its own', () => {
    expect([
      nameOf('ItemDefined'),
      nameOf('LotHeld'),
      nameOf('ShipmentDispatched'),
      nameOf('RecallOpened'),
      nameOf('EpcisEventCaptured'),
      nameOf('GoodsReceived'),
      nameOf('MasterDataCaptured'),
      nameOf('ParkedEventRetried'),
    ]).toEqual([
      'production.v1',
      'inventory.v1',
      'shipping.v1',
      'recalls.v1',
      'facts.v1',
      'facts.v1',
      'facts.v1',
      'operations.v1',
    ]);
  });

  it('take an event of a newer release, too', () => {
    expect(nameOf('InventedTomorrow')).toBe('operations.v1');
  });

  it('hold every event once, alerts besides', () => {
    const carried = logTopics.flatMap((topic) => eventsOn(topic).map(({ type }) => type));
    expect(carried.sort()).toEqual(allEvents.map(({ type }) => type).sort());
    for (const topic of topics)
      if (topic.direction !== 'log' && topic.direction !== 'alerts') expect(eventsOn(topic)).toEqual([]);
  });

  it('tell others of notices and expiry alerts, and of nothing else', () => {
    expect(alertTopicOf({ type: 'NoticeIssued' })?.name).toBe('recalls.alerts.v1');
    expect(alertTopicOf({ type: 'ExpiryAlertRaised' })?.name).toBe('expiry.alerts.v1');
    expect(alertTopicOf({ type: 'RecallOpened' })).toBeUndefined();
  });

  it('are named apart, in a way Kafka takes', () => {
    const names = topics.map((topic) => topicName('lotline', topic));
    expect(new Set(names).size).toBe(11);
    for (const name of names) expect(name).toMatch(/^lotline\.[a-z.-]+\.v1$/);
  });
});
