import type { Feature } from 'geojson';
import type { FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from '../map/palette';
import type { Theme } from '../state/ui';
import { flaws, type FlightReview } from './types';

const part = (name: string): FilterSpecification => ['==', ['get', 'part'], name];

/** What a flight missed: hatched ground, dashed target, a diamond where a useless photo was taken. */
export function flightLayers(c: Palette, theme: Theme): LayerSpecification[] {
  return [
    { id: 'flight-gap', type: 'fill', source: 'flight', filter: part('gap'), paint: { 'fill-pattern': `hatch/${theme}` } },
    { id: 'flight-gap-casing', type: 'line', source: 'flight', filter: part('gap'), layout: { 'line-join': 'round' }, paint: { 'line-color': c.casing, 'line-width': 5 } },
    { id: 'flight-gap-line', type: 'line', source: 'flight', filter: part('gap'), layout: { 'line-join': 'round' }, paint: { 'line-color': c.gap, 'line-width': 2.5 } },
    { id: 'flight-target', type: 'line', source: 'flight', filter: part('target'), layout: { 'line-join': 'round' }, paint: { 'line-color': c.gap, 'line-width': 2, 'line-dasharray': [2, 2] } },
  ];
}

export function flightMarks(theme: Theme): LayerSpecification[] {
  return [
    {
      id: 'flight-photo', type: 'symbol', source: 'flight', filter: part('photo'),
      layout: { 'icon-image': ['concat', `flaw/${theme}/`, ['get', 'flaw']], 'icon-allow-overlap': true, 'icon-ignore-placement': true },
    },
  ];
}

/** The review's features as the map's source holds them; a photo answers a click as every photo does. */
export function flightShapes(review: FlightReview): Feature[] {
  return review.map.features.map((f) => {
    const p = (f.properties ?? {}) as { kind?: string; photoId?: string; quality?: string[]; index?: number };
    const own = p.kind === 'photo' ? { id: p.photoId, kind: 'photo', flaw: flaws.find((flaw) => p.quality?.includes(flaw)) ?? 'unreadable' } : { index: p.index };
    return { type: 'Feature', geometry: f.geometry, properties: { part: p.kind, ...own } };
  });
}
