import { describe, expect, it } from 'vitest';
import { dictionaries } from '../i18n';
import { measureText } from './DrawPanel';
import { areaM2, distanceM, lengthM, type Position } from './geodesy';
import { sketchShapes } from './useSketch';
import { inserted, mayRemove, middles, moved, removed, verticesOf, withVertices } from './vertices';

// Expected: PROJ 9.1.1, geod_inverse and geod_polygonarea on GRS 80 (Karney 2013). Its edges are geodesics, ours straight on the map as they are drawn: half a metre apart at 6 km.
describe('distances and areas', () => {
  it.each([
    [[138.3, 34.85], [138.36, 34.9], 7801.290513],
    [[139.767125, 35.681236], [138.45, 34.75], 158285.527791],
    [[130, 33], [130.0001, 33.0001], 14.502859],
    [[0, 0], [90, 45], 10010386.360997],
  ] as [Position, Position, number][])('from %j to %j are those of the ellipsoid to a millimetre', (from, to, expected) => {
    expect(Math.abs(distanceM(from, to) - expected)).toBeLessThan(0.001);
    expect(distanceM(to, from)).toBeCloseTo(expected, 3);
  });

  it('are zero of nothing, finite at the other end of the earth, and add up along a line', () => {
    expect([distanceM([1, 2], [1, 2]), lengthM([]), lengthM([[1, 2]]), areaM2([[0, 0], [1, 1]])]).toEqual([0, 0, 0, 0]);
    expect(distanceM([0, 0], [179.9, 0.1]) / 20_000_000).toBeCloseTo(1, 2);
    expect(lengthM([[138.3, 34.85], [138.36, 34.9], [138.3, 34.85]])).toBeCloseTo(2 * 7801.290513, 2);
  });

  it.each([
    [[[138.3, 34.85], [138.36, 34.85], [138.36, 34.9], [138.3, 34.9]], 30428189.397],
    [[[138.3, 34.85], [138.33, 34.86], [138.31, 34.9]], 7101322.852],
    [[[130, 33], [130.001, 33], [130.0005, 33.001]], 5182.184],
  ] as [Position[], number][])('of a ring are those of the ellipsoid to 3 in 10,000, whichever way it runs', (ring, expected) => {
    expect(Math.abs(areaM2(ring) / expected - 1)).toBeLessThan(3e-4);
    expect(areaM2(ring.toReversed())).toBeCloseTo(areaM2(ring), 6);
  });

  it('are said in units that a person uses', () => {
    const { ja } = dictionaries;
    expect(measureText(ja, 'distance', [[130, 33], [130.0001, 33.0001]])).toBe('距離 14.5 m');
    expect(measureText(ja, 'distance', [[139.767125, 35.681236], [138.45, 34.75]])).toBe('距離 158.29 km');
    expect(measureText(ja, 'area', [[130, 33], [130.001, 33], [130.0005, 33.001]])).toMatch(/^面積 5,182 m²・外周 3\d\d m$/);
  });
});

describe('corners of a drawing', () => {
  const ring: Position[] = [[0, 0], [2, 0], [2, 2]];
  const polygon = withVertices({ type: 'Polygon', coordinates: [] }, ring);

  it('come out once each and go in again as the same shape', () => {
    expect(polygon).toEqual({ type: 'Polygon', coordinates: [[...ring, ring[0]]] });
    expect(verticesOf(polygon)).toEqual(ring);
    for (const geometry of [{ type: 'LineString', coordinates: ring }, { type: 'Point', coordinates: [1, 2] }] as const) expect(withVertices(geometry as never, verticesOf(geometry as never))).toEqual(geometry);
    expect(verticesOf(null)).toEqual([]);
  });

  it('are moved, added between two others, also over the end of a ring, and taken away while a shape is left', () => {
    expect(moved(ring, 1, [9, 9])).toEqual([[0, 0], [9, 9], [2, 2]]);
    expect(middles(polygon, ring)).toEqual([{ after: 0, at: [1, 0] }, { after: 1, at: [2, 1] }, { after: 2, at: [1, 1] }]);
    expect(middles({ type: 'LineString', coordinates: ring }, ring)).toHaveLength(2);
    expect(middles({ type: 'Point', coordinates: [0, 0] }, [[0, 0]])).toEqual([]);
    expect(inserted(ring, 2, [1, 1])).toEqual([...ring, [1, 1]]);
    expect(removed(ring, 0)).toEqual(ring.slice(1));
    expect([mayRemove(polygon, ring), mayRemove({ type: 'LineString', coordinates: ring }, ring), mayRemove({ type: 'Point', coordinates: [0, 0] }, [[0, 0]]), mayRemove(null, [])]).toEqual([false, true, false, false]);
  });
});

describe('a sketch', () => {
  it('shows its points, the line through them, and the ring as soon as there is one', () => {
    const points: Position[] = [[1, 2], [3, 4], [5, 0]];
    expect(sketchShapes(points, 'line').map((f) => f.geometry.type)).toEqual(['LineString', 'Point', 'Point', 'Point']);
    expect(sketchShapes(points, 'polygon')[0]!.geometry).toEqual({ type: 'Polygon', coordinates: [[...points, points[0]]] });
    expect(sketchShapes(points.slice(0, 2), 'polygon')[0]!.geometry.type).toBe('LineString');
    expect(sketchShapes([], 'polygon')).toEqual([]);
  });
});
