import type { DeviceFeature, EventFeature, FindingFeature, PhotoFeature } from '../api/types';
import type { AlarmFeature, BoardFeature } from '../board/types';

/** Where a device was and what it said last before a moment: GET /api/v1/board/at. */
export interface PastDevice {
  device: string;
  lon?: number;
  lat?: number;
  /** when it was last heard before that moment; absent: nothing is kept of it within 6 hours */
  heardAt?: string;
  batteryPercent?: number;
  /** resolved SenML, the last of each name */
  pack?: unknown;
}

export interface PastState {
  at: string;
  devices: PastDevice[];
  board: BoardFeature[];
  /** those that somebody decided on since, as they stood before; all others are as they are now */
  findings: FindingFeature[];
}

/** A device that was not heard for so long counted as gone. */
const silentMs = 15 * 60_000;
const msOf = (iso: string | null | undefined) => (iso ? Date.parse(iso) : NaN);
const until = (iso: string | null | undefined, atMs: number) => msOf(iso) <= atMs;

export const pastEvents = (events: EventFeature[], atMs: number) => events.filter((e) => until(e.properties.time, atMs));

/** As they stood: what cleared or was noted later had not. */
export const pastAlarms = (alarms: AlarmFeature[], atMs: number): AlarmFeature[] =>
  alarms
    .filter((a) => until(a.properties.raisedAt, atMs))
    .map((a) => {
      const p = a.properties;
      const cleared = until(p.clearedAt, atMs);
      const noted = until(p.acknowledgedAt, atMs);
      if ((cleared || p.clearedAt == null) && (noted || p.acknowledgedAt == null)) return a;
      const state = cleared || p.clearedAt == null ? p.state : 'raised';
      return { ...a, properties: { ...p, state, clearedAt: cleared ? (p.clearedAt ?? null) : null, ...(noted ? {} : { acknowledgedAt: null, acknowledgedBy: null, acknowledgeNote: null }) } };
    });

/** What was scored later waited for it then. */
export const pastPhotos = (photos: PhotoFeature[], atMs: number): PhotoFeature[] =>
  photos
    .filter((f) => until(f.properties.receivedAt, atMs))
    .map((f) => (f.properties.scoredAt == null || until(f.properties.scoredAt, atMs) ? f : { ...f, properties: { ...f.properties, state: 'stored' as const, scoredAt: null, findingCount: null } }));

/** Known once their photo was scored; `before`: how those stood that were decided on since. */
export function pastFindings(findings: FindingFeature[], before: FindingFeature[], photo: (id: string) => PhotoFeature | undefined, atMs: number): FindingFeature[] {
  const then = new Map(before.map((f) => [f.properties.findingId, f]));
  return findings.flatMap((now) => {
    const source = photo(now.properties.photoId)?.properties;
    return until(source?.scoredAt ?? source?.receivedAt ?? now.properties.capturedAt, atMs) ? [then.get(now.properties.findingId) ?? now] : [];
  });
}

/** Devices as they stood; one of which nothing is kept has no place. */
export function pastDevices(devices: DeviceFeature[], state: PastState): { devices: DeviceFeature[]; unknown: number } {
  const atMs = msOf(state.at);
  const told = new Map(state.devices.map((d) => [d.device, d]));
  const then = devices.map((f): DeviceFeature => {
    const d = told.get(f.properties.device);
    const known = d?.heardAt !== undefined;
    const geometry = d?.lon !== undefined && d.lat !== undefined ? { type: 'Point' as const, coordinates: [d.lon, d.lat] } : known && f.geometry && !moves(f) ? f.geometry : null;
    return {
      ...f,
      geometry,
      properties: { ...f.properties, state: known && atMs - msOf(d.heardAt) <= silentMs ? 'online' : 'offline', lastSeenAt: d?.heardAt ?? null, batteryPercent: d?.batteryPercent ?? null, queueDepth: null },
    };
  });
  return { devices: then, unknown: then.filter((f) => f.properties.lastSeenAt === null).length };
}

/** A lock or a gauge stays where it is, whether it says so each time or not. */
const moves = (f: DeviceFeature) => f.properties.kind !== 'lock' && f.properties.kind !== 'sensor';

/** Where something happened along the slider, the worst on top. */
export function marksOf(items: { atMs: number; severity: string | null }[], fromMs: number, toMs: number): { at: number; severity: string }[] {
  const seen = new Map<string, { at: number; severity: string }>();
  for (const { atMs, severity } of items) {
    if (atMs < fromMs || atMs > toMs) continue;
    const at = Math.round(((atMs - fromMs) / (toMs - fromMs)) * 400) / 4; // as fine as can be seen, so that a day of thousands is some hundred marks
    const key = `${at} ${severity}`;
    if (!seen.has(key)) seen.set(key, { at, severity: severity ?? 'none' });
  }
  const rank = ['info', 'none', 'warning', 'critical'];
  return [...seen.values()].sort((a, b) => rank.indexOf(a.severity) - rank.indexOf(b.severity));
}
