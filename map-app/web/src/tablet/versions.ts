import type { EventFeature } from '../api/types';
import type { Place, Severity } from '../edge/types';
import { labelsOf, type ReportLabels } from '../format/reportWords';

/** A report as somebody said it. */
export interface Version {
  /** `device:sequence` */
  id: string;
  device: string;
  who: string | null;
  time: string;
  place: Place | null;
  category: string | null;
  labels: ReportLabels;
  severity: Severity | null;
  note: string;
  photoIds: string[];
}

/** One report with all that was said of it. */
export interface SharedReport {
  root: string;
  /** what holds now; more than one contradict each other, the oldest first */
  heads: Version[];
  /** how often it was said, the first time too */
  count: number;
}

/**
 * Reports with their corrections (SPEC section 21). A correction takes the place of the versions that its writer saw, and of no other: two that
 * were written without a line stand side by side until somebody who saw both has said it again.
 */
export function reportsOf(events: Iterable<EventFeature>): SharedReport[] {
  const versions = new Map<string, Version & { amends: string | null; bases: string[] }>();
  for (const event of events) {
    const version = versionOf(event);
    if (version) versions.set(version.id, version);
  }
  const groups = new Map<string, (Version & { bases: string[] })[]>();
  for (const version of versions.values()) {
    const root = version.amends ?? version.id;
    groups.set(root, [...(groups.get(root) ?? []), version]);
  }
  return [...groups].map(([root, all]) => {
    const replaced = new Set(all.flatMap((v) => v.bases));
    all.sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || (a.id < b.id ? -1 : 1));
    const heads = all.filter((v) => !replaced.has(v.id));
    return { root, heads: heads.length > 0 ? heads : all, count: all.length }; // a circle is nobody's honest work: all of it is shown
  });
}

function versionOf({ properties: p, geometry, id }: EventFeature): (Version & { amends: string | null; bases: string[] }) | null {
  const said = (typeof p['details'] === 'object' && p['details'] !== null ? p['details'] : {}) as Record<string, unknown>;
  if (p.kind !== 'report') return null;
  const text = (name: string) => (typeof said[name] === 'string' ? said[name] : null);
  const texts = (name: string) => (Array.isArray(said[name]) ? (said[name] as unknown[]).filter((t) => typeof t === 'string') : []);
  const severity = text('severity');
  const by = text('placeBy');
  const [lon, lat] = geometry?.coordinates ?? [];
  return {
    id: String(id),
    device: p.device ?? '',
    who: text('who'),
    time: p.time ?? '',
    place: lon === undefined || lat === undefined ? null : { lon, lat, accuracyM: typeof said['accuracyM'] === 'number' ? said['accuracyM'] : null, by: by === 'gps' || by === 'map' || by === 'asset' ? by : 'hand' },
    category: text('category'),
    labels: labelsOf(said),
    severity: severity === 'info' || severity === 'warning' || severity === 'critical' ? severity : null,
    note: text('note') ?? '',
    photoIds: texts('photoIds'),
    amends: text('amends'),
    bases: texts('bases'),
  };
}
