/** lon, lat in degrees */
export type Place = [number, number];

export const mostPoints = 100;
const digits = 1e5; // 1 m
const earthM = 6_371_008.8;

/** Metres a minute: Cabinet Office and Fire and Disaster Management Agency, evacuation from tsunami: 1.0 m/s, people who walk with difficulty 0.5 m/s. */
export const walkingMPerMin = 60;
export const slowMPerMin = 30;

/** Great-circle distance on the mean sphere, off by at most 0.5 %. */
export function distanceM([lon1, lat1]: Place, [lon2, lat2]: Place): number {
  const rad = Math.PI / 180;
  const h = Math.sin(((lat2 - lat1) * rad) / 2) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * earthM * Math.asin(Math.min(1, Math.sqrt(h)));
}

export const lengthM = (points: readonly Place[]) => points.slice(1).reduce((sum, p, i) => sum + distanceM(points[i]!, p), 0);

/** Encoded polyline with five decimals, lat before lon as that format has it. */
export function encodeRoute(points: readonly Place[]): string {
  let [lat, lon, text] = [0, 0, ''];
  for (const [x, y] of points) {
    const [nextLat, nextLon] = [Math.round(y * digits), Math.round(x * digits)];
    text += encodeNumber(nextLat - lat) + encodeNumber(nextLon - lon);
    [lat, lon] = [nextLat, nextLon];
  }
  return text;
}

function encodeNumber(value: number): string {
  let rest = value < 0 ? ~(value << 1) : value << 1;
  let text = '';
  for (; rest >= 0x20; rest >>>= 5) text += String.fromCharCode((0x20 | (rest & 0x1f)) + 63);
  return text + String.fromCharCode(rest + 63);
}

/** The points of a link, or null when it is no route: cut off, edited, or longer than a page draws. */
export function decodeRoute(text: string): Place[] | null {
  const numbers: number[] = [];
  for (let at = 0; at < text.length; ) {
    let [value, shift, chunk] = [0, 0, 0];
    do {
      chunk = text.charCodeAt(at++) - 63;
      if (!(chunk >= 0 && chunk < 64) || shift > 25) return null;
      value |= (chunk & 0x1f) << shift;
      shift += 5;
    } while (chunk >= 0x20);
    numbers.push(value & 1 ? ~(value >>> 1) : value >>> 1);
  }
  if (numbers.length % 2 !== 0 || numbers.length > 2 * mostPoints) return null;
  const points: Place[] = [];
  let [lat, lon] = [0, 0];
  for (let i = 0; i < numbers.length; i += 2) {
    lat += numbers[i]!;
    lon += numbers[i + 1]!;
    if (Math.abs(lat) > 90 * digits || Math.abs(lon) > 180 * digits) return null;
    points.push([lon / digits, lat / digits]);
  }
  return points;
}

/** What a link carries, behind the #: browsers never send that to a server. */
export interface SharedLink {
  points: Place[];
  /** null: the link says nothing of layers */
  layers: string[] | null;
  /** the link names a route that cannot be read */
  broken: boolean;
}

export function readLink(hash: string): SharedLink {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const route = said.get('r');
  const points = route === null ? [] : decodeRoute(route);
  const layers = said.get('l');
  return { points: points ?? [], layers: layers === null ? null : layers.split(',').filter(Boolean), broken: points === null };
}

export function writeLink(points: readonly Place[], layers: readonly string[]): string {
  const said = new URLSearchParams();
  if (points.length > 0) said.set('r', encodeRoute(points));
  if (points.length > 0 || layers.length > 0) said.set('l', layers.join(','));
  const text = said.toString();
  return text === '' ? '' : `#${text}`;
}

/** The drawing with everything that can be taken back. */
export interface Drawing {
  past: Place[][];
  points: Place[];
  future: Place[][];
}

export type DrawingAction = { do: 'add'; place: Place } | { do: 'move'; at: number; place: Place } | { do: 'remove'; at: number } | { do: 'clear' } | { do: 'undo' } | { do: 'redo' };

export const drawingOf = (points: Place[]): Drawing => ({ past: [], points, future: [] });

export function reduceDrawing(drawing: Drawing, action: DrawingAction): Drawing {
  const { past, points, future } = drawing;
  const next = (now: Place[]): Drawing => ({ past: [...past, points], points: now, future: [] });
  switch (action.do) {
    case 'add':
      return points.length >= mostPoints ? drawing : next([...points, rounded(action.place)]);
    case 'move':
      return next(points.map((p, i) => (i === action.at ? rounded(action.place) : p)));
    case 'remove':
      return next(points.filter((_, i) => i !== action.at));
    case 'clear':
      return points.length === 0 ? drawing : next([]);
    case 'undo':
      return past.length === 0 ? drawing : { past: past.slice(0, -1), points: past.at(-1)!, future: [points, ...future] };
    case 'redo':
      return future.length === 0 ? drawing : { past: [...past, points], points: future[0]!, future: future.slice(1) };
  }
}

/** As the link keeps it, so that what is seen is what is sent on. */
const rounded = ([lon, lat]: Place): Place => [Math.round(lon * digits) / digits, Math.round(lat * digits) / digits];

/** What the way crosses of one layer: metres by class, the worst first. */
export interface Crossing {
  layerId: string;
  key: string;
  rank: number;
  lengthM: number;
}

/** Sums up what was met along the way; of each step the worst class of each layer counts. */
export function crossings(steps: readonly { lengthM: number; met: readonly { layerId: string; key: string; rank: number }[] }[]): Crossing[] {
  const sums = new Map<string, Crossing>();
  for (const step of steps) {
    const worst = new Map<string, { layerId: string; key: string; rank: number }>();
    for (const hit of step.met) if ((worst.get(hit.layerId)?.rank ?? -Infinity) < hit.rank) worst.set(hit.layerId, hit);
    for (const { layerId, key, rank } of worst.values()) {
      const id = `${layerId}/${key}`;
      const sum = sums.get(id);
      if (sum) sum.lengthM += step.lengthM;
      else sums.set(id, { layerId, key, rank, lengthM: step.lengthM });
    }
  }
  return [...sums.values()].sort((a, b) => b.rank - a.rank || b.lengthM - a.lengthM);
}
