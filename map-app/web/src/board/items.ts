import type { AlarmFeature, BoardFeature, FollowState } from './types';
import { followId } from './types';
import type { DeviceFeature, EventFeature, FindingFeature } from '../api/types';
import { findingPlace } from '../map/sources';
import { reportsOf, type Version } from '../tablet/versions';

export type ItemKind = 'report' | 'sensor' | 'lock' | 'finding' | 'device';
export const itemKinds: ItemKind[] = ['report', 'sensor', 'lock', 'finding', 'device'];

/** `null`: nobody said; it stands between a warning and an information. */
export type Severity = 'critical' | 'warning' | 'info' | null;

/** Something that happened and that the headquarters may have to act on. */
export interface Item {
  /** `event:DEVICE:N`, `alarm:ID`, `finding:ID` */
  key: string;
  kind: ItemKind;
  severity: Severity;
  atMs: number;
  at: string;
  place: [number, number] | null;
  device: string | null;
  /** the condition holds no more: an alarm that cleared, a door that was closed */
  isOver: boolean;
  state: FollowState;
  follow: BoardFeature | null;
  /** what it is; the words are made where the language is known */
  what:
    /** `versions`: what holds now, the oldest first; more than one contradict each other, and the newest gives the words */
    | { of: 'report'; category: string | null; note: string | null; photoIds: string[]; details: Record<string, unknown>; versions: Version[] }
    /** `event`: of an alarm that tells of one, which */
    | { of: 'alarm'; alarm: AlarmFeature; event: string | null }
    | { of: 'event'; event: string; details: Record<string, unknown> }
    | { of: 'finding'; finding: FindingFeature };
}

export interface ItemSources {
  events: EventFeature[];
  alarms: AlarmFeature[];
  findings: FindingFeature[];
  device: (id: string) => DeviceFeature | undefined;
  follow: (boardId: string) => BoardFeature | undefined;
}

/** Events of a lock that are worth a look, with how bad they are. */
const lockEvents: Record<string, Severity> = {
  'lock-tamper': 'critical', 'lock-left-open': 'warning', 'lock-failed': 'warning', 'lock-unreachable': 'warning', 'door-opened': 'info',
};

/** What ends them. */
const lockEnds: Record<string, string[]> = {
  'lock-left-open': ['door-closed', 'lock-locked'], 'door-opened': ['door-closed'], 'lock-unreachable': ['lock-reachable'],
};

const msOf = (iso: string | null | undefined) => (iso ? Date.parse(iso) || 0 : 0);
const severityOf = (value: unknown): Severity => (value === 'critical' || value === 'warning' || value === 'info' ? value : null);
const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value : null);
const pointOf = (f: { geometry: { type: string; coordinates?: unknown } | null }): [number, number] | null =>
  f.geometry?.type === 'Point' ? ((f.geometry.coordinates as number[]).slice(0, 2) as [number, number]) : null;

/** Everything that happened, the worst of what is open first. */
export function boardItems(sources: ItemSources): Item[] {
  const items = [...reports(sources), ...alarms(sources), ...locks(sources), ...findings(sources)];
  return items.sort(worstFirst);
}

type Half = Omit<Item, 'follow' | 'state'>;

function followed({ follow }: ItemSources, item: Half): Item {
  const row = follow(followId(item.key)) ?? null;
  return { ...item, follow: row, state: row?.properties.state ?? (item.isOver ? 'done' : 'open') };
}

/** A report with its corrections is one item, by its first telling; versions that contradict each other count as the worst of them. */
function reports(sources: ItemSources): Item[] {
  const events = new Map(sources.events.map((e) => [String(e.id), e]));
  return reportsOf(sources.events).map(({ root, heads }) => {
    const newest = heads.at(-1)!;
    const e = events.get(newest.id)!;
    const details = detailsOf(e);
    const place = heads.findLast((v) => v.place)?.place;
    return followed(sources, {
      ...ofEvent(e, sources), key: `event:${root}`, kind: 'report', severity: heads.map((v) => v.severity).sort((a, b) => severityRank(a) - severityRank(b))[0] ?? null, isOver: false, place: place ? [place.lon, place.lat] : null,
      what: { of: 'report', category: textOf(details['category']), note: textOf(details['note']), photoIds: [...new Set(heads.flatMap((v) => v.photoIds))], details, versions: heads },
    });
  });
}

function alarms(sources: ItemSources): Item[] {
  const kinds = new Map(sources.events.map((e) => [`${e.properties.device} ${msOf(e.properties.time)}`, e.properties.kind]));
  return sources.alarms.map((alarm) => {
    const p = alarm.properties;
    const device = sources.device(p.device);
    return followed(sources, {
      key: `alarm:${p.alarmId}`, kind: alarmKind(alarm, device), severity: severityOf(p.severity), at: p.raisedAt, atMs: msOf(p.raisedAt),
      device: p.device, place: pointOf(alarm) ?? (device ? pointOf(device) : null), isOver: p.state === 'cleared', what: { of: 'alarm', alarm, event: p.kind === 'event' ? (kinds.get(`${p.device} ${msOf(p.raisedAt)}`) ?? null) : null },
    });
  });
}

