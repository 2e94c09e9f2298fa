import type { Feature, Position } from 'geojson';
import type { RouteForm } from './form';
import type { RouteAnswer } from './types';

/** What the map draws: the server's preview (without the kept no-fly areas, which have an id and are drawn as they are now), and what the person placed before there is a preview. */
export function routeShapes(answer: RouteAnswer | null, form: RouteForm): Feature[] {
  const drawn = (answer?.preview.features ?? []).filter((f) => f.geometry !== null && f.properties?.['id'] == null && !['waypoint', 'home', 'line'].includes(String(f.properties?.['kind'])));
  const homes = form.homes.length > 0 ? form.homes.map((h): Position => [h.lon, h.lat]) : (answer?.preview.features ?? []).flatMap((f) => (f.properties?.['kind'] === 'home' && f.geometry?.type === 'Point' ? [f.geometry.coordinates] : []));
  const points = homes.map((at, i) => point(at, 'home', String(i + 1)));
  const axis = form.axis.map((at) => point(at, 'axis-point', ''));
  if (form.axis.length > 1) axis.unshift({ type: 'Feature', properties: { kind: 'axis' }, geometry: { type: 'LineString', coordinates: form.axis } });
  return [...drawn, ...axis, ...points];
}

const point = (at: Position, kind: string, label: string): Feature => ({ type: 'Feature', properties: { kind, label }, geometry: { type: 'Point', coordinates: at.slice(0, 2) } });
