import type { Facility } from './types';

export const facilityKinds = ['gym', 'hall', 'centre', 'school', 'park', 'library', 'other'] as const;

export interface RoomRow {
  roomId: string;
  name: string;
  partOf: string;
}

export interface DoorRow {
  device: string;
  name: string;
  isKeyBox: boolean;
  /** empty: the bookings of every room open it */
  rooms: string[];
}

/** A facility as it is typed. */
export interface FacilityValues {
  name: string;
  kind: string;
  isShelter: boolean;
  lon: string;
  lat: string;
  rooms: RoomRow[];
  doors: DoorRow[];
  minutesBefore: string;
  minutesAfter: string;
}

export const newKey = (prefix: string) => `${prefix}-${crypto.randomUUID().slice(0, 8)}`;

export const newFacility = (): FacilityValues => ({ name: '', kind: 'centre', isShelter: false, lon: '', lat: '', rooms: [{ roomId: newKey('r'), name: '', partOf: '' }], doors: [], minutesBefore: '15', minutesAfter: '15' });

export const valuesOf = (f: Facility): FacilityValues => ({
  name: f.name, kind: f.kind, isShelter: f.isShelter, lon: f.lon === undefined ? '' : String(f.lon), lat: f.lat === undefined ? '' : String(f.lat),
  rooms: f.rooms.map((r) => ({ roomId: r.roomId, name: r.name, partOf: r.partOf ?? '' })), doors: f.doors.map((d) => ({ ...d, rooms: [...d.rooms] })),
  minutesBefore: String(f.minutesBefore), minutesAfter: String(f.minutesAfter),
});

/** What is wrong with a field: a word that the dictionary knows. `at`: which row. */
export interface Wrong {
  field: 'name' | 'place' | 'rooms' | 'room' | 'device' | 'door' | 'twice' | 'elsewhere' | 'minutes';
  at?: number;
  /** the facility that has the device */
  where?: string;
}

const isNumber = (text: string, least: number, most: number) => text.trim() !== '' && Number.isFinite(Number(text)) && Number(text) >= least && Number(text) <= most;
const isLine = (text: string, most: number) => text.trim().length > 0 && text.trim().length <= most;

/** Everything that is wrong, before the server says so. */
export function wrongOf(v: FacilityValues, others: Facility[]): Wrong[] {
  const wrong: Wrong[] = [];
  if (!isLine(v.name, 60)) wrong.push({ field: 'name' });
  const hasPlace = v.lon.trim() !== '' || v.lat.trim() !== '';
  if (hasPlace && !(isNumber(v.lon, -180, 180) && isNumber(v.lat, -90, 90))) wrong.push({ field: 'place' });
  if (v.rooms.length === 0) wrong.push({ field: 'rooms' });
  v.rooms.forEach((r, at) => isLine(r.name, 40) || wrong.push({ field: 'room', at }));
  v.doors.forEach((d, at) => {
    if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(d.device)) wrong.push({ field: 'device', at });
    else if (v.doors.findIndex((o) => o.device === d.device) !== at) wrong.push({ field: 'twice', at });
    else {
      const owner = others.find((f) => f.doors.some((o) => o.device === d.device));
      if (owner) wrong.push({ field: 'elsewhere', at, where: owner.name });
    }
    if (!isLine(d.name, 40)) wrong.push({ field: 'door', at });
  });
  if (![v.minutesBefore, v.minutesAfter].every((m) => isNumber(m, 0, 240) && Number.isInteger(Number(m)))) wrong.push({ field: 'minutes' });
  return wrong;
}

/** What the server is sent. */
export function bodyOf(v: FacilityValues) {
  const known = new Set(v.rooms.map((r) => r.roomId));
  return {
    name: v.name.trim(), kind: v.kind, isShelter: v.isShelter,
    lon: v.lon.trim() === '' ? null : Number(v.lon), lat: v.lat.trim() === '' ? null : Number(v.lat),
    rooms: v.rooms.map((r) => ({ roomId: r.roomId, name: r.name.trim(), partOf: known.has(r.partOf) && r.partOf !== r.roomId ? r.partOf : null })),
    doors: v.doors.map((d) => ({ device: d.device, name: d.name.trim(), isKeyBox: d.isKeyBox, rooms: d.rooms.filter((r) => known.has(r)) })),
    minutesBefore: Number(v.minutesBefore), minutesAfter: Number(v.minutesAfter),
  };
}
