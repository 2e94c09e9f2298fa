import type { ExpressionSpecification, FilterSpecification, LayerSpecification, Map as MapLibreMap } from 'maplibre-gl';
import { fonts } from '../map/baseLayers';
import { palettes } from '../map/palette';
import type { Theme } from '../state/ui';
import type { LayerClass, MapLayer, Pattern, Shown } from './types';

/** What has no class is drawn so. */
export const plain = '#5B6B7B';
const tileMaxZoom = 15;
const patternPx = 16;
const prefix = 'imported:';

export const sourceId = (layer: MapLayer) => `${prefix}${layer.layerId}`;
export const isImported = (id: string) => id.startsWith(prefix);

/** Colour by class; what the table does not know is grey. */
export function colourOf(classes: LayerClass[]): string | ExpressionSpecification {
  if (classes.length === 0) return plain;
  return ['match', ['coalesce', ['get', 'class'], ''], ...classes.flatMap((c) => [c.key, c.colour]), plain] as unknown as ExpressionSpecification;
}

const geometryIs = (...types: string[]): FilterSpecification => ['in', ['geometry-type'], ['literal', types]] as unknown as FilterSpecification;

/** Everything that is drawn of one layer, the lowest first. Areas, lines and points each have their own; a file may hold all of them. */
export function drawingOf(layer: MapLayer, { opacity }: Shown, theme: Theme): LayerSpecification[] {
  const c = palettes[theme];
  const classes = layer.classTable?.classes ?? [];
  const colour = colourOf(classes);
  const source = sourceId(layer);
  const base = { source, 'source-layer': 'features' } as const;
  const patterns = [...new Set(classes.map((k) => k.pattern))].filter((p): p is Exclude<Pattern, 'none'> => p !== 'none');
  return [
    { ...base, id: `${source}:fill`, type: 'fill', filter: geometryIs('Polygon', 'MultiPolygon'), paint: { 'fill-color': colour, 'fill-opacity': classes.length === 0 ? opacity * 0.25 : opacity, 'fill-antialias': false } },
    ...patterns.map((pattern): LayerSpecification => ({
      ...base,
      id: `${source}:${pattern}`,
      type: 'fill',
      filter: ['all', geometryIs('Polygon', 'MultiPolygon'), ['in', ['coalesce', ['get', 'class'], ''], ['literal', classes.filter((k) => k.pattern === pattern).map((k) => k.key)]]] as unknown as FilterSpecification,
      paint: { 'fill-pattern': `pattern:${pattern}`, 'fill-opacity': Math.min(1, opacity + 0.1) },
    })),
    { ...base, id: `${source}:edge`, type: 'line', filter: geometryIs('Polygon', 'MultiPolygon'), minzoom: classes.length === 0 ? 0 : 15, paint: { 'line-color': classes.length === 0 ? plain : c.ink, 'line-width': classes.length === 0 ? 1.4 : 0.6, 'line-opacity': opacity * (classes.length === 0 ? 1 : 0.5) } },
    { ...base, id: `${source}:line`, type: 'line', filter: geometryIs('LineString', 'MultiLineString'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1.5, 16, 4], 'line-opacity': opacity } },
    { ...base, id: `${source}:point`, type: 'circle', filter: geometryIs('Point', 'MultiPoint'), paint: { 'circle-color': colour, 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 2.5, 14, 6], 'circle-opacity': opacity, 'circle-stroke-color': c.halo, 'circle-stroke-width': 1.5 } },
    {
      ...base,
      id: `${source}:name`,
      type: 'symbol',
      minzoom: 14,
      filter: ['has', 'label'] as FilterSpecification,
      layout: { 'text-field': ['get', 'label'], 'text-font': fonts, 'text-size': 12, 'text-offset': [0, 0.9], 'text-anchor': 'top', 'text-optional': true, 'text-max-width': 9 },
      paint: { 'text-color': c.ink, 'text-halo-color': c.halo, 'text-halo-width': 1.6 },
    },
  ];
}

