import type { Feature } from 'geojson';
import { useEffect, useMemo } from 'react';
import type { DeviceFeature } from '../api/types';
import type { MapController } from '../map/mapController';
import type { View } from '../state/store';
import { getFacilities } from './api';
import { doorsPerRow } from './doorLayers';
import { doorMarks, isLow, markOfDoor, type DoorMarkName } from './doorMarks';
import { doorsNow, toldBy, type DoorNow } from './doors';
import type { Facility } from './types';
import { useLoaded } from '../api/useLoaded';

const renewMs = 60_000;
const noFacilities: Facility[] = [];

/** A door and where it is. */
export interface DoorHere extends DoorNow {
  place: [number, number] | null;
}

export interface Doors {
  /** the worst first */
  list: DoorHere[];
  /** null: not known yet, or the server did not answer */
  facilities: Facility[] | null;
  /** what each lock told, the oldest first */
  told: ReturnType<typeof toldBy>;
  failed: boolean;
}

/** All doors of all facilities as they stand now. What the locks told is gathered anew only when something happened somewhere. */
export function useDoors(view: View, now: Date): Doors {
  const { data, failed } = useLoaded('facilities', getFacilities, renewMs);
  const facilities = data ?? noFacilities;
  const { events, devices } = view;
  const nowMs = now.getTime();
  // The tables stay the same objects: what is in them is told by their versions.
  const told = useMemo(() => toldBy(facilities, events.values()), [facilities, events, events.version]);
  const stamp = facilities.flatMap((f) => f.doors.map((d) => devices.get(d.device)?.properties.revision ?? 0)).join();
  const list = useMemo(
    () => doorsNow(facilities, told, (id) => devices.get(id), nowMs, true).map((door) => ({ ...door, place: placeOf(door, devices.get(door.door.device)) })).sort(worstFirst),
    [facilities, told, devices, stamp, nowMs],
  );
  return useMemo(() => ({ list, facilities: data, told, failed }), [list, data, told, failed]);
}

const rankOf = (door: DoorNow) => doorMarks.indexOf(markOfDoor(door));
const worstFirst = (a: DoorNow, b: DoorNow) => rankOf(a) - rankOf(b) || Number(isLow(b)) - Number(isLow(a)) || (a.facility.name < b.facility.name ? -1 : a.facility.name > b.facility.name ? 1 : 0);

/** Where its lock says to be; else where its facility is. */
function placeOf({ facility: { lon, lat } }: DoorNow, lock: DeviceFeature | undefined): [number, number] | null {
  if (lock?.geometry) return [lock.geometry.coordinates[0]!, lock.geometry.coordinates[1]!];
  return lon === undefined || lat === undefined ? null : [lon, lat];
}

/** What stands on the map: doors of one place side by side in the order of the facility, so that none moves when its state changes. */
export function doorShapes(list: DoorHere[], chosen: string | null): Feature[] {
  const places = new Map<string, DoorHere[]>();
  for (const door of list) {
    if (!door.place) continue;
    const key = door.place.join();
    const here = places.get(key);
    if (here) here.push(door);
    else places.set(key, [door]);
  }
  return [...places.values()].flatMap((doors) => {
    const worst = doors[0];
    const fixed = doors.toSorted((a, b) => (a.facility === b.facility ? a.facility.doors.indexOf(a.door) - b.facility.doors.indexOf(b.door) : a.facility.facilityId < b.facility.facilityId ? -1 : 1));
    const named = Math.floor((Math.min(doorsPerRow, fixed.length) - 1) / 2);
    return fixed.map((door, i) => shapeOf(door, i, fixed.length, { isNamed: i === named, isFirst: door === worst, isChosen: door.door.device === chosen }));
  });
}

function shapeOf(door: DoorHere, i: number, of: number, { isNamed, isFirst, isChosen }: { isNamed: boolean; isFirst: boolean; isChosen: boolean }): Feature {
  const row = Math.floor(i / doorsPerRow);
  const inRow = Math.min(doorsPerRow, of - row * doorsPerRow);
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: door.place! },
    properties: {
      id: door.door.device, kind: 'door', mark: markOfDoor(door), battery: isLow(door) ? 'low' : 'ok', rank: doorMarks.length - rankOf(door), chosen: isChosen,
      slot: 2 * (i % doorsPerRow) - (inRow - 1), row, facility: isNamed ? door.facility.name : '', first: isFirst, count: isFirst && of > 1 ? String(of) : '',
    },
  };
}

/** Draws them, and brings a chosen one into the free part of the map. */
export function useDoorsOnMap(controller: MapController | null, { list }: Doors, chosen: string | null, isOn: boolean) {
  useEffect(() => {
    const locks = list.filter((d) => d.place && !d.door.isKeyBox).map((d) => d.door.device);
    controller?.setDoors(doorShapes(list, chosen), locks, isOn);
  }, [controller, list, chosen, isOn]);
  const place = list.find((d) => d.door.device === chosen)?.place?.join();
  useEffect(() => {
    if (controller && place !== undefined) controller.show(place.split(',').map(Number) as [number, number], 17);
  }, [controller, chosen, place]);
}

/** How many doors stand how, for the legend. */
export function doorCounts(list: DoorNow[]): { of: Record<DoorMarkName, number>; low: number; all: number } {
  const of = Object.fromEntries(doorMarks.map((m) => [m, 0])) as Record<DoorMarkName, number>;
  for (const door of list) of[markOfDoor(door)]++;
  return { of, low: list.filter(isLow).length, all: list.length };
}