/** A sensor over its limit is one that measured the world, not one whose own battery or queue did. */
function alarmKind(alarm: AlarmFeature, device: DeviceFeature | undefined): ItemKind {
  const { kind, measure } = alarm.properties;
  if (kind === 'threshold' && measure !== 'batteryPercent' && measure !== 'queueDepth') return 'sensor';
  return device?.properties.kind === 'lock' && kind === 'event' ? 'lock' : 'device';
}

function locks(sources: ItemSources): Item[] {
  const told = new Set(sources.alarms.filter((a) => a.properties.kind === 'event').map((a) => `${a.properties.device} ${msOf(a.properties.raisedAt)}`));
  const lastMs = new Map<string, number>();
  for (const { properties: p } of sources.events) {
    const key = `${p.device} ${p.kind}`;
    lastMs.set(key, Math.max(lastMs.get(key) ?? 0, msOf(p.time)));
  }
  return sources.events
    .filter((e) => Object.hasOwn(lockEvents, e.properties.kind) && !told.has(`${e.properties.device} ${msOf(e.properties.time)}`))
    .map((e) => {
      const { kind, device, time } = e.properties;
      const isOver = (lockEnds[kind] ?? []).some((end) => (lastMs.get(`${device} ${end}`) ?? 0) > msOf(time));
      return followed(sources, { ...ofEvent(e, sources), kind: 'lock', severity: lockEvents[kind] ?? null, isOver, what: { of: 'event', event: kind, details: detailsOf(e) } });
    })
    .filter((item) => !(item.what.of === 'event' && item.what.event === 'door-opened' && item.isOver && !item.follow)); // every door is opened and closed many times a day
}

/** Only what somebody must act on: a letter of the two worst, decided by a person, or that even the mildest reading gives. */
function findings(sources: ItemSources): Item[] {
  return sources.findings.flatMap((finding) => {
    const p = finding.properties;
    const worst = p.rankScale === 'levee' ? ['c', 'd'] : ['d', 'e'];
    const decided = p.status === 'confirmed' || p.status === 'corrected';
    const letter = decided ? p.degree : p.status === 'draft' ? p.degreeLeast : null;
    if (!letter || !worst.includes(letter)) return [];
    const at = p.capturedAt ?? '';
    return [followed(sources, {
      key: `finding:${p.findingId}`, kind: 'finding', severity: letter === worst[1] && decided ? 'critical' : 'warning', at, atMs: msOf(at),
      device: p.device ?? null, place: findingPlace(finding), isOver: false, what: { of: 'finding', finding },
    })];
  });
}

const detailsOf = (e: EventFeature) => (typeof e.properties['details'] === 'object' && e.properties['details'] !== null ? (e.properties['details'] as Record<string, unknown>) : {});

function ofEvent(e: EventFeature, { device: find }: ItemSources) {
  const device = e.properties.device ?? null;
  const at = e.properties.time ?? '';
  const home = device === null ? undefined : find(device);
  return { key: `event:${String(e.id)}`, at, atMs: msOf(at), device, place: pointOf(e) ?? (home ? pointOf(home) : null) };
}

const severityRank = (s: Severity) => (s === 'critical' ? 0 : s === 'warning' ? 1 : s === null ? 2 : 3);
export const isOpen = (item: Item) => item.state === 'open' || item.state === 'working';

/** What still has to be done before what is done; the worst, then the newest. */
function worstFirst(a: Item, b: Item): number {
  return Number(isOpen(b)) - Number(isOpen(a)) || severityRank(a.severity) - severityRank(b.severity) || b.atMs - a.atMs || (a.key < b.key ? -1 : 1);
}

export interface BoardFilters {
  /** 0: whenever */
  hours: number;
  kind: ItemKind | null;
  severity: 'critical' | 'warning' | 'info' | null;
  /** `todo`: open and being worked on */
  state: FollowState | 'todo' | 'all';
}

export const noBoardFilters: BoardFilters = { hours: 72, kind: null, severity: null, state: 'todo' };
export const periods = [1, 6, 24, 72, 0];

/** One predicate for list and map. */
export function passesBoard(filters: BoardFilters, nowMs: number) {
  const sinceMs = filters.hours === 0 ? -Infinity : nowMs - filters.hours * 3_600_000;
  return (item: Item) =>
    item.atMs >= sinceMs &&
    (filters.kind === null || item.kind === filters.kind) &&
    (filters.severity === null || item.severity === filters.severity) &&
    (filters.state === 'all' || (filters.state === 'todo' ? isOpen(item) : item.state === filters.state));
}

export interface BoardCounts {
  reports: number;
  doors: number;
  sensors: number;
  critical: number;
}

/** The figures of the top bar: what is open now, whatever is filtered. */
export function boardCounts(items: Item[]): BoardCounts {
  const open = items.filter(isOpen);
  const doors = open.filter((i) => i.kind === 'lock' && (i.what.of === 'event' || i.what.of === 'alarm') && ['door-opened', 'lock-left-open'].includes(i.what.event ?? '') && !i.isOver);
  return {
    reports: open.filter((i) => i.kind === 'report' && i.state === 'open').length,
    doors: new Set(doors.map((i) => i.device)).size,
    sensors: new Set(open.filter((i) => i.kind === 'sensor' && !i.isOver).map((i) => i.device)).size,
    critical: open.filter((i) => i.severity === 'critical').length,
  };
}
