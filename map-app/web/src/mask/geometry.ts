/** x right, y down, in the photo's pixels. */
export type Pixel = [x: number, y: number];
/** Corners of a closed outline, the last one not repeated. */
export type Ring = Pixel[];

/** A corner of a mask: which ring, which corner of it. */
export interface Corner {
  ring: number;
  at: number;
}

/** The corner nearest to a place, within reach; null when none is. */
export function nearestCorner(rings: Ring[], [x, y]: Pixel, reachPx: number): Corner | null {
  let best: Corner | null = null;
  let least = reachPx;
  rings.forEach((corners, ring) =>
    corners.forEach(([cx, cy], at) => {
      const d = Math.hypot(cx - x, cy - y);
      if (d <= least) [least, best] = [d, { ring, at }];
    }),
  );
  return best;
}

/** The corner after which a new one at this place would lie on the nearest edge, within reach; null when no edge is. */
export function nearestEdge(rings: Ring[], place: Pixel, reachPx: number): Corner | null {
  let best: Corner | null = null;
  let least = reachPx;
  rings.forEach((corners, ring) =>
    corners.forEach((from, at) => {
      const d = toSegment(place, from, corners[(at + 1) % corners.length]!);
      if (d <= least) [least, best] = [d, { ring, at }];
    }),
  );
  return best;
}

function toSegment([px, py]: Pixel, [ax, ay]: Pixel, [bx, by]: Pixel): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : Math.min(Math.max(((px - ax) * dx + (py - ay) * dy) / length2, 0), 1);
  return Math.hypot(ax + t * dx - px, ay + t * dy - py);
}

const minCorners = 3;
const clamp = (v: number, high: number) => Math.round(Math.min(Math.max(v, 0), high) * 10) / 10;

/** Within the photo, to a tenth of a pixel. */
export const within = ([x, y]: Pixel, widthPx: number, heightPx: number): Pixel => [clamp(x, widthPx), clamp(y, heightPx)];

export const moveCorner = (rings: Ring[], { ring, at }: Corner, to: Pixel): Ring[] =>
  rings.map((corners, r) => (r === ring ? corners.map((c, i) => (i === at ? to : c)) : corners));

/** Puts a corner behind `after`. */
export const insertCorner = (rings: Ring[], { ring, at }: Corner, place: Pixel): Ring[] =>
  rings.map((corners, r) => (r === ring ? [...corners.slice(0, at + 1), place, ...corners.slice(at + 1)] : corners));

/** Takes a corner away; a ring of fewer than three goes altogether. */
export const removeCorner = (rings: Ring[], { ring, at }: Corner): Ring[] =>
  rings.map((corners, r) => (r === ring ? corners.filter((_, i) => i !== at) : corners)).filter((corners) => corners.length >= minCorners);

export const middle = ([ax, ay]: Pixel, [bx, by]: Pixel): Pixel => [(ax + bx) / 2, (ay + by) / 2];

/** A polygon with an area, or null: three places at least that do not lie on one line. */
export function polygonOf(points: Pixel[]): Ring | null {
  const ring = apart(points, 0.5);
  return ring.length >= minCorners && Math.abs(area(ring)) >= 1 ? ring : null;
}

/** Twice-signed shoelace, halved: positive when the corners run clockwise on the screen. */
export function area(ring: Ring): number {
  return ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length]!;
    return sum + (x * ny - nx * y) / 2;
  }, 0);
}

/** The outline of a line drawn with a pen of that width: corners are mitred, sharp ones cut; null without two places. */
export function strokeOf(points: Pixel[], widthPx: number): Ring | null {
  const line = apart(points, Math.min(1, widthPx / 2));
  if (line.length < 2) return null;
  const half = widthPx / 2;
  const left: Pixel[] = [];
  const right: Pixel[] = [];
  line.forEach((p, i) => {
    const before = line[i - 1] ? direction(line[i - 1]!, p) : null;
    const behind = line[i + 1] ? direction(p, line[i + 1]!) : null;
    const [ax, ay] = before ?? behind!;
    const [bx, by] = behind ?? before!;
    const length = Math.hypot(ax + bx, ay + by);
    const [mx, my] = length < 1e-6 ? [ax, ay] : [(ax + bx) / length, (ay + by) / length];
    const reach = half / Math.max(mx * ax + my * ay, 0.5); // at most twice the half width
    left.push([p[0] - my * reach, p[1] + mx * reach]);
    right.unshift([p[0] + my * reach, p[1] - mx * reach]);
  });
  return [...left, ...right];
}

function direction([ax, ay]: Pixel, [bx, by]: Pixel): Pixel {
  const length = Math.hypot(bx - ax, by - ay);
  return [(bx - ax) / length, (by - ay) / length];
}

/** Without places nearer than that to the one before. */
export function apart(points: Pixel[], leastPx: number): Pixel[] {
  const kept: Pixel[] = [];
  for (const p of points) if (kept.length === 0 || Math.hypot(p[0] - kept.at(-1)![0], p[1] - kept.at(-1)![1]) >= leastPx) kept.push(p);
  return kept;
}

/** A freehand line with the corners that matter (Douglas-Peucker). */
export function simplify(points: Pixel[], tolerancePx: number): Pixel[] {
  if (points.length < 3) return points;
  const [first, last] = [points[0]!, points.at(-1)!];
  let far = 0;
  let at = 0;
  for (let i = 1; i < points.length - 1; i++) {
    const d = toSegment(points[i]!, first, last);
    if (d > far) [far, at] = [d, i];
  }
  if (far <= tolerancePx) return [first, last];
  return [...simplify(points.slice(0, at + 1), tolerancePx).slice(0, -1), ...simplify(points.slice(at), tolerancePx)];
}

/**
 * Whether an outline crosses itself or another one: such a mask has no inside, and the server refuses it. Parts of a model's mask may touch: where two
 * edges meet that were there `before`, nobody is blamed.
 */
export function crosses(rings: Ring[], before: Ring[] = []): boolean {
  const known = new Set(before.flatMap((ring) => ring.flatMap((from, i) => [edgeKey(from, ring[(i + 1) % ring.length]!), edgeKey(ring[(i + 1) % ring.length]!, from)])));
  const edges = rings.flatMap((ring, r) => ring.map((from, i) => ({ r, i, n: ring.length, from, to: ring[(i + 1) % ring.length]!, old: known.has(edgeKey(from, ring[(i + 1) % ring.length]!)) })));
  const adjacent = (a: (typeof edges)[number], b: (typeof edges)[number]) => a.r === b.r && (Math.abs(a.i - b.i) === 1 || Math.abs(a.i - b.i) === a.n - 1);
  return edges.some((a, k) => edges.slice(k + 1).some((b) => !(a.old && b.old) && !adjacent(a, b) && meet(a.from, a.to, b.from, b.to)));
}

const edgeKey = (from: Pixel, to: Pixel) => `${from[0]},${from[1]} ${to[0]},${to[1]}`;

function meet(a: Pixel, b: Pixel, c: Pixel, d: Pixel): boolean {
  if (Math.max(a[0], b[0]) < Math.min(c[0], d[0]) || Math.max(c[0], d[0]) < Math.min(a[0], b[0])) return false;
  if (Math.max(a[1], b[1]) < Math.min(c[1], d[1]) || Math.max(c[1], d[1]) < Math.min(a[1], b[1])) return false;
  const side = (p: Pixel, q: Pixel, r: Pixel) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}
