import type { DeviceFeature, EventFeature } from '../api/types';
import type { Door, Facility } from './types';

export type DoorState = 'left-open' | 'open' | 'unlocked' | 'locked' | 'unknown';

export interface DoorNow {
  facility: Facility;
  door: Door;
  state: DoorState;
  /** since when it is so */
  since: string | null;
  /** somebody works on it or guesses, and it was not locked or opened by a right hand since */
  tamper: boolean;
  /** the gateway cannot reach it, or nothing was heard for a day */
  lost: boolean;
  batteryPercent: number | null;
  lastSeenAt: string | null;
}

const silentMs = 24 * 3_600_000;
const bolt = new Set(['lock-locked', 'lock-unlocked']);
const leaf = new Set(['door-opened', 'door-closed']);

type Told = ReadonlyMap<string, EventFeature['properties'][]>;

/** What the locks of facilities told, each lock's in its order. */
export function toldBy(facilities: Facility[], events: Iterable<EventFeature>): Told {
  const told = new Map<string, EventFeature['properties'][]>(facilities.flatMap((f) => f.doors.map((d) => [d.device, []])));
  if (told.size > 0) for (const { properties: p } of events) if (p.device && p.time) told.get(p.device)?.push(p);
  for (const mine of told.values()) mine.sort((a, b) => (a.time! < b.time! ? -1 : a.time! > b.time! ? 1 : a.revision - b.revision));
  return told;
}

/** How each door stands, from what its lock told; key boxes tell nothing, and come only when they are asked for. */
export function doorsNow(facilities: Facility[], told: Told, device: (id: string) => DeviceFeature | undefined, nowMs: number, withKeyBoxes = false): DoorNow[] {
  const doors = facilities.flatMap((facility) => facility.doors.filter((d) => withKeyBoxes || !d.isKeyBox).map((door) => ({ facility, door })));
  return doors.map(({ facility, door }) => {
    const mine = told.get(door.device) ?? [];
    const last = (kinds: (kind: string) => boolean) => mine.findLast((e) => kinds(e.kind)) ?? null;
    const [moved, swung, left, worked, link] = [last((k) => bolt.has(k)), last((k) => leaf.has(k)), last((k) => k === 'lock-left-open'), last((k) => k === 'lock-tamper'), last((k) => k === 'lock-unreachable' || k === 'lock-reachable')];
    const after = (a: typeof moved, b: typeof moved) => a !== null && (b === null || mine.indexOf(a) > mine.indexOf(b));
    const shut = last((k) => k === 'lock-locked' || k === 'door-closed');
    const isOpen = swung?.kind === 'door-opened';
    const cause = after(left, shut) ? left : isOpen ? swung : moved;
    const state: DoorState = after(left, shut) ? 'left-open' : isOpen ? 'open' : moved === null ? 'unknown' : moved.kind === 'lock-locked' ? 'locked' : 'unlocked';
    const p = device(door.device)?.properties;
    const lastSeenAt = p?.lastSeenAt ?? null;
    return {
      facility,
      door,
      state,
      since: cause?.time ?? null,
      tamper: after(worked, moved),
      lost: !door.isKeyBox && (link?.kind === 'lock-unreachable' || lastSeenAt === null || nowMs - Date.parse(lastSeenAt) > silentMs),
      batteryPercent: p?.batteryPercent ?? null,
      lastSeenAt,
    };
  });
}
