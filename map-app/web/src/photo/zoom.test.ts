import { describe, expect, it } from 'vitest';
import { noise } from '../../dev/mockData';
import { boxOfRings, focusOn, imageWidth, maxScale, pan, ringsPath, whole, zoomAt } from './zoom';

describe('photo zoom', () => {
  it('keeps the point under the pointer where it is', () => {
    const v = zoomAt(whole, 4, 0.3, 0.7);
    expect([(0.3 - v.x) / v.scale, (0.7 - v.y) / v.scale]).toEqual([expect.closeTo(0.3), expect.closeTo(0.7)]);
  });

  it('always covers the frame, whatever is done', () => {
    const random = noise(1);
    let v = whole;
    for (let i = 0; i < 2000; i++) {
      v = random() < 0.5 ? zoomAt(v, Math.exp((random() - 0.5) * 4), random(), random()) : pan(v, random() * 4 - 2, random() * 4 - 2);
      expect(v.scale).toBeGreaterThanOrEqual(1);
      expect(v.scale).toBeLessThanOrEqual(maxScale);
      for (const at of [v.x, v.y]) {
        expect(at).toBeLessThanOrEqual(1e-9);
        expect(at + v.scale).toBeGreaterThanOrEqual(1 - 1e-9);
      }
    }
  });

  it('brings a finding into the middle at half the frame', () => {
    const v = focusOn(boxOfRings([[[1900, 1400], [2100, 1400], [2100, 1600], [1900, 1600]]], 4000, 3000)!);
    expect(v.scale).toBeCloseTo(7.5); // 200 of 3000 px high: a fifteenth of the frame, wanted half
    expect(v.x + 0.5 * v.scale).toBeCloseTo(0.5);
  });

  it('asks for few image widths, never more than the photo has', () => {
    expect([imageWidth(420, 1, 1, 4000), imageWidth(420, 1, 2, 4000), imageWidth(420, 4, 1, 4000), imageWidth(420, 30, 2, 4000), imageWidth(420, 8, 1, 1200)]).toEqual([840, 840, 1680, 4000, 1200]);
  });

  it('draws rings as closed paths', () => {
    expect(ringsPath([[[0, 0], [2, 0], [2, 2]], [[5, 5], [6, 5], [6, 6]]])).toBe('M0 0L2 0L2 2ZM5 5L6 5L6 6Z');
    expect(boxOfRings([], 10, 10)).toBeNull();
  });
});
