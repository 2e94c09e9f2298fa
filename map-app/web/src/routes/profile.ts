import { distanceM, type Position } from '../draw/geodesy';
import { parseNumber } from './form';
import type { RouteAnswer } from './types';

/** A waypoint of a battery's tracks: metres along them, and heights above its home point. */
export interface ProfilePoint {
  alongM: number;
  flightM: number;
  groundM: number;
  track: string;
}

/** The tracks of a battery one after the other; of a plan that is refused there are no batteries, and `flight` is null. */
export function profileOf(answer: RouteAnswer, flight: number | null): ProfilePoint[] {
  const points: ProfilePoint[] = [];
  let of: unknown = null;
  let last: Position | null = null;
  for (const { geometry, properties: p } of answer.preview.features) {
    if (p?.['kind'] === 'leg') of = p['flight'] ?? null;
    if (p?.['kind'] !== 'waypoint' || geometry?.type !== 'Point' || of !== flight) continue;
    const at = geometry.coordinates as Position;
    const flightM = Number(p['heightM']);
    points.push({ alongM: (points.at(-1)?.alongM ?? 0) + (last ? distanceM(last, at) : 0), flightM, groundM: flightM - Number(p['heightAboveGroundM']), track: String(p['track']) });
    last = at;
  }
  return points;
}

export interface Range {
  least: number;
  most: number;
}

export const rangeOf = (values: number[]): Range => ({ least: Math.min(...values), most: Math.max(...values) });

/** Round numbers from the first to the last that lie in the range, at most about `most` of them. */
export function ticks({ least, most }: Range, count: number): number[] {
  const rough = (most - least) / count;
  if (!(rough > 0)) return [least];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
  const first = Math.ceil(least / step - 1e-9);
  return Array.from({ length: Math.floor(most / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

/** Rows of metres along the line and elevation; a first row that is no number is its head. Null when it is no such table. */
export function parseProfile(text: string): [number, number][] | null {
  const rows: [number, number][] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((l) => l.trim() !== '');
  for (const [i, line] of lines.entries()) {
    const [along, ground] = line.split(/[,\t]/).map(parseNumber);
    if (along == null || ground == null) {
      if (i > 0) return null;
    } else rows.push([along, ground]);
  }
  return rows.length > 1 && rows.every(([m], i) => i === 0 || m > rows[i - 1]![0]) ? rows : null;
}
