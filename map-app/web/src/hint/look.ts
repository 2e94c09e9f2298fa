import { regionsOf } from './regions';
import { mirror, TilePlan } from './tiles';
import type { Box, InputSpec, Look, Model } from './types';

/** A photo is made no larger than this for a hint, as the agents' triage has it: 1 to 6 tiles. */
export const longestSidePx = 1536;
const mostPlaces = 5;

/** RGBA, row by row. */
export interface Pixels {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** Runs the network: planes of R, G and B in, one plane for each class out. */
export type Run = (input: Float32Array, width: number, height: number) => Promise<Float32Array>;

/** What a model sees. */
export async function look(model: Model, pixels: Pixels, run: Run, progress: (done: number, all: number) => void): Promise<Look> {
  const maps = await probabilities(model.input, model.classes.length, pixels, run, progress);
  const { width, height } = pixels;
  const regions = model.classes.flatMap((name, k) => regionsOf(maps[k]!, width, height, model.task, name, model.thresholds).map((region) => ({ name, region })));
  regions.sort((a, b) => b.region.score - a.region.score);
  const places = regions.slice(0, mostPlaces).map(({ region: r }): Box => [r.left / width, r.top / height, r.right / width, r.bottom / height]);
  return { model: model.name, class: regions[0]?.name ?? null, score: regions[0]?.region.score ?? 0, found: regions.length, places };
}

/** Probability per pixel and class, 0 to 255: tiles of the card's size, blended as the server does. */
export async function probabilities(input: InputSpec, classes: number, pixels: Pixels, run: Run, progress: (done: number, all: number) => void): Promise<Uint8Array[]> {
  const { width, height } = pixels;
  const columns = new TilePlan(width, input.tilePx, input.overlapPx, input.multiple);
  const rows = new TilePlan(height, input.tilePx, input.overlapPx, input.multiple);
  const planes = new Float32Array(3 * columns.tile * rows.tile);
  const sums = Array.from({ length: classes }, () => new Float32Array(width * height));
  const weights = new Float32Array(width * height);
  const all = columns.starts.length * rows.starts.length;
  let done = 0;
  progress(0, all);
  for (let r = 0; r < rows.starts.length; r++) {
    for (let c = 0; c < columns.starts.length; c++) {
      fill(planes, input, pixels, columns.starts[c]!, rows.starts[r]!, columns.tile, rows.tile);
      add(await run(planes, columns.tile, rows.tile), { columns, rows, r, c, width, height, sums, weights });
      progress(++done, all);
    }
  }
  return sums.map((sum) => Uint8Array.from(sum, (value, i) => Math.floor(Math.min(1, Math.max(0, value / weights[i]!)) * 255 + 0.5)));
}

function fill(planes: Float32Array, input: InputSpec, { data, width, height }: Pixels, left: number, top: number, tileWidth: number, tileHeight: number): void {
  const across = Int32Array.from({ length: tileWidth }, (_, x) => mirror(left + x, width) * 4);
  for (let k = 0; k < 3; k++) {
    const [scale, shift] = [Math.fround(input.scale / input.std[k]!), Math.fround(input.mean[k]! / input.std[k]!)];
    for (let y = 0; y < tileHeight; y++) {
      const row = mirror(top + y, height) * width * 4 + k;
      const at = (k * tileHeight + y) * tileWidth;
      for (let x = 0; x < tileWidth; x++) planes[at + x] = data[row + across[x]!]! * scale - shift;
    }
  }
}

interface Target {
  columns: TilePlan;
  rows: TilePlan;
  r: number;
  c: number;
  width: number;
  height: number;
  sums: Float32Array[];
  weights: Float32Array;
}

function add(output: Float32Array, { columns, rows, r, c, width, height, sums, weights }: Target): void {
  const [left, top] = [columns.starts[c]!, rows.starts[r]!];
  const [across, down] = [Math.min(columns.tile, width - left), Math.min(rows.tile, height - top)];
  const horizontal = Float32Array.from({ length: across }, (_, x) => columns.weight(c, x));
  for (let y = 0; y < down; y++) {
    const vertical = rows.weight(r, y);
    const to = (top + y) * width + left;
    for (let x = 0; x < across; x++) weights[to + x]! += vertical * horizontal[x]!;
    sums.forEach((sum, k) => {
      const from = (k * rows.tile + y) * columns.tile;
      for (let x = 0; x < across; x++) sum[to + x]! += output[from + x]! * vertical * horizontal[x]!;
    });
  }
}
