import type { Item, Place } from './types';

/** Data bytes of a chunk (SPEC section 2). */
export const chunkBytes = 262_144;

const header = 16;

interface Envelope {
  type: string;
  time: string;
  sequence: number;
  subject?: string;
  data: object;
}

/** A CloudEvent of a device (SPEC section 4). */
function envelope(site: string, device: string, { type, time, sequence, subject, data }: Envelope): string {
  return JSON.stringify({
    specversion: '1.0',
    id: `${device}:${sequence}`,
    source: `/field/${site}/${device}`,
    type,
    ...(subject === undefined ? {} : { subject }),
    time,
    sequence: String(sequence),
    datacontenttype: 'application/json',
    data,
  });
}

const point = (place: Place | null) => (place ? { type: 'Point', coordinates: [place.lon, place.lat] } : null);

/** The device's own state; no place (SPEC section 21). */
export const status = (site: string, device: string, sequence: number, time: string, online: boolean, queueDepth?: number) =>
  envelope(site, device, {
    type: 'field.device.status.v1', time, sequence,
    data: { type: 'Feature', geometry: null, properties: { state: online ? 'online' : 'offline', kind: 'tablet', ...(queueDepth === undefined ? {} : { queueDepth }) } },
  });

/** An item as the message that it is sent as. */
export function messageOf(item: Item, site: string, device: string, sequence: number): string {
  if (item.report) return reportEvent(item, site, device, sequence);
  if (item.photo) return manifest(item, site, device, sequence);
  return track(item, device, sequence);
}

function reportEvent(item: Item, site: string, device: string, sequence: number): string {
  const r = item.report!;
  const properties = {
    kind: 'report',
    reportId: item.key,
    ...(r.category ? { category: r.category } : {}),
    ...(r.severity ? { severity: r.severity } : {}),
    ...(r.note ? { note: r.note } : {}),
    ...(r.photoIds.length > 0 ? { photoIds: r.photoIds } : {}),
    ...(r.missingPhotos.length > 0 ? { missingPhotos: r.missingPhotos } : {}),
    ...(r.place ? { placeBy: r.place.by, ...(r.place.accuracyM === null ? {} : { accuracyM: Math.round(r.place.accuracyM) }) } : {}),
    ...(r.hints && r.hints.length > 0 ? { hints: r.hints } : {}),
    ...(r.assetId ? { assetId: r.assetId } : {}),
    ...(r.who ? { who: r.who } : {}),
    ...(r.form ? { form: r.form.id, answers: r.form.values, ...(r.form.labels ? { labels: r.form.labels } : {}) } : {}),
    ...(r.amends ? { amends: r.amends, bases: r.bases } : {}),
  };
  return envelope(site, device, { type: 'field.event.v1', time: item.at, sequence, data: { type: 'Feature', geometry: point(r.place), properties } });
}

function manifest(item: Item, site: string, device: string, sequence: number): string {
  const p = item.photo!;
  return envelope(site, device, {
    type: 'field.photo.manifest.v1', time: item.at, sequence, subject: p.photoId,
    data: {
      // of a hand-held photo the report says where it was: a place here would lay it on the ground as if it was taken from above
      type: 'Feature', id: p.photoId, geometry: p.aerial?.place ? { type: 'Point', coordinates: p.aerial.place } : null,
      properties: {
        name: p.name, sha256: p.photoId, sizeBytes: p.sizeBytes, mediaType: 'image/jpeg', chunkBytes, chunkCount: chunkCount(p.sizeBytes),
        ...(p.capturedAt ? { capturedAt: p.capturedAt, capturedAtAssumed: p.aerial ? p.aerial.capturedAtAssumed : true } : {}),
        ...(p.aerial ? { camera: p.aerial.camera } : {}),
      },
    },
  });
}

/** A part of a track as SenML (SPEC section 3). */
function track(item: Item, device: string, sequence: number): string {
  const [first, ...rest] = item.track!.points.flatMap((p) => [
    { n: 'lon', u: 'lon', v: p.lon, t: p.t },
    { n: 'lat', u: 'lat', v: p.lat, t: p.t },
    ...(p.accuracyM === null ? [] : [{ n: 'accuracy', u: 'm', v: Math.round(p.accuracyM), t: p.t }]),
  ]);
  return JSON.stringify([{ bn: `${device}/`, seq: sequence, ...first }, ...rest]);
}

export const chunkCount = (sizeBytes: number) => Math.ceil(sizeBytes / chunkBytes);

/** A chunk with its header (SPEC section 6). */
export function chunk(index: number, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(header + data.length);
  const view = new DataView(out.buffer);
  view.setUint16(0, 0x4643);
  view.setUint8(2, 1);
  view.setUint32(4, index);
  view.setUint32(8, data.length);
  view.setUint32(12, crc32c(data));
  out.set(data, header);
  return out;
}

const castagnoli = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0x82f63b78 : n >>> 1;
  return n >>> 0;
});

/** CRC-32C (RFC 3720 appendix B.4). */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = castagnoli[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** What a thumbnail may weigh (SPEC section 5). */
export const thumbnailBudget = (photoBytes: number) => Math.min(65_536, Math.max(8_192, Math.floor(photoBytes / 128)));

type Ranges = [number, number][];

export type Receipt =
  | { about: 'messages'; sequences: Ranges }
  | { about: 'photo'; photoId: string; outcome: 'stored'; sha256: string; sizeBytes: number }
  | { about: 'photo'; photoId: string; outcome: 'incomplete'; missing: Ranges }
  | { about: 'photo'; photoId: string; outcome: 'rejected'; reason: string; detail: string };

/** Reads a receipt (SPEC section 7); null for what is none. */
export function readReceipt(payload: string): Receipt | null {
  let event: { type?: unknown; subject?: unknown; data?: Record<string, unknown> };
  try {
    event = JSON.parse(payload) as typeof event;
  } catch {
    return null;
  }
  const { subject, data } = event;
  if (event.type !== 'field.receipt.v1' || typeof subject !== 'string' || typeof data !== 'object' || data === null) return null;
  if (subject === 'messages') return { about: 'messages', sequences: ranges(data['sequences']) };
  const about = { about: 'photo', photoId: subject } as const;
  switch (data['outcome']) {
    case 'stored':
      return { ...about, outcome: 'stored', sha256: text(data['sha256']), sizeBytes: Number(data['sizeBytes']) };
    case 'incomplete':
      return { ...about, outcome: 'incomplete', missing: ranges(data['missing']) };
    case 'rejected':
      return { ...about, outcome: 'rejected', reason: text(data['reason']), detail: text(data['detail']) };
    default:
      return null;
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

const ranges = (value: unknown): Ranges =>
  Array.isArray(value) ? (value as unknown[]).filter((r): r is [number, number] => Array.isArray(r) && r.length === 2 && r.every((n) => typeof n === 'number')) : [];

export const holds = (all: Ranges, n: number) => all.some(([first, last]) => first <= n && n <= last);

/** The chunks of ranges that the photo has. */
export function* chunksOf(missing: Ranges, count: number): Generator<number> {
  for (const [first, last] of missing) for (let i = Math.max(0, first); i <= Math.min(last, count - 1); i++) yield i;
}
