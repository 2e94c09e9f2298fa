import { createHash } from 'node:crypto';
import type { DeviceFeature, FindingFeature, PhotoDetail, PhotoFeature } from '../src/api/types';
import { mockBoard, type MockBoard } from './mockBoard.ts';
import { place } from './mockCity.ts';

/** Repeatable noise in 0..1. */
export function noise(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let x = Math.imul(a ^ (a >>> 15), 1 | a);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const widthPx = 4000;
const heightPx = 3000;
const gsdM = 0.0042;
const start = Date.now() - 40 * 60_000;

export interface MockData extends MockBoard {
  revision: number;
  photos: PhotoFeature[];
  findings: FindingFeature[];
  devices: DeviceFeature[];
  rings: Map<string, [number, number][][]>;
}

/** `count` findings spread over as many photos as they need: a flight along the bridge, then along the levee. */
export function mockData(count: number): MockData {
  const data: MockData = { revision: 1, photos: [], findings: [], devices: count === 0 ? [] : devices(), rings: new Map(), ...(count === 0 ? { events: [], alarms: [], board: [] } : mockBoard()) };
  const photos = count === 0 ? 0 : Math.max(6, Math.min(400, Math.ceil(count / 4)));
  for (let i = 0; i < photos; i++) data.photos.push(photo(i, ++data.revision));
  const scored = data.photos.filter((f) => f.properties.state === 'scored');
  for (let i = 0; i < count; i++) addFinding(data, scored[i % scored.length]!, i);
  merge(data);
  for (const f of data.photos) f.properties.findingCount = data.findings.filter((x) => x.properties.photoId === f.properties.photoId).length;
  return data;
}

/** Every ninth finding shows on the next photo too: there it is merged into the first. */
function merge(data: MockData): void {
  for (let i = 9; i + 1 < data.findings.length; i += 9) {
    const [own, other] = [data.findings[i]!, data.findings[i + 1]!];
    if (own.properties.photoId === other.properties.photoId) continue;
    own.properties.photoIds = [own.properties.photoId, other.properties.photoId];
    other.properties.mergedInto = own.properties.findingId;
    other.geometry = null;
  }
}

function photo(i: number, revision: number): PhotoFeature {
  const onBridge = i < 40;
  const [x, y] = onBridge ? [((i % 2) - 0.5) * 11, -160 + ((i >> 1) * 11) % 330] : [-900 + (i - 40) * 6, 142];
  const w = widthPx * gsdM;
  const h = heightPx * gsdM;
  const state = i === 4 ? 'unreadable' : i === 5 ? 'stored' : 'scored';
  const placement = i === 4 ? 'none' : i % 9 === 3 ? 'assumed' : 'measured';
  const [cameraLon, cameraLat] = place(x + w / 2, y + h / 2);
  return {
    type: 'Feature',
    id: hash(`photo${i}`),
    geometry: placement === 'none' ? null : { type: 'Polygon', coordinates: [[place(x, y), place(x + w, y), place(x + w, y + h), place(x, y + h), place(x, y)]] },
    properties: {
      photoId: hash(`photo${i}`), name: `DJI_${String(i + 1).padStart(4, '0')}.JPG`, device: i % 5 === 4 ? 'drone-02' : 'drone-01',
      capturedAt: new Date(start + i * 3000).toISOString(), receivedAt: new Date(start + 600_000 + i * 2000).toISOString(), state, placement,
      assumptions: placement === 'assumed' ? ['assumed-nadir', 'yaw-from-gps-track', 'focal-from-35mm'] : ['ground-at-takeoff-level'],
      reason: placement === 'none' ? 'no-gps' : null, cameraLon: placement === 'none' ? null : cameraLon, cameraLat: placement === 'none' ? null : cameraLat, heightM: 15.2, yawDeg: onBridge ? 0 : 90, pitchDeg: -90, gsdM, errorM: placement === 'assumed' ? 4.8 : 0.6,
      widthPx, heightPx, sizeBytes: 8_412_331, findingCount: 0, synthetic: true, revision,
    },
  };
}

export function addFinding(data: MockData, on: PhotoFeature, i: number): FindingFeature {
  const random = noise(i + 17);
  const findingId = hash(`finding${i}`).slice(0, 32);
  const ring = crack(random);
  const corner = on.geometry ? (on.geometry.coordinates[0] as [number, number][])[0]! : null;
  const scaleLon = corner ? (place(gsdM, 0)[0] - place(0, 0)[0]) : 0;
  const scaleLat = corner ? (place(0, gsdM)[1] - place(0, 0)[1]) : 0;
  const ground = corner && ring.map(([x, y]): [number, number] => [corner[0] + x * scaleLon, corner[1] + (heightPx - y) * scaleLat]);
  const middle = ground?.[ground.length >> 2];
  const resolvable = i % 4 !== 2;
  const score = Math.min(0.99, 0.3 + random() * 0.7);
  const name = on.geometry === null ? 'crack' : i % 11 === 7 ? 'spalling' : i % 13 === 5 ? 'efflorescence' : onLevee(on) ? 'levee-crack' : 'crack';
  const finding: FindingFeature = {
    type: 'Feature',
    id: findingId,
    geometry: ground ? { type: 'Polygon', coordinates: [[...ground, ground[0]!]] } : null,
    properties: {
      findingId, photoId: on.properties.photoId, class: name, score, status: 'draft', lengthM: 0.4 + random() * 4,
      meanWidthMm: resolvable ? 4.3 + random() * 3 : null, maxWidthMm: resolvable ? 8 + random() * 9 : null, areaM2: 0.02, resolvable, gsdM, errorM: on.properties.errorM ?? null,
      centreLon: middle?.[0] ?? null, centreLat: middle?.[1] ?? null, model: 'crack-unet-1', capturedAt: on.properties.capturedAt, device: on.properties.device, ...graded(name, i, resolvable, score), ...placedOn(on, i), revision: ++data.revision,
    },
  };
  data.rings.set(findingId, [ring]);
  data.findings.push(finding);
  return finding;
}

const onLevee = (on: PhotoFeature) => (on.properties.yawDeg ?? 0) === 90;

/** A draft degree as the tables would give it, open where the photo leaves it open. */
function graded(name: string, i: number, resolvable: boolean, score: number): Partial<FindingFeature['properties']> {
  if (name === 'levee-crack') return { rankScale: 'levee', degreeLeast: 'c', degreeMost: i % 2 ? 'c' : 'd', degreeNumbers: { lengthM: 3.1, widthM: 0.04 }, degreeReasons: ['own-rule'], urgency: 40 + 30 * score };
  if (name === 'spalling') return { rankScale: 'bridge', damageType: 7, degreeLeast: 'c', degreeMost: 'c', degreeNumbers: { areaM2: 0.021 }, degreeReasons: [], urgency: 50 + 20 * score };
  if (name === 'efflorescence') return { rankScale: 'bridge', damageType: 8, degreeLeast: 'd', degreeMost: 'd', degreeNumbers: { areaM2: 0.08 }, degreeReasons: [], urgency: 60 + 20 * score };
  const open = i % 3 !== 1;
  return {
    rankScale: 'bridge', damageType: 6, degreeLeast: open ? (resolvable ? 'd' : 'b') : 'd', degreeMost: open ? 'e' : 'd', urgency: 55 + 40 * score, spacingMm: open ? null : 820,
    degreeNumbers: { gsdMm: gsdM * 1000, ...(resolvable ? { maxWidthMm: 8.4 } : {}), maxWidthMostMm: resolvable ? 9.7 : 4.2, ...(open ? {} : { spacingLeastM: 0.78 }) },
    degreeReasons: [...(resolvable ? [] : ['not-resolvable']), ...(open ? ['concrete-unknown', 'spacing-unknown'] : [])], lengthErrorM: 0.08, widthErrorMm: resolvable ? 1.2 : null,
  };
}

function placedOn(on: PhotoFeature, i: number): Partial<FindingFeature['properties']> {
  if (on.geometry === null) return {};
  if (onLevee(on)) return { assetId: 'levee:L-left', river: '青葉川', bank: 'left', markKm: 11, markOffsetM: (i * 7) % 200, assetDistanceM: 0.2 };
  return { assetId: 'bridge:B-001', elementId: `element:B-001/Mg010${(i % 8) + 1}`, assetDistanceM: 0, assetReason: i % 5 === 0 ? 'element-ambiguous' : null };
}

/** A band along a wandering line, in pixels. */
function crack(random: () => number): [number, number][] {
  let x = 500 + random() * 2600;
  let y = 400 + random() * 1900;
  let heading = random() * Math.PI;
  const left: [number, number][] = [];
  const right: [number, number][] = [];
  for (let i = 0; i < 14; i++) {
    heading += (random() - 0.5) * 0.9;
    x = Math.min(Math.max(x + Math.cos(heading) * 45, 20), widthPx - 20);
    y = Math.min(Math.max(y + Math.sin(heading) * 45, 20), heightPx - 20);
    const half = 4 + random() * 5;
    left.push([Math.round(x - Math.sin(heading) * half), Math.round(y + Math.cos(heading) * half)]);
    right.unshift([Math.round(x + Math.sin(heading) * half), Math.round(y - Math.cos(heading) * half)]);
  }
  return [...left, ...right];
}

function devices(): DeviceFeature[] {
  const device = (name: string, kind: string, state: string, x: number, y: number, minutes: number, batteryPercent: number): DeviceFeature => ({
    type: 'Feature', id: name, geometry: { type: 'Point', coordinates: place(x, y) },
    properties: { device: name, kind, state, lastSeenAt: new Date(Date.now() - minutes * 60_000).toISOString(), batteryPercent, queueDepth: state === 'online' ? 3 : 0, firmware: '1.4.2', revision: 1 },
  });
  return [device('drone-01', 'drone', 'online', 40, 190, 0, 62), device('drone-02', 'drone', 'offline', -120, 210, 190, 18), device('water-gauge-3', 'sensor', 'online', 60, -60, 3, 91), device('gym-door', 'lock', 'online', 330, 420, 12, 77)];
}

export function photoDetail(data: MockData, photoId: string): PhotoDetail | null {
  const photo = data.photos.find((f) => f.properties.photoId === photoId);
  if (!photo) return null;
  const findings = data.findings.filter((f) => f.properties.photoId === photoId);
  return { ...photo, findings: findings.map((f) => ({ ...f, properties: { ...f.properties, pixelRings: data.rings.get(f.properties.findingId) ?? [] } })) };
}

/** A picture of concrete with the photo's cracks on it, as SVG. */
export function photoPicture(data: MockData, photoId: string): string {
  const cracks = data.findings.filter((f) => f.properties.photoId === photoId).flatMap((f) => data.rings.get(f.properties.findingId) ?? []);
  const d = cracks.map((ring) => `M${ring.map(([x, y]) => `${x} ${y}`).join('L')}Z`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1680" height="1260" viewBox="0 0 ${widthPx} ${heightPx}"><defs><filter id="n" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency="0.02" numOctaves="4" seed="7"/><feColorMatrix values="0 0 0 0 .62 0 0 0 0 .61 0 0 0 0 .58 .5 .3 0 0 0"/></filter></defs><rect width="100%" height="100%" fill="#b9b6ae"/><rect width="100%" height="100%" filter="url(#n)"/><path d="M0 1480H4000M2010 0V3000" stroke="#8f8c85" stroke-width="10" opacity=".6"/><path d="${d}" fill="#2b2926" transform-origin="center" opacity=".85"/></svg>`;
}
