import type { FeatureCollection, LineString } from 'geojson';

/** Meridians and parallels every `stepDeg` over a box: something to hold on to where there is no base map. */
export function graticule([west, south, east, north]: [number, number, number, number], stepDeg: number): FeatureCollection<LineString> {
  const from = (v: number) => Math.floor(v / stepDeg);
  const to = (v: number) => Math.ceil(v / stepDeg);
  const line = (coordinates: [number, number][]) => ({ type: 'Feature' as const, properties: {}, geometry: { type: 'LineString' as const, coordinates } });
  const features = [];
  for (let i = from(west); i <= to(east); i++) features.push(line([[i * stepDeg, south], [i * stepDeg, north]]));
  for (let j = from(south); j <= to(north); j++) features.push(line([[west, j * stepDeg], [east, j * stepDeg]]));
  return { type: 'FeatureCollection', features };
}
