import type { DataDrivenPropertyValueSpecification, ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import { fonts } from './baseLayers';
import type { Palette } from './palette';

/** Asset layers that answer a click, the topmost first. */
export const clickableAssets = ['asset-mark', 'asset-mark-name', 'asset-point', 'asset-element', 'asset-line', 'asset-area'];

const elementsFromZoom = 17;
const marksFromZoom = 13;
const markNamesFromZoom = 15;
const namesFromZoom = 14.5;

const isKind = (...kinds: string[]): ExpressionSpecification => ['in', ['get', 'asset'], ['literal', kinds]];
const isShape = (...types: string[]): ExpressionSpecification => ['in', ['geometry-type'], ['literal', types]];
const all = (...conditions: ExpressionSpecification[]): FilterSpecification => ['all', ...conditions] as FilterSpecification;

/** Round ends are three times the triangles, and nobody sees them while a line is a pixel or two wide. */
const near = <T extends string>(then: T, far: T): DataDrivenPropertyValueSpecification<T> => ['step', ['zoom'], far, 16, then];

/** What the municipality keeps, drawn quietly: findings stand on top of it. */
export function assetLayers(c: Palette, on: boolean): LayerSpecification[] {
  const visibility = on ? ('visible' as const) : ('none' as const);
  const text = { 'text-color': c.asset, 'text-halo-color': c.halo, 'text-halo-width': 1.6 };
  const wholes = isKind('bridge', 'levee', 'road');
  const dot = (id: string, filter: FilterSpecification, minzoom: number, radius: number): LayerSpecification => ({
    id, type: 'circle', source: 'assets', minzoom, filter, layout: { visibility },
    paint: { 'circle-color': c.casing, 'circle-radius': radius, 'circle-stroke-color': c.asset, 'circle-stroke-width': 1.5 },
  });
  return [
    { id: 'asset-area', type: 'fill', source: 'assets', filter: all(wholes, isShape('Polygon', 'MultiPolygon')), layout: { visibility }, paint: { 'fill-color': c.asset, 'fill-opacity': 0.1 } },
    {
      id: 'asset-line', type: 'line', source: 'assets', filter: all(wholes, isShape('Polygon', 'MultiPolygon', 'LineString', 'MultiLineString')), layout: { visibility, 'line-join': near('round', 'miter'), 'line-cap': near('round', 'butt') },
      paint: { 'line-color': c.asset, 'line-opacity': 0.8, 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 1, 18, 2.5] },
    },
    {
      id: 'asset-element', type: 'line', source: 'assets', minzoom: elementsFromZoom, filter: all(isKind('element'), isShape('Polygon', 'MultiPolygon', 'LineString', 'MultiLineString')), layout: { visibility },
      paint: { 'line-color': c.asset, 'line-opacity': 0.8, 'line-width': 1 },
    },
    dot('asset-point', all(wholes, isShape('Point')), 12, 6),
    dot('asset-element-point', all(isKind('element'), isShape('Point')), elementsFromZoom, 3.5),
    dot('asset-mark', all(isKind('mark')), marksFromZoom, 3),
    {
      id: 'asset-mark-name', type: 'symbol', source: 'assets', minzoom: markNamesFromZoom, filter: all(isKind('mark')),
      layout: { visibility, 'text-field': ['get', 'label'], 'text-font': fonts, 'text-size': 12, 'text-offset': [0, 0.7], 'text-anchor': 'top', 'text-optional': true },
      paint: text,
    },
    {
      id: 'asset-name', type: 'symbol', source: 'assets', minzoom: namesFromZoom, filter: all(isKind('bridge')),
      layout: { visibility, 'text-field': ['get', 'label'], 'text-font': fonts, 'text-size': 12, 'text-offset': [0, 0.9], 'text-anchor': 'top', 'text-max-width': 8, 'text-optional': true },
      paint: text,
    },
    {
      id: 'asset-element-name', type: 'symbol', source: 'assets', minzoom: elementsFromZoom + 2, filter: all(isKind('element')),
      layout: { visibility, 'text-field': ['get', 'label'], 'text-font': fonts, 'text-size': 11, 'text-optional': true },
      paint: text,
    },
  ];
}
