import type { Feature } from 'geojson';
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { BoardFeature } from '../board/types';
import { boldFonts } from '../map/baseLayers';
import type { Palette } from '../map/palette';
import type { Theme } from '../state/ui';

export const colours = ['red', 'orange', 'green', 'blue', 'purple', 'black'] as const;
export const patterns = ['none', 'diagonal', 'cross', 'dots'] as const;
export type Colour = (typeof colours)[number];
export type PatternName = (typeof patterns)[number];

/** Dark enough to be read on either map. */
export const colourOf: Record<Theme, Record<Colour, string>> = {
  light: { red: '#c2000f', orange: '#a04a00', green: '#146c2e', blue: '#0a4fc4', purple: '#8a1f8a', black: '#1a1a1a' },
  dark: { red: '#ff8a80', orange: '#ffb45c', green: '#7ddc98', blue: '#8cb4ff', purple: '#e39be3', black: '#f2f2f2' },
};

const is = (...types: string[]): FilterSpecification => ['in', ['geometry-type'], ['literal', types]] as unknown as FilterSpecification;
const both = (...filters: unknown[]) => ['all', ...filters] as unknown as FilterSpecification;

/** What people drew, over the hazards and under what happened. */
export function drawingLayers(c: Palette, theme: Theme): LayerSpecification[] {
  const colour = ['match', ['get', 'colour'], ...colours.flatMap((k) => [k, colourOf[theme][k]]), colourOf[theme].black] as unknown as ExpressionSpecification;
  const base = { source: 'drawings' } as const;
  return [
    { ...base, id: 'drawing-area', type: 'fill', filter: is('Polygon'), paint: { 'fill-color': colour, 'fill-opacity': 0.16 } },
    ...patterns.filter((p) => p !== 'none').map((p): LayerSpecification => ({ ...base, id: `drawing-${p}`, type: 'fill', filter: both(is('Polygon'), ['==', ['get', 'pattern'], p]), paint: { 'fill-pattern': `pattern:${p}`, 'fill-opacity': 0.8 } })),
    { ...base, id: 'drawing-casing', type: 'line', filter: is('Polygon', 'LineString'), layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': c.casing, 'line-width': 6 } },
    ...patterns.map((p): LayerSpecification => ({
      ...base,
      id: `drawing-line-${p}`,
      type: 'line',
      filter: both(is('Polygon', 'LineString'), ['==', ['get', 'pattern'], p]),
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colour, 'line-width': 3, ...(p === 'none' ? {} : { 'line-dasharray': { diagonal: [4, 2], cross: [4, 1.5, 1, 1.5], dots: [1, 1.5] }[p] }) },
    })),
    { ...base, id: 'drawing-point', type: 'circle', filter: both(is('Point'), ['!=', ['get', 'shape'], 'text']), paint: { 'circle-color': colour, 'circle-radius': 8, 'circle-stroke-color': c.casing, 'circle-stroke-width': 2.5 } },
    {
      ...base,
      id: 'drawing-text',
      type: 'symbol',
      filter: ['has', 'title'] as unknown as FilterSpecification,
      layout: {
        'text-field': ['get', 'title'], 'text-font': boldFonts, 'text-size': ['match', ['get', 'shape'], 'text', 18, 14], 'text-max-width': 12, 'text-allow-overlap': true,
        'text-offset': ['match', ['get', 'shape'], 'point', ['literal', [0, 1.4]], ['literal', [0, 0]]],
      },
      paint: { 'text-color': colour, 'text-halo-color': c.halo, 'text-halo-width': 2.2 },
    },
  ];
}

/** What is being drawn now. */
export function sketchLayers(c: Palette): LayerSpecification[] {
  return [
    { id: 'sketch-area', type: 'fill', source: 'sketch', filter: is('Polygon'), paint: { 'fill-color': c.selected, 'fill-opacity': 0.25 } },
    { id: 'sketch-casing', type: 'line', source: 'sketch', filter: is('Polygon', 'LineString'), layout: { 'line-join': 'round' }, paint: { 'line-color': '#000000', 'line-width': 5 } },
    { id: 'sketch-line', type: 'line', source: 'sketch', filter: is('Polygon', 'LineString'), layout: { 'line-join': 'round' }, paint: { 'line-color': c.selected, 'line-width': 2.5 } },
    { id: 'sketch-point', type: 'circle', source: 'sketch', filter: is('Point'), paint: { 'circle-color': c.selected, 'circle-radius': 6, 'circle-stroke-color': '#000000', 'circle-stroke-width': 2 } },
  ];
}

/** The board's drawings as the map's source holds them; without the words that somebody wrote there where they are not for everybody in the room. */
export function drawingShapes(rows: BoardFeature[], withWords = true): Feature[] {
  return rows.flatMap(({ geometry, properties: p }) =>
    p.kind !== 'drawing' || !geometry
      ? []
      : [{ type: 'Feature' as const, geometry, properties: { id: p.boardId, kind: 'drawing', shape: p.shape, colour: p.colour, pattern: p.pattern, ...(p.title && withWords ? { title: p.title } : {}) } }],
  );
}
