import { describe, expect, it } from '@jest/globals';
import {
  allocated,
  at,
  dispatched,
  type Doctored,
  held,
  issued,
  lifted,
  logOf,
  received,
  scrappedFact,
  undone,
} from './doctored.fixture.js';
import { checkStock } from './stock-oracle.js';

const found = (...events: Doctored[]) => checkStock(logOf(...events)).findings;

describe('the stock that a log gave out, re-derived', () => {
  it('is fine where commitments stay within what was known', () => {
    const log = logOf(received(10), issued('order:a', 6, at(1)), allocated('p', 4, at(2)), undone('order:a'));
    expect(checkStock(log)).toEqual({ findings: [], decisions: 2, betweens: 0 });
    expect(found(received(10), issued('order:a', 10, at(1)), undone('order:a'), issued('order:b', 10, at(2)))).toEqual(
      [],
    );
  });

  it('is not where two got the last kilo', () => {
    expect(found(received(10), issued('order:a', 6, at(1)), issued('order:b', 6, at(1)))).toEqual([
      expect.stringMatching(/commits 12 .*known at 0000000000000001 were 10/),
    ]);
  });

  it('is not where a promise and an issue exceed it together', () => {
    expect(found(received(10), allocated('p', 6, at(1)), issued('order:a', 6, at(1)))).toHaveLength(1);
  });

  it('counts an issue that draws on its own promise once', () => {
    const [book, type, data] = issued('order:a', 6, at(1));
    const drawing: [string, string, object] = [book, type, { ...data, allocations: ['p'] }];
    expect(found(received(10), allocated('p', 6, at(1)), drawing)).toEqual([]);
  });

  it('goes without what a fact took, once that was known', () => {
    expect(found(received(10), scrappedFact(4), issued('order:a', 9, at(1)))).toEqual([]);
    expect(found(received(10), scrappedFact(4), issued('order:a', 9, at(2)))).toHaveLength(1);
  });

  it('is not where anything of a held lot was given out or promised', () => {
    expect(found(received(10), held(), issued('order:a', 1, at(2)))).toEqual([
      expect.stringMatching(/which was held \(h\)/),
    ]);
    expect(found(received(10), held(), allocated('p', 1, at(2)))).toHaveLength(1);
    expect(found(received(10), held(), lifted(), issued('order:a', 1, at(3)))).toEqual([]);
  });
});

describe('what left by command', () => {
  it('was issued before, by an issue that stands', () => {
    expect(found(received(10), issued('shipment:S', 4, at(1)), dispatched('S', 4))).toEqual([]);
  });

  it('is found where no book let it go, or let less of it go', () => {
    expect(found(received(10), dispatched('S', 4))).toEqual([expect.stringMatching(/took 4 .* had issued 0/)]);
    expect(found(received(10), issued('shipment:S', 3, at(1)), dispatched('S', 4))).toHaveLength(1);
  });

  it('is found where its issue was undone, before or after it left', () => {
    expect(found(received(10), issued('shipment:S', 4, at(1)), undone('shipment:S'), dispatched('S', 4))).not.toEqual(
      [],
    );
    expect(found(received(10), issued('shipment:S', 4, at(1)), dispatched('S', 4), undone('shipment:S'))).toEqual([
      expect.stringMatching(/its issue shipment:S was undone/),
    ]);
  });

  it('is counted where a hold came between its issue and its record', () => {
    const log = logOf(received(10), issued('shipment:S', 4, at(1)), held(), dispatched('S', 4));
    expect(checkStock(log)).toMatchObject({ findings: [], betweens: 1 });
  });
});
