/** Cuts one axis of a photo into equal tiles that overlap: the same plan as the server's scorer has. */
export class TilePlan {
  readonly tile: number;
  readonly starts: number[];

  constructor(length: number, mostTile: number, overlap: number, multiple: number) {
    const roundUp = (value: number) => Math.ceil(value / multiple) * multiple;
    const single = roundUp(length);
    if (single <= mostTile) {
      this.tile = single;
      this.starts = [0];
      return;
    }
    const count = Math.ceil((length - overlap) / (mostTile - overlap));
    this.tile = Math.min(mostTile, roundUp(Math.ceil((length + (count - 1) * overlap) / count)));
    this.starts = Array.from({ length: count }, (_, i) => Math.floor((i * (length - this.tile)) / (count - 1)));
  }

  /** Weight of pixel i of tile t: 1, falling linearly over what is shared with a neighbour, and next to nothing at the very edge of a tile. */
  weight(t: number, i: number): number {
    const left = t === 0 ? 1 : ramp(i, this.starts[t - 1]! + this.tile - this.starts[t]!);
    const right = t === this.starts.length - 1 ? 1 : ramp(this.tile - 1 - i, this.starts[t]! + this.tile - this.starts[t + 1]!);
    return left * right;
  }
}

function ramp(distance: number, shared: number): number {
  const margin = shared / 8;
  return Math.min(1, Math.max(1e-4, (distance + 0.5 - margin) / Math.max(1, shared - 2 * margin)));
}

/** Beyond its edge a photo is mirrored. */
export function mirror(i: number, length: number): number {
  while (i >= length || i < 0) i = length === 1 ? 0 : i < 0 ? -i : 2 * (length - 1) - i;
  return i;
}
