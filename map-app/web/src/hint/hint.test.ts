import { describe, expect, it } from 'vitest';
import { look, probabilities } from './look';
import { regionsOf } from './regions';
import { bandOf, hintOf } from './suggest';
import { mirror, TilePlan } from './tiles';
import type { Model, Thresholds } from './types';

const thresholds: Thresholds = { low: 0.3, high: 0.9, minAreaPx: 40, minLengthPx: 48, minElongation: 4, straight: { minLengthPx: 120, maxRmsPx: 0.6, maxRmsShare: 0.001 } };

/** A map with pixels where a drawing says so. */
function draw(width: number, height: number, value: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
}

describe('tiles', () => {
  // the same numbers as in the server's TilingTests
  it.each([
    [256, 256, [0]],
    [720, 720, [0]],
    [1080, 592, [0, 488]],
    [1536, 576, [0, 480, 960]],
  ])('cut %i px as the server does', (length, tile, starts) => {
    const plan = new TilePlan(length, 768, 96, 16);
    expect([plan.tile, plan.starts]).toEqual([tile, starts]);
    expect(plan.starts.at(-1)! + plan.tile).toBeGreaterThanOrEqual(length);
  });

  it('weigh most in the middle, next to nothing at an inner edge, and all at the edge of the photo', () => {
    const plan = new TilePlan(1080, 768, 96, 16);
    expect([plan.weight(0, 0), plan.weight(0, 300), plan.weight(1, plan.tile - 1)]).toEqual([1, 1, 1]);
    expect(plan.weight(0, plan.tile - 1)).toBeLessThan(0.001);
    expect(plan.weight(1, 0)).toBeLessThan(0.001);
  });

  it('mirror what lies beyond the photo', () => {
    expect([-2, 0, 4, 5, 6].map((i) => mirror(i, 5))).toEqual([2, 0, 4, 3, 2]);
    expect(mirror(7, 1)).toBe(0);
  });
});

describe('regions', () => {
  it('are what reaches the upper threshold, is long for its area and not straight', () => {
    const bent = draw(200, 100, (x, y) => (x >= 20 && x < 160 && Math.abs(y - 40 - 8 * Math.sin(x / 12)) < 2 ? (x === 90 ? 240 : 150) : 0));
    const [crack, ...more] = regionsOf(bent, 200, 100, 'line-segmentation', 'crack', thresholds);
    expect(more).toEqual([]);
    expect(crack).toMatchObject({ left: 20, right: 160 });
    expect(crack!.score).toBeCloseTo(150 / 255, 1);
    const faint = bent.map((v) => Math.min(v, 200));
    const joint = draw(200, 100, (x, y) => (x >= 20 && x < 180 && y >= 50 && y < 54 ? 250 : 0));
    const stain = draw(200, 100, (x, y) => ((x - 100) ** 2 + (y - 50) ** 2 < 900 ? 250 : 0));
    const short = draw(200, 100, (x, y) => (x >= 20 && x < 60 && y >= 50 && y < 54 ? 250 : 0));
    for (const map of [faint, joint, stain, short]) expect(regionsOf(map, 200, 100, 'line-segmentation', 'crack', thresholds)).toEqual([]);
  });

  it('of areas keep the limits of their class', () => {
    const stain = draw(80, 80, (x, y) => ((x - 40) ** 2 + (y - 40) ** 2 < 400 ? 220 : 0));
    const of = (name: string) => regionsOf(stain, 80, 80, 'area-segmentation', name, { ...thresholds, minLengthPx: 0, classes: { pothole: { low: 0.8, high: 0.8, minAreaPx: 600 }, slump: { low: 0.9, high: 0.9, minAreaPx: 600 } } });
    expect(of('pothole')).toHaveLength(1);
    expect(of('slump')).toEqual([]);
  });
});

const model: Model = {
  name: 'm-v1', task: 'area-segmentation', classes: ['pothole', 'own-class'], experimental: false, sha256: '', sizeBytes: 0, url: '',
  input: { scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1], tilePx: 64, overlapPx: 16, multiple: 16 },
  thresholds: { low: 0.5, high: 0.8, minAreaPx: 50, minLengthPx: 0, minElongation: 0 },
};

describe('look', () => {
  // a network that says of each pixel how red it is, and of the second class nothing
  const red = (input: Float32Array, width: number, height: number) => Promise.resolve(Float32Array.from({ length: 2 * width * height }, (_, i) => (i < width * height ? input[i]! : 0)));
  const width = 150;
  const height = 90;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) data[4 * i] = i % width >= 60 && i % width < 90 && Math.floor(i / width) < 30 ? 230 : 10;

  it('gives back over all tiles what the network says of every pixel', async () => {
    const steps: number[] = [];
    const [map] = await probabilities(model.input, 2, { data, width, height }, red, (done, all) => steps.push(done / all));
    expect(map!.every((value, i) => value === data[4 * i])).toBe(true);
    expect([steps[0], steps.at(-1)]).toEqual([0, 1]);
  });

  it('says where, as shares of the picture, and proposes nothing for a class that it does not know', async () => {
    const seen = await look(model, { data, width, height }, red, () => undefined);
    expect(seen).toMatchObject({ model: 'm-v1', class: 'pothole', found: 1, places: [[0.4, 0, 0.6, 1 / 3]] });
    expect(hintOf('a', seen)).toMatchObject({ score: 0.902, places: [[0.4, 0, 0.6, 0.3333]], suggested: { category: 'road', severity: 'warning' }, taken: false });
    expect(hintOf('a', { ...seen, class: 'own-class' }).suggested).toBeNull();
    expect([0.9, 0.7, 0.4].map(bandOf)).toEqual(['high', 'middle', 'low']);
  });
});