/** Adds and takes away what differs between what is drawn and what is to be; the rest of the map is left alone. */
export function draw(map: MapLibreMap, layers: MapLayer[], shownOf: (id: string) => Shown, theme: Theme, beforeId: string): void {
  const wanted = layers.filter((l) => shownOf(l.layerId).on);
  const sources = new Map(wanted.map((l) => [sourceId(l), tileUrl(l)]));
  const drawn = inOrder(wanted.flatMap((l) => drawingOf(l, shownOf(l.layerId), theme)));
  const ids = new Set(drawn.map((d) => d.id));
  const style = map.getStyle();
  for (const { id } of style.layers) if (isImported(id) && !ids.has(id)) map.removeLayer(id);
  for (const [id, source] of Object.entries(style.sources)) {
    if (!isImported(id) || ('tiles' in source && source.tiles?.[0] === sources.get(id))) continue;
    for (const layer of map.getStyle().layers) if ('source' in layer && layer.source === id) map.removeLayer(layer.id);
    map.removeSource(id);
  }
  for (const layer of wanted) {
    const id = sourceId(layer);
    if (!map.getSource(id)) map.addSource(id, { type: 'vector', tiles: [tileUrl(layer)], minzoom: 0, maxzoom: tileMaxZoom, ...(layer.bounds ? { bounds: layer.bounds } : {}) });
  }
  for (const spec of drawn) {
    if (map.getLayer(spec.id)) {
      for (const [name, value] of Object.entries(spec.paint ?? {})) map.setPaintProperty(spec.id, name as never, value as never);
    } else {
      map.addLayer(spec, map.getLayer(beforeId) ? beforeId : undefined);
    }
  }
  const now = map.getStyle().layers.map((l) => l.id).filter(isImported);
  if (drawn.some((spec, at) => now[at] !== spec.id)) for (const { id } of drawn) map.moveLayer(id, map.getLayer(beforeId) ? beforeId : undefined);
}

/** Areas lie under lines, lines under points, names on top, of whatever layer: no shelter must vanish under a flood. */
export function inOrder(drawn: LayerSpecification[]): LayerSpecification[] {
  const rank = ['fill', 'line', 'circle', 'symbol'];
  return drawn.toSorted((a, b) => rank.indexOf(a.type) - rank.indexOf(b.type));
}

/** Where the tiles of an edition are. */
export const tileUrl = (layer: Pick<MapLayer, 'layerId' | 'edition'>) => `${window.location.origin}/api/v1/layers/${layer.layerId}/tiles/{z}/{x}/{y}?edition=${encodeURIComponent(layer.edition)}`;

/** A hatch for `pattern:NAME`, black and half seen, so that the class is known without its colour; null for any other image. */
export function drawPattern(id: string): ImageData | null {
  const name = id.startsWith('pattern:') ? id.slice('pattern:'.length) : '';
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = patternPx;
  const g = canvas.getContext('2d');
  if (!g || !['diagonal', 'cross', 'dots'].includes(name)) return null;
  g.strokeStyle = g.fillStyle = 'rgba(0, 0, 0, 0.55)';
  g.lineWidth = 1.5;
  if (name === 'dots') {
    for (const [x, y] of [[4, 4], [12, 12]] as const) {
      g.beginPath();
      g.arc(x, y, 1.8, 0, 2 * Math.PI);
      g.fill();
    }
  } else {
    g.beginPath();
    for (const at of [-patternPx, -patternPx / 2, 0, patternPx / 2, patternPx]) {
      g.moveTo(at, patternPx);
      g.lineTo(at + patternPx, 0);
      if (name === 'cross') {
        g.moveTo(at, 0);
        g.lineTo(at + patternPx, patternPx);
      }
    }
    g.stroke();
  }
  return g.getImageData(0, 0, patternPx, patternPx);
}
