import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { canonicalId } from '#kernel';
import { nativeFacts } from '../capture/native-facts.js';
import { compileValidator } from '../validation/validator.js';
import * as contracts from '../index.js';
import { allEvents, isEventDefinition } from './all-events.js';
import { eventsPage } from './events-page.js';

describe('the event catalogue', () => {
  it.each(allEvents.map((event) => [event.type, event] as const))('%s: its golden sample is valid', (_, event) => {
    expect(compileValidator(event.data)(event.sample)).toEqual([]);
    expect(JSON.parse(JSON.stringify(event.sample))).toEqual(event.sample);
  });

  it('has one event for each type', () => {
    const types = allEvents.map((event) => event.type);
    expect(new Set(types).size).toBe(types.length);
    expect(types).toEqual(expect.arrayContaining(['EpcisEventCaptured', 'MasterDataCaptured', 'GoodsReceived']));
  });

  it('lists every event that #contracts exports', () => {
    const exported = Object.values<unknown>(contracts).filter(isEventDefinition);
    expect(allEvents.map(({ type }) => type).sort()).toEqual(exported.map(({ type }) => type).sort());
  });

  it('is what docs/events.md shows (npm run docs:contracts)', () => {
    expect(readFileSync('docs/events.md', 'utf8')).toBe(eventsPage(allEvents));
  });

  it('names valid GS1 keys only in the samples of facts', () => {
    const texts = [
      ...JSON.stringify(nativeFacts.map((fact) => fact.sample)).matchAll(/"(https:[^"]+|urn:epc:[^"]+)"/g),
    ];
    expect(texts.length).toBeGreaterThan(20);
    for (const [, id] of texts) expect({ id, warning: canonicalId(id!).warning }).toEqual({ id, warning: undefined });
  });
});
