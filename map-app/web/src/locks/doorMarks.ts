import type { DoorNow } from './doors';

/** How a door stands, on the map and in lists; the worst first. */
export const doorMarks = ['tamper', 'left-open', 'open', 'unlocked', 'offline', 'unknown', 'locked', 'key-box'] as const;
export type DoorMarkName = (typeof doorMarks)[number];

const lowPercent = 20;
export const isLow = (door: DoorNow) => door.batteryPercent !== null && door.batteryPercent <= lowPercent;

/** What is wrong stays seen when nothing is heard any more; how a door that is silent stands nobody knows. */
export function markOfDoor(d: DoorNow): DoorMarkName {
  if (d.door.isKeyBox) return 'key-box';
  if (d.tamper) return 'tamper';
  if (d.state === 'left-open') return 'left-open';
  return d.state === 'unknown' ? 'unknown' : d.lost ? 'offline' : d.state;
}

/** Shapes of 34 x 34: what asks for somebody is full and has corners of its own; what is well is hollow. */
export const doorShapes: Record<DoorMarkName, string> = {
  tamper: 'M11 2H23L32 11V23L23 32H11L2 23V11Z',
  'left-open': 'M17 1 33.5 31H0.5Z',
  open: 'M17 3A14 14 0 1 1 16.9 3Z',
  unlocked: 'M17 3A14 14 0 1 1 16.9 3Z',
  offline: 'M8 4H26A4 4 0 0 1 30 8V26A4 4 0 0 1 26 30H8A4 4 0 0 1 4 26V8A4 4 0 0 1 8 4Z',
  unknown: 'M17 3A14 14 0 1 1 16.9 3Z',
  locked: 'M8 4H26A4 4 0 0 1 30 8V26A4 4 0 0 1 26 30H8A4 4 0 0 1 4 26V8A4 4 0 0 1 8 4Z',
  'key-box': 'M9 4H25L32 17 25 30H9L2 17Z',
};

export const isFull = (mark: DoorMarkName) => mark === 'tamper' || mark === 'left-open' || mark === 'open';
export const isDashed = (mark: DoorMarkName) => mark === 'offline' || mark === 'unknown';

/** Where the picture within the shape stands, and how large: a triangle has less room. */
export const glyphBox = (mark: DoorMarkName): { x: number; y: number; size: number } => (mark === 'left-open' ? { x: 10, y: 13.5, size: 14 } : { x: 9, y: 9, size: 16 });
