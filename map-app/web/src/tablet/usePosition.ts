import { useEffect, useState } from 'react';
import type { Place } from '../edge/types';

export interface Fix extends Place {
  /** milliseconds since 1970 */
  atMs: number;
}

export interface Position {
  fix: Fix | null;
  denied: boolean;
}

/** Where the tablet is, while somebody looks. It stays on the tablet until it is part of a report or a track. */
export function usePosition(on: boolean): Position {
  const [position, setPosition] = useState<Position>({ fix: null, denied: false });
  useEffect(() => {
    if (!on || !('geolocation' in navigator)) return;
    const watch = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) =>
        setPosition({ fix: { lon: coords.longitude, lat: coords.latitude, accuracyM: coords.accuracy, by: 'gps', atMs: timestamp }, denied: false }),
      (error) => error.code === error.PERMISSION_DENIED && setPosition({ fix: null, denied: true }),
      { enableHighAccuracy: true, maximumAge: 5_000 },
    );
    return () => navigator.geolocation.clearWatch(watch);
  }, [on]);
  return position;
}
