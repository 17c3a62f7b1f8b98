import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { EXPIRY_ALERTS_TOPIC, eventsOn, RECALL_ALERTS_TOPIC, topicName } from '#contracts';

const page = readFileSync('docs/subscribing.md', 'utf8');
const blocks = [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text: text! }));
const [sample] = parse(readFileSync('docs/asyncapi.yaml', 'utf8')).components.messages.ExpiryAlertRaisedAlert.examples;

describe('docs/subscribing.md', () => {
  it('shows the consumer that the tests run', () => {
    expect(blocks.filter(({ kind }) => kind === 'js').map(({ text }) => text)).toEqual([
      readFileSync('examples/alert-subscriber.mjs', 'utf8'),
    ]);
  });

  it('shows a message as it is written', () => {
    const headers = Object.entries<string>(sample.headers).map(([name, value]) => `${name}: ${value}\n`);
    expect(blocks[0]?.text).toBe(headers.join(''));
    expect(JSON.parse(blocks[1]!.text)).toEqual(sample.payload);
  });

  it('names the topics with their events and how long they are kept', () => {
    for (const topic of [RECALL_ALERTS_TOPIC, EXPIRY_ALERTS_TOPIC]) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${topicName('lotline', topic)}\` `));
      expect(row).toContain(`| ${topic.retention.days} days |`);
      for (const { type } of eventsOn(topic)) expect(row).toContain(`[\`${type}\`](events.md#${type.toLowerCase()})`);
    }
  });
});
