import type { GeoJsonProperties } from 'geojson';
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import { boldFonts, fonts } from '../map/baseLayers';
import type { Cover } from '../map/deviceOverlay';
import type { Palette } from '../map/palette';
import type { Theme } from '../state/ui';

/** From here on each door has its mark; below, a facility has one: that of its worst door. */
export const doorsFromZoom = 15;
const spacingPx = 40;
export const doorsPerRow = 6;
const rows = [0, 1, 2, 3, 4, 5, 6, 7];

/** Doors at one place stand in rows: `slot` counts half steps from the middle. */
const aside: ExpressionSpecification = [
  'match', ['get', 'row'],
  ...rows.slice(1).flatMap((row): [number, ExpressionSpecification] => [row, inRow(row)]),
  inRow(0),
] as unknown as ExpressionSpecification;

function inRow(row: number): ExpressionSpecification {
  const reach = doorsPerRow * spacingPx;
  return ['interpolate', ['linear'], ['get', 'slot'], -2 * doorsPerRow, ['literal', [-reach, row * spacingPx]], 2 * doorsPerRow, ['literal', [reach, row * spacingPx]]];
}

/** Where a door's mark lies over a device that is none of its lock: near, each in its row; far, one for the facility. */
export function doorCovers(properties: GeoJsonProperties): Omit<Cover, 'place'>[] {
  const { slot, row, first } = properties as { slot: number; row: number; first: boolean };
  const near = { asidePx: [(slot * spacingPx) / 2, row * spacingPx] as [number, number], radiusPx: 20, zooms: [doorsFromZoom, Infinity] as [number, number] };
  return first ? [near, { asidePx: [0, 0], radiusPx: 20, zooms: [0, doorsFromZoom] }] : [near];
}

/** The doors of facilities, over devices and under what happened. */
export function doorLayers(c: Palette, theme: Theme, on: boolean): LayerSpecification[] {
  const seen = { visibility: on ? ('visible' as const) : ('none' as const), 'icon-allow-overlap': true, 'icon-ignore-placement': true };
  const image: ExpressionSpecification = ['concat', `door/${theme}/`, ['get', 'mark'], '/', ['get', 'battery']];
  const has = (name: string) => ['get', name] as unknown as FilterSpecification;
  const text = { 'text-color': c.ink, 'text-halo-color': c.halo, 'text-halo-width': 1.6 };
  const order = { 'symbol-sort-key': ['get', 'rank'] as ExpressionSpecification };
  return [
    { id: 'door-chosen', type: 'symbol', source: 'doors', minzoom: doorsFromZoom, filter: has('chosen'), layout: { ...seen, 'icon-image': `ring/${theme}`, 'icon-offset': aside } },
    {
      id: 'door-far', type: 'symbol', source: 'doors', maxzoom: doorsFromZoom, filter: has('first'), paint: text,
      layout: { ...seen, ...order, 'icon-image': image, 'text-field': ['get', 'count'], 'text-font': boldFonts, 'text-size': 13, 'text-offset': [1.2, -1], 'text-anchor': 'left', 'text-optional': true },
    },
    {
      id: 'door', type: 'symbol', source: 'doors', minzoom: doorsFromZoom, paint: text,
      layout: { ...seen, ...order, 'icon-image': image, 'icon-offset': aside, 'text-field': ['step', ['zoom'], '', 16, ['get', 'facility']], 'text-font': fonts, 'text-size': 12, 'text-offset': [0, 1.9], 'text-anchor': 'top', 'text-optional': true },
    },
  ];
}
