export interface Room {
  roomId: string;
  name: string;
  partOf?: string;
}

export interface Door {
  device: string;
  name: string;
  isKeyBox: boolean;
  /** whose bookings open it; empty: those of every room */
  rooms: string[];
}

export interface Facility {
  facilityId: string;
  name: string;
  kind: string;
  isShelter: boolean;
  lon?: number;
  lat?: number;
  rooms: Room[];
  doors: Door[];
  minutesBefore: number;
  minutesAfter: number;
  /** gone from map and bookings; it can be brought back */
  removedAt?: string;
  revision: number;
}

/** One change of a facility: GET /api/v1/facilities/{facilityId}/history. `known`: as it was before changes were kept. */
export interface FacilityChange {
  n: number;
  action: 'set' | 'undo' | 'known';
  who?: string;
  at?: string;
  facility: Facility;
}

export type PinState = 'none' | 'issued' | 'again' | 'not-needed';

export interface Booking {
  bookingId: string;
  facilityId: string;
  roomId: string;
  start: string;
  end: string;
  /** personal: absent where it is not shown or was deleted */
  name?: string;
  contact?: string;
  purpose?: string;
  oneTime: boolean;
  state: 'booked' | 'cancelled';
  source: string;
  changedAt: string;
  changedBy: string;
  pin: PinState;
  pinAt?: string;
  pinBy?: string;
  /** one of its doors is a key box */
  keyBox: boolean;
  revision: number;
}

/** A PIN, in the one answer that has it. */
export interface IssuedPin {
  pin: string;
  start: string;
  end: string;
  doors: { device: string; name: string }[];
  revision: number;
}

export interface Battery {
  device: string;
  door: string;
  facilityId: string;
  facility: string;
  outlook: 'low' | 'falls' | 'steady' | 'too-little';
  isSilent: boolean;
  percent?: number;
  readAt?: string;
  date?: string;
  earliest?: string;
  latest?: string;
  percentPerMonth?: number;
  days: number;
  changedOn?: string;
}

export interface DoorEntry {
  /** of the event */
  id: string;
  at: string;
  device: string;
  door: string;
  facilityId?: string;
  facility?: string;
  kind: string;
  by?: string;
  bookingId?: string;
  name?: string;
  grantId?: string;
  who?: string;
  reason?: string;
  user?: number;
}

export interface DoorLogPage {
  entries: DoorEntry[];
  /** the `before` of the page before it; absent when there is none */
  next?: string;
}

export interface ImportAnswer {
  encoding: string;
  columns: Record<string, string>;
  isTrial: boolean;
  counts: Record<string, number>;
  rows: { row: number; bookingId: string; outcome: string; code?: string; ja?: string; en?: string }[];
}
