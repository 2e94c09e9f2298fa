import { useEffect, useState } from 'react';
import { fetchProven } from '../access/proof';
import type { MapController } from '../map/mapController';

const source = 'households';
const layer = 'households-dots';
/** Tiles there are of these zoom levels only (SPEC.md, Residents). */
const leastZoom = 14;
const mostZoom = 15;
export const colours = { support: '#B3000C', aged: '#8A4B00', other: '#0A4A8F' };
const pathOf = (z: number, x: number, y: number) => `/api/v1/residents/tiles/${z}/${x}/${y}`;

/**
 * Single households on the map while it is on, from zoom 14 on. The map asks for tiles without a way to prove who asks; so the tile in the middle is asked for first,
 * which asks for the password where that is due. It goes with the panel, with the sign-in, and with the page: nothing of it is kept.
 */
export function useHouseholds(controller: MapController | null, on: boolean, edition: string): 'off' | 'on' | 'refused' {
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    if (!controller || !on) return;
    const map = controller.view;
    let gone = false;
    const centre = map.getCenter();
    const [x, y] = tileAt(centre.lng, centre.lat);
    void fetchProven(pathOf(leastZoom, x, y), { cache: 'no-store' }).then(
      (response) => {
        if (gone) return;
        setRefused(!response.ok);
        if (response.ok) show(controller);
      },
      () => !gone && setRefused(true),
    );
    return () => {
      gone = true;
      if (map.getLayer(layer)) map.removeLayer(layer);
      if (map.getSource(source)) map.removeSource(source);
      setRefused(false);
    };
  }, [controller, on, edition]);
  return !on ? 'off' : refused ? 'refused' : 'on';
}

function show(controller: MapController): void {
  const map = controller.view;
  if (map.getSource(source)) return;
  map.addSource(source, { type: 'vector', tiles: [`${window.location.origin}/api/v1/residents/tiles/{z}/{x}/{y}`], minzoom: leastZoom, maxzoom: mostZoom });
  map.addLayer({
    id: layer, type: 'circle', source, 'source-layer': 'households', minzoom: leastZoom,
    paint: {
      'circle-color': ['match', ['get', 'class'], 'support', colours.support, 'aged', colours.aged, colours.other],
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 14, 2.5, 17, 6],
      'circle-stroke-color': '#ffffff',
      'circle-stroke-width': 1,
    },
  });
}

/** The tile of the least zoom that a place lies in (Web Mercator). */
export function tileAt(lon: number, lat: number): [number, number] {
  const n = 2 ** leastZoom;
  const s = Math.sin((lat * Math.PI) / 180);
  return [Math.floor(((lon + 180) / 360) * n), Math.floor((0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * n)];
}
