import { isStatus, type StatusChoice } from '../review/queue';
import type { DeviceFeature, FindingFeature, PhotoFeature } from '../api/types';

/** Everything but what was rejected, or one state. */
export type ShownStatus = Exclude<StatusChoice, 'all'> | null;

export interface Filters {
  status: ShownStatus;
  class: string | null;
  device: string | null;
  /** 0..1 */
  minScore: number;
}

export type Sort = 'score' | 'newest';

export const noFilters: Filters = { status: null, class: null, device: null, minScore: 0 };

export const isFiltered = (f: Filters) => f.status !== null || f.class !== null || f.device !== null || f.minScore > 0;

/** One predicate for the list and the map, so that they never disagree. */
export const passes = (filters: Filters) => (f: FindingFeature) =>
  (filters.status === null ? f.properties.status !== 'rejected' : isStatus(f.properties.status, filters.status)) &&
  f.properties.score >= filters.minScore &&
  (filters.class === null || f.properties.class === filters.class) &&
  (filters.device === null || f.properties.device === filters.device);

const time = (iso: string | null | undefined) => iso ?? '';
const descending = (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0);

/** Worst first with the newest before its equals, or the newest first with the worst before its equals. */
export function sortFindings(findings: FindingFeature[], sort: Sort): FindingFeature[] {
  const byScore = (a: FindingFeature, b: FindingFeature) => b.properties.score - a.properties.score;
  const byTime = (a: FindingFeature, b: FindingFeature) => descending(time(a.properties.capturedAt), time(b.properties.capturedAt));
  const byId = (a: FindingFeature, b: FindingFeature) => descending(b.properties.findingId, a.properties.findingId);
  const [first, second] = sort === 'score' ? [byScore, byTime] : [byTime, byScore];
  return findings.sort((a, b) => first(a, b) || second(a, b) || byId(a, b));
}

/** Newest first; of equals the one with more findings. */
export const sortPhotos = (photos: PhotoFeature[]) =>
  photos.sort(
    (a, b) =>
      descending(time(a.properties.capturedAt) || a.properties.receivedAt, time(b.properties.capturedAt) || b.properties.receivedAt) ||
      (b.properties.findingCount ?? 0) - (a.properties.findingCount ?? 0),
  );

/** Online first, then the name. */
export const sortDevices = (devices: DeviceFeature[]) =>
  devices.sort(
    (a, b) =>
      Number(b.properties.state === 'online') - Number(a.properties.state === 'online') ||
      descending(b.properties.device, a.properties.device),
  );
