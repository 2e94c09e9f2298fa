import type { Thresholds } from './types';

/** Connected pixels that a model took for damage, in pixels. */
export interface Region {
  left: number;
  top: number;
  right: number;
  bottom: number;
  areaPx: number;
  /** along its own axis */
  lengthPx: number;
  /** mean probability, 0 to 1 */
  score: number;
}

const level = (probability: number) => Math.min(255, Math.max(1, Math.ceil(probability * 255)));

/**
 * The regions of a class (SPEC section 21): 8-connected pixels at or above `low` that reach `high`, large enough, and of thin damage long for their
 * area and not straight as a joint is. The server's scorer goes on from the same regions: it joins, cuts and measures. A hint does not.
 */
export function regionsOf(map: Uint8Array, width: number, height: number, task: string, className: string, thresholds: Thresholds): Region[] {
  const thin = task === 'line-segmentation';
  const { low, high, minAreaPx } = (thin ? null : thresholds.classes?.[className]) ?? thresholds;
  const seen = new Uint8Array(map.length);
  const [from, peak] = [level(low), level(high)];
  const found: Region[] = [];
  for (let i = 0; i < map.length; i++) {
    if (seen[i] || map[i]! < from) continue;
    const group = flood(map, seen, i, width, height, from);
    if (group.peak < peak || group.pixels.length < minAreaPx) continue;
    const region = measure(group.pixels, group.sum, width);
    if (region.lengthPx < thresholds.minLengthPx) continue;
    if (thin && (region.lengthPx ** 2 < thresholds.minElongation * region.areaPx || isStraight(region, thresholds))) continue;
    found.push(region);
  }
  return found.sort((a, b) => b.score - a.score);
}

function flood(map: Uint8Array, seen: Uint8Array, start: number, width: number, height: number, from: number) {
  const pixels = [start];
  let [sum, peak] = [0, 0];
  seen[start] = 1;
  for (let next = 0; next < pixels.length; next++) {
    const i = pixels[next]!;
    const [x, y] = [i % width, Math.floor(i / width)];
    sum += map[i]!;
    peak = Math.max(peak, map[i]!);
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const n = ny * width + nx;
        if (seen[n] || map[n]! < from) continue;
        seen[n] = 1;
        pixels.push(n);
      }
    }
  }
  return { pixels, sum, peak };
}

interface Measured extends Region {
  /** mean square distance from the axis */
  acrossSquared: number;
}

function measure(pixels: number[], sum: number, width: number): Measured {
  const n = pixels.length;
  let [left, top, right, bottom, mx, my] = [Infinity, Infinity, 0, 0, 0, 0];
  for (const i of pixels) {
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x + 1), Math.min(top, y), Math.max(bottom, y + 1)];
    [mx, my] = [mx + x / n, my + y / n];
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (const i of pixels) {
    const [dx, dy] = [(i % width) - mx, Math.floor(i / width) - my];
    [xx, xy, yy] = [xx + (dx * dx) / n, xy + (dx * dy) / n, yy + (dy * dy) / n];
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  let [first, last] = [Infinity, -Infinity];
  for (const i of pixels) {
    const along = ((i % width) - mx) * ux + (Math.floor(i / width) - my) * uy;
    [first, last] = [Math.min(first, along), Math.max(last, along)];
  }
  const acrossSquared = xx * uy * uy - 2 * xy * ux * uy + yy * ux * ux;
  return { left, top, right, bottom, areaPx: n, lengthPx: last - first + 1, score: sum / (n * 255), acrossSquared };
}

/** A band of even width w leaves its middle line by w/√12; what leaves it by hardly more is a joint or an edge. */
function isStraight(region: Region, { straight }: Thresholds): boolean {
  if (!straight || region.lengthPx < straight.minLengthPx) return false;
  const band = (region.areaPx / region.lengthPx) ** 2 / 12;
  return (region as Measured).acrossSquared <= band + (straight.maxRmsPx + straight.maxRmsShare * region.lengthPx) ** 2;
}
