import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import type { AssetFeature } from '../api/types';
import { tileUrl } from '../layers/drawing';
import type { LayerClass, MapLayer } from '../layers/types';

const deepest = 15;
const wide = 12;
const equatorM = 40_075_016.7;
const metresPerDegree = 111_320;
const hazardKinds = ['flood', 'pluvial', 'duration', 'collapse', 'landslide', 'surge', 'tsunami', 'history'];
/** What is drawn as lines and is asked for by itself, or is no thing to stand beside. */
const notLines = [...hazardKinds, 'boundary', 'pipe'];

export interface Hazard {
  layer: MapLayer;
  /** the class of the highest rank at the place; null: the file names none that the table knows */
  class: LayerClass | null;
  label: string | null;
}

export interface Near {
  name: string;
  distanceM: number;
  id: string | null;
}

/** What holds at a place, from tiles that the tablet has or gets. */
export interface Here {
  hazards: Hazard[];
  /** hazard layers that could be asked at all */
  asked: number;
  shelter: Near | null;
  pipe: Near | null;
  /** layers of pipes that there are to ask */
  pipesAsked: number;
  line: Near | null;
  asset: Near | null;
  /** a tile was neither here nor to be had */
  partial: boolean;
}

/** A tile's bytes; empty where nothing lies, null when it cannot be had. */
export type FetchTile = (url: string) => Promise<ArrayBuffer | null>;

export const fetchTile: FetchTile = async (url) => {
  try {
    const response = await fetch(url);
    return response.ok ? await response.arrayBuffer() : null;
  } catch {
    return null;
  }
};

/** Asks all layers about one place. The same with and without a line: it reads the tiles that the map draws. */
export async function whatIsHere(lon: number, lat: number, layers: MapLayer[], assets: Iterable<AssetFeature>, get: FetchTile = fetchTile): Promise<Here> {
  const asker = new Asker(lon, lat, get);
  const hazardLayers = layers.filter((l) => hazardKinds.includes(l.kind));
  const answers = await Promise.all(hazardLayers.map((layer) => asker.hazard(layer)));
  const shelters = await Promise.all(layers.filter((l) => l.kind === 'shelter').map((layer) => asker.nearest(layer, true)));
  const pipeLayers = layers.filter((l) => l.kind === 'pipe');
  const pipes = await Promise.all(pipeLayers.map((layer) => asker.nearest(layer, false)));
  const lines = await Promise.all(layers.filter((l) => l.geometryType.includes('LineString') && !notLines.includes(l.kind)).map((layer) => asker.nearest(layer, false)));
  return {
    hazards: answers.flatMap((a) => a ?? []).sort((a, b) => (b.class?.rank ?? -1) - (a.class?.rank ?? -1)),
    asked: answers.filter((a) => a !== null).length,
    shelter: least(shelters),
    pipe: least(pipes),
    pipesAsked: pipeLayers.length,
    line: least(lines),
    asset: nearestAsset(lon, lat, assets),
    partial: asker.partial,
  };
}

const least = (all: (Near | null)[]) => all.reduce<Near | null>((best, near) => (near && (!best || near.distanceM < best.distanceM) ? near : best), null);

/** One place, and the tiles around it. */
class Asker {
  partial = false;
  constructor(
    private readonly lon: number,
    private readonly lat: number,
    private readonly get: FetchTile,
  ) {}

  /** Null when the layer cannot be asked; an empty list when the place is in none of its zones. */
  async hazard(layer: MapLayer): Promise<Hazard[] | null> {
    if (outside(layer, this.lon, this.lat)) return [];
    const [x, y] = worldAt(this.lon, this.lat, deepest);
    const features = await this.features(layer, deepest, Math.floor(x), Math.floor(y));
    if (!features) return null;
    const over = features.filter((f) => f.type === 3 && holds(f, (x % 1) * f.extent, (y % 1) * f.extent));
    const classes = layer.classTable?.classes ?? [];
    const worst = over
      .map((f) => ({ layer, class: classes.find((c) => c.key === f.properties['class']) ?? null, label: typeof f.properties['label'] === 'string' ? f.properties['label'] : null }))
      .sort((a, b) => (b.class?.rank ?? -1) - (a.class?.rank ?? -1));
    return worst.slice(0, 1);
  }

  /** The nearest line or point of a layer; `far`: further away than the next tiles too. */
  async nearest(layer: MapLayer, far: boolean): Promise<Near | null> {
    return (await this.nearestAt(layer, deepest)) ?? (far ? this.nearestAt(layer, wide) : null);
  }

