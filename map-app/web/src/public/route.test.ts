import { describe, expect, it } from 'vitest';
import { crossings, decodeRoute, distanceM, drawingOf, encodeRoute, lengthM, mostPoints, readLink, reduceDrawing, writeLink, type Place } from './route';

describe('a route in a link', () => {
  it('is the published format', () => {
    // the example of the format's own description: (38.5, -120.2), (40.7, -120.95), (43.252, -126.453)
    expect(encodeRoute([[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]])).toBe('_p~iF~ps|U_ulLnnqC_mqNvxq`@');
    expect(decodeRoute('_p~iF~ps|U_ulLnnqC_mqNvxq`@')).toEqual([[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]]);
  });

  it('comes back from the address as it was drawn', () => {
    const points: Place[] = Array.from({ length: mostPoints }, (_, i) => [138.3 + ((i * 7919) % 1000) / 1e5, 34.8 - ((i * 104_729) % 1000) / 1e5]);
    const link = writeLink(points, ['a-1', 'b']);
    expect(link.startsWith('#')).toBe(true);
    const read = readLink(new URL(`https://example.org/${link}`).hash);
    expect(read.points.map(([x, y]) => [x.toFixed(5), y.toFixed(5)])).toEqual(points.map(([x, y]) => [x.toFixed(5), y.toFixed(5)]));
    expect(read.layers).toEqual(['a-1', 'b']);
    expect(read.broken).toBe(false);
  });

  it('that was cut off or edited is said to be broken, and never throws', () => {
    expect(readLink('')).toEqual({ points: [], layers: null, broken: false });
    for (const text of ['_p~iF~ps|', '_', '~~~~~~~~~~~~', 'あ', '_p~iF', '\u0000', '~'.repeat(5000)]) {
      expect(readLink(`#r=${encodeURIComponent(text)}`)).toEqual({ points: [], layers: null, broken: true });
    }
    expect(readLink(`#r=${encodeURIComponent(encodeRoute(Array.from({ length: mostPoints + 1 }, (): Place => [0, 0])))}`).broken).toBe(true);
    expect(readLink(`#r=${encodeURIComponent(encodeRoute([[181, 0]]))}`).broken).toBe(true);
  });
});

it('measures as the tables of geodesy do', () => {
  expect(distanceM([138, 35], [138, 36])).toBeGreaterThan(110_950 * 0.995); // GRS 80: 110,950 m from 35 to 36 degrees
  expect(distanceM([138, 35], [138, 36])).toBeLessThan(110_950 * 1.005);
  expect(lengthM([[138, 35]])).toBe(0);
  expect(lengthM([[138, 35], [138, 35.5], [138, 36]])).toBeCloseTo(distanceM([138, 35], [138, 36]), 3);
});

it('takes back every change and brings it again', () => {
  const steps = [{ do: 'add', place: [138.123456, 34.7] }, { do: 'add', place: [138.2, 34.8] }, { do: 'move', at: 0, place: [138.1, 34.7] }, { do: 'remove', at: 1 }, { do: 'clear' }] as const;
  const states = steps.reduce((all, s) => [...all, reduceDrawing(all.at(-1)!, s as never)], [drawingOf([])]);
  expect(states[1]!.points).toEqual([[138.12346, 34.7]]);
  let back = states.at(-1)!;
  for (const before of states.slice(0, -1).reverse()) expect((back = reduceDrawing(back, { do: 'undo' })).points).toEqual(before.points);
  for (const after of states.slice(1)) expect((back = reduceDrawing(back, { do: 'redo' })).points).toEqual(after.points);
  expect(reduceDrawing(back, { do: 'redo' })).toBe(back);
});

it('counts of each layer the worst class that a step meets, once', () => {
  const met = (layerId: string, key: string, rank: number) => ({ layerId, key, rank });
  expect(crossings([
    { lengthM: 10, met: [met('a', '1', 1), met('a', '3', 3), met('b', '1', 1)] },
    { lengthM: 5, met: [met('a', '1', 1)] },
    { lengthM: 7, met: [] },
  ])).toEqual([
    { layerId: 'a', key: '3', rank: 3, lengthM: 10 },
    { layerId: 'b', key: '1', rank: 1, lengthM: 10 },
    { layerId: 'a', key: '1', rank: 1, lengthM: 5 },
  ]);
});
