import { wording, type Dictionary } from '../i18n';
import type { Door, Facility, FacilityChange, Room } from './types';

/** What a change of a facility did, in words; empty when nothing that people see. */
export function changesOf(t: Dictionary, change: FacilityChange, before: FacilityChange | null): string[] {
  const w = t.locks.facilities.history;
  const now = change.facility;
  const was = before?.facility ?? null;
  if (change.action === 'known') return [w.known];
  if (was === null) return [w.made];
  if (now.removedAt) return [w.removed];
  const back = was.removedAt ? [w.back] : [];
  return [...back, ...(change.action === 'undo' ? [w.undone] : []), ...differences(t, was, now)];
}

function differences(t: Dictionary, was: Facility, now: Facility): string[] {
  const f = t.locks.facilities;
  const w = f.history;
  const lines: string[] = [];
  const field = (label: string, a: string, b: string) => a !== b && lines.push(w.from(label, a, b));
  field(f.name, was.name, now.name);
  field(f.kindLabel, wording(f.kind, was.kind), wording(f.kind, now.kind));
  if (was.isShelter !== now.isShelter) lines.push(now.isShelter ? w.shelter : w.noShelter);
  if (was.lon !== now.lon || was.lat !== now.lat) lines.push(w.from(w.place, placeOf(t, was), placeOf(t, now)));
  rows(was.rooms, now.rooms, (r: Room) => r.roomId, w.room, lines);
  rows(was.doors, now.doors, (d: Door) => d.device, w.door, lines);
  field(f.before, String(was.minutesBefore), String(now.minutesBefore));
  field(f.after, String(was.minutesAfter), String(now.minutesAfter));
  return lines;
}

const placeOf = (t: Dictionary, f: Facility) => (f.lon === undefined || f.lat === undefined ? t.field.none : `${f.lat.toFixed(5)}, ${f.lon.toFixed(5)}`);

interface RowWords {
  added: (name: string) => string;
  dropped: (name: string) => string;
  changed: (name: string) => string;
}

function rows<R extends { name: string }>(was: R[], now: R[], keyOf: (row: R) => string, words: RowWords, lines: string[]) {
  const before = new Map(was.map((r) => [keyOf(r), r]));
  for (const row of now) {
    const old = before.get(keyOf(row));
    before.delete(keyOf(row));
    if (!old) lines.push(words.added(row.name));
    else if (old.name !== row.name) lines.push(words.changed(`${old.name} → ${row.name}`));
    else if (JSON.stringify(old) !== JSON.stringify(row)) lines.push(words.changed(row.name));
  }
  for (const gone of before.values()) lines.push(words.dropped(gone.name));
}
