import { keep, kept } from '../edge/database';
import type { MapLayer } from '../layers/types';
import { tileUrl } from '../layers/drawing';
import type { Box } from '../map/bounds';

export interface AreaLayer {
  layerId: string;
  edition: string;
  title: string;
}

/** A part of the map on the tablet. */
export interface Area {
  id: string;
  name: string;
  box: Box;
  leastZoom: number;
  mostZoom: number;
  layers: AreaLayer[];
  sizeBytes: number;
  files: number;
  /** when all of it was here; null while it is not */
  savedAt: string | null;
}

export interface Estimate {
  leastZoom: number;
  mostZoom: number;
  sizeBytes: number;
  layers: { layerId: string; edition: string; tiles: number; sizeBytes: number }[];
}

const listName = 'areas';
const atOnce = 6;
export const cacheOf = (area: Area) => `field-area-${area.id}`;

export const listAreas = async () => (await kept<Area[]>(listName)) ?? [];

async function change(how: (areas: Area[]) => Area[]): Promise<void> {
  await navigator.locks.request('field-areas', async () => keep(listName, how(await listAreas())));
}

export class AreaError extends Error {
  constructor(readonly why: string | null) {
    super(why ?? 'no answer');
  }
}

/** What the server reckons; of layers that may be taken along only. */
export async function estimate(box: Box, layers: MapLayer[], signal: AbortSignal): Promise<Estimate> {
  const [west, south, east, north] = box.map((n) => n.toFixed(6)) as [string, string, string, string];
  const query = new URLSearchParams({ west, south, east, north, layers: layers.map((l) => l.layerId).join(',') });
  const response = await fetch(`/api/v1/offline/estimate?${query}`, { headers: { accept: 'application/json' }, signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new AreaError(null);
  });
  if (!response.ok) throw new AreaError(((await response.json().catch(() => ({}))) as { error?: string }).error ?? null);
  return (await response.json()) as Estimate;
}

/** Only what everybody of the office sees. The server refuses the others too. */
export const mayTake = (layer: MapLayer) => layer.dataClass === 'public' || layer.dataClass === 'internal';

/** Tiles of a box in the XYZ scheme. */
export function* tilesOf(box: Box, leastZoom: number, mostZoom: number): Generator<{ z: number; x: number; y: number }> {
  for (let z = leastZoom; z <= mostZoom; z++) {
    const [left, top] = tileAt(box[0], box[3], z);
    const [right, bottom] = tileAt(box[2], box[1], z);
    for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) yield { z, x, y };
  }
}

/** The tile that holds a place. */
export function tileAt(lon: number, lat: number, z: number): [number, number] {
  const side = 2 ** z;
  const sin = Math.sin((lat * Math.PI) / 180);
  const at = (share: number) => Math.min(side - 1, Math.max(0, Math.floor(share * side)));
  return [at(lon / 360 + 0.5), at(0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI))];
}

/** What has the same address whatever is in it. */
const fixed = ['/api/v1/base/city.geojson', '/api/v1/layers', '/api/v1/features/assets', '/api/v1/features/events', '/api/v1/config'];

/** Every address of an area; what the map needs to start comes first. */
export function addressesOf(area: Area): string[] {
  const tiles = [...tilesOf(area.box, area.leastZoom, area.mostZoom)];
  return [...fixed, ...area.layers.flatMap((layer) => tiles.map(({ z, x, y }) => tileUrl(layer).replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y))))];
}

export function newArea(name: string, box: Box, layers: MapLayer[], answer: Estimate): Area {
  const chosen = answer.layers.map(({ layerId, edition }) => ({ layerId, edition, title: layers.find((l) => l.layerId === layerId)?.title ?? layerId }));
  const area: Area = { id: crypto.randomUUID(), name, box, leastZoom: answer.leastZoom, mostZoom: answer.mostZoom, layers: chosen, sizeBytes: answer.sizeBytes, files: 0, savedAt: null };
  return { ...area, files: addressesOf(area).length };
}

/** The same area as the server has it now: its layers in their present editions, without those that were taken away. */
export async function renewed(area: Area, layers: MapLayer[], signal: AbortSignal): Promise<Area> {
  const known = layers.filter((l) => mayTake(l) && area.layers.some((a) => a.layerId === l.layerId));
  const answer = await estimate(area.box, known, signal);
  return { ...newArea(area.name, area.box, known, answer), id: area.id };
}

/** Fetches what is not here yet; again after an interruption it goes on where it was. Resolves true when all of it is here, and nothing else. */
export async function download(area: Area, progress: (done: number, all: number) => void, signal: AbortSignal, isRenewal = false): Promise<boolean> {
  await change((areas) => [...areas.filter((a) => a.id !== area.id), { ...area, savedAt: null }]);
  const cache = await caches.open(cacheOf(area));
  const always = new Set(isRenewal ? fixed.map((path) => new URL(path, window.location.origin).href) : []);
  const have = new Set((await cache.keys()).map((request) => request.url).filter((url) => !always.has(url)));
  const all = addressesOf(area).map((path) => new URL(path, window.location.origin).href);
  const missing = all.filter((url) => !have.has(url));
  let done = all.length - missing.length;
  progress(done, all.length);
  let failed: unknown = null;
  const next = async (): Promise<void> => {
    for (let url = missing.shift(); url !== undefined && !failed && !signal.aborted; url = missing.shift()) {
      try {
        const response = await fetch(url, { signal, cache: 'no-cache', headers: { 'x-field-keep': '1' } });
        if (response.status === 401 || response.status === 403 || response.status >= 500) throw new AreaError(null);
        if (response.ok) await cache.put(url, response); // a site without a base map has none to keep
        progress(++done, all.length);
      } catch (error) {
        failed = error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  if (failed && !signal.aborted) throw failed instanceof Error ? failed : new AreaError(null);
  if (signal.aborted) return false;
  const wanted = new Set(all);
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request); // of editions that are no more
  await change((areas) => areas.map((a) => (a.id === area.id ? { ...area, savedAt: new Date().toISOString() } : a)));
  return true;
}

export async function remove(area: Area): Promise<void> {
  await caches.delete(cacheOf(area));
  await change((areas) => areas.filter((a) => a.id !== area.id));
}

/** How many of an area's files are here. */
export const filesHere = async (area: Area) => ((await caches.has(cacheOf(area))) ? (await (await caches.open(cacheOf(area))).keys()).length : 0);