  private async nearestAt(layer: MapLayer, zoom: number): Promise<Near | null> {
    const [x, y] = worldAt(this.lon, this.lat, zoom);
    const tileM = (equatorM * Math.cos((this.lat * Math.PI) / 180)) / 2 ** zoom;
    let best: Near | null = null;
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++) {
        const [tx, ty] = [Math.floor(x) + dx, Math.floor(y) + dy];
        for (const f of (await this.features(layer, zoom, tx, ty)) ?? []) {
          const distanceM = (distance(f, (x - tx) * f.extent, (y - ty) * f.extent) / f.extent) * tileM;
          if (!best || distanceM < best.distanceM) best = { name: typeof f.properties['label'] === 'string' ? f.properties['label'] : layer.title, distanceM, id: null };
        }
      }
    return best;
  }

  private async features(layer: MapLayer, z: number, x: number, y: number): Promise<VectorTileFeature[] | null> {
    const side = 2 ** z;
    if (x < 0 || y < 0 || x >= side || y >= side) return [];
    const bytes = await this.get(tileUrl(layer).replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y)));
    if (bytes === null) {
      this.partial = true;
      return null;
    }
    const inside = bytes.byteLength === 0 ? undefined : new VectorTile(new PbfReader(new Uint8Array(bytes))).layers['features'];
    return inside ? Array.from({ length: inside.length }, (_, i) => inside.feature(i)) : [];
  }
}

const outside = ({ bounds }: MapLayer, lon: number, lat: number) => bounds !== null && (lon < bounds[0] || lat < bounds[1] || lon > bounds[2] || lat > bounds[3]);

/** A place in tiles of a zoom, with the fraction that leads into its tile. */
function worldAt(lon: number, lat: number, zoom: number): [number, number] {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [(lon / 360 + 0.5) * 2 ** zoom, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * 2 ** zoom];
}

/** Even-odd: rings of holes turn it round once more. */
function holds(feature: VectorTileFeature, x: number, y: number): boolean {
  let inside = false;
  for (const ring of feature.loadGeometry())
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[i]!, ring[j]!];
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    }
  return inside;
}

function distance(feature: VectorTileFeature, x: number, y: number): number {
  if (feature.type === 3 && holds(feature, x, y)) return 0;
  let best = Infinity;
  for (const part of feature.loadGeometry()) {
    if (feature.type === 1) for (const p of part) best = Math.min(best, Math.hypot(p.x - x, p.y - y));
    else for (let i = 1; i < part.length; i++) best = Math.min(best, toSegment(x, y, part[i - 1]!, part[i]!));
  }
  return best;
}

function toSegment(x: number, y: number, a: { x: number; y: number }, b: { x: number; y: number }): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = dx === 0 && dy === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(a.x + along * dx - x, a.y + along * dy - y);
}

/** Distance to an asset, metres; infinite for one without a place. */
export function assetDistanceM(lon: number, lat: number, asset: AssetFeature): number {
  if (!asset.geometry) return Infinity;
  const scale = Math.cos((lat * Math.PI) / 180);
  const at = ([aLon, aLat]: number[]) => ({ x: (aLon! - lon) * scale * metresPerDegree, y: (aLat! - lat) * metresPerDegree });
  let best = Infinity;
  for (const line of linesOf(asset)) {
    const points = line.map(at);
    if (points.length === 1) best = Math.min(best, Math.hypot(points[0]!.x, points[0]!.y));
    for (let i = 1; i < points.length; i++) best = Math.min(best, toSegment(0, 0, points[i - 1]!, points[i]!));
  }
  return best;
}

function linesOf({ geometry }: AssetFeature): number[][][] {
  switch (geometry?.type) {
    case 'Point':
      return [[geometry.coordinates]];
    case 'MultiPoint':
      return geometry.coordinates.map((c) => [c]);
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates;
    case 'MultiPolygon':
      return geometry.coordinates.flat();
    case undefined:
    case 'GeometryCollection':
      return [];
  }
}

/** The nearest thing of the ledger; distance marks and bridges' elements are parts of others. */
export function nearestAsset(lon: number, lat: number, assets: Iterable<AssetFeature>): Near | null {
  let best: Near | null = null;
  for (const asset of assets) {
    const p = asset.properties;
    if (p.kind === 'mark' || p.kind === 'element') continue;
    const distanceM = assetDistanceM(lon, lat, asset);
    if (Number.isFinite(distanceM) && (!best || distanceM < best.distanceM)) best = { name: p.name || p.ledgerId, distanceM, id: p.assetId };
  }
  return best;
}
