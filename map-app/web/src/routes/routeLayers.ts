import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import { boldFonts } from '../map/baseLayers';
import type { Palette } from '../map/palette';
import type { Theme } from '../state/ui';

/** One for each battery in turn: told apart by pattern and number, and by colour. */
export const patterns: (number[] | null)[] = [null, [3, 1.4], [0.9, 1.3], [5, 1.2, 0.9, 1.2]];
export const routeColors: Record<Theme, string[]> = {
  light: ['#0017c1', '#006a5b', '#9a4200', '#1a1a1a'],
  dark: ['#8fb6ff', '#63e6cf', '#ffb27a', '#f2f2f2'],
};
const alarm: Record<Theme, string> = { light: '#ba000d', dark: '#ff8a80' };

const kind = (...names: string[]): ExpressionSpecification => ['in', ['get', 'kind'], ['literal', names]];
const only = (...conditions: ExpressionSpecification[]): FilterSpecification => ['all', ...conditions] as FilterSpecification;

/** A planned route over the assets and under the findings. */
export function routeLayers(c: Palette, theme: Theme): LayerSpecification[] {
  const colors = routeColors[theme];
  const source = 'route';
  const turn = (i: number): ExpressionSpecification => ['==', ['%', ['-', ['coalesce', ['get', 'flight'], 1], 1], patterns.length], i];
  const line = (id: string, filter: FilterSpecification, color: string, width: number, dash: number[] | null = null, opacity = 1): LayerSpecification => ({
    id, type: 'line', source, filter, layout: { 'line-join': 'round' },
    paint: { 'line-color': color, 'line-width': width, 'line-opacity': opacity, ...(dash ? { 'line-dasharray': dash } : {}) },
  });
  return [
    { id: 'route-footprint', type: 'fill', source, filter: only(kind('footprint')), paint: { 'fill-color': colors[0]!, 'fill-opacity': 0.025 } },
    line('route-footprint-line', only(kind('footprint', 'photo')), colors[0]!, 0.7, null, 0.3),
    { id: 'route-gap', type: 'fill', source, filter: only(kind('gap')), paint: { 'fill-color': alarm[theme], 'fill-opacity': 0.35 } },
    { id: 'route-no-fly', type: 'fill', source, filter: only(kind('no-fly')), paint: { 'fill-color': alarm[theme], 'fill-opacity': 0.14 } },
    { id: 'route-no-fly-pattern', type: 'fill', source, filter: only(kind('no-fly')), paint: { 'fill-pattern': 'pattern:cross', 'fill-opacity': 0.8 } },
    line('route-no-fly-casing', only(kind('no-fly')), c.casing, 5),
    line('route-no-fly-line', only(kind('no-fly')), alarm[theme], 2, [1, 1]),
    line('route-target', only(kind('target')), c.ink, 1.5, [4, 2], 0.8),
    line('route-casing', only(kind('leg')), c.casing, 6, null, 0.9),
    ...patterns.map((dash, i) => line(`route-leg-${i}`, only(kind('leg'), turn(i)), colors[i]!, 3, dash)),
    line('route-refused-casing', only(kind('refused')), c.casing, 12),
    line('route-refused', only(kind('refused')), alarm[theme], 8, [0.6, 0.4]),
    line('route-axis', only(kind('axis')), c.selected, 4),
    {
      id: 'route-number', type: 'symbol', source, filter: only(kind('leg')),
      layout: { 'symbol-placement': 'line', 'symbol-spacing': 220, 'text-field': ['to-string', ['coalesce', ['get', 'flight'], '']], 'text-font': boldFonts, 'text-size': 13, 'text-keep-upright': true },
      paint: { 'text-color': c.ink, 'text-halo-color': c.halo, 'text-halo-width': 2.5 },
    },
    {
      id: 'route-no-fly-name', type: 'symbol', source, filter: only(kind('no-fly')),
      layout: { 'text-field': ['get', 'name'], 'text-font': boldFonts, 'text-size': 14, 'text-max-width': 10, 'text-offset': [0, -1.9] },
      paint: { 'text-color': alarm[theme], 'text-halo-color': c.halo, 'text-halo-width': 2.2 },
    },
    {
      id: 'route-home', type: 'circle', source, filter: only(kind('home', 'axis-point')),
      paint: { 'circle-radius': ['match', ['get', 'kind'], 'home', 12, 6], 'circle-color': c.selected, 'circle-stroke-color': '#000000', 'circle-stroke-width': 2 },
    },
    {
      id: 'route-home-name', type: 'symbol', source, filter: only(kind('home')),
      layout: { 'text-field': ['concat', 'H', ['coalesce', ['get', 'label'], '']], 'text-font': boldFonts, 'text-size': 12, 'text-allow-overlap': true, 'text-ignore-placement': true },
      paint: { 'text-color': '#000000' },
    },
  ];
}
