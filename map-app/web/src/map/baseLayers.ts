import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Lang } from '../i18n';
import type { Palette } from './palette';

/** Fonts of the system; MapLibre draws them itself, no glyph server is asked. The first name sets the weight. */
export const fonts = ['Noto Sans JP', 'Noto Sans CJK JP', 'Hiragino Sans', 'Yu Gothic', 'sans-serif'];
export const boldFonts = ['Noto Sans JP Bold', ...fonts];

const isLayer = (name: string): FilterSpecification => ['==', ['get', 'layer'], name];
const lines = (name: string): FilterSpecification => ['all', isLayer(name), ['!=', ['geometry-type'], 'Point']] as FilterSpecification;
const areas = (name: string): FilterSpecification => ['all', isLayer(name), ['==', ['geometry-type'], 'Polygon']] as FilterSpecification;
const roads = (...classes: string[]): FilterSpecification =>
  ['all', isLayer('road'), ['in', ['coalesce', ['get', 'class'], 'minor'], ['literal', classes]]] as FilterSpecification;

/** Line width in pixels that follows the scale: about `metres` on the ground from zoom 16, never under `leastPx`. */
const groundWidth = (metres: number, leastPx: number): ExpressionSpecification => {
  const pxAt20 = metres / 0.122; // metres per pixel at zoom 20, latitude 35
  return ['interpolate', ['exponential', 2], ['zoom'], 14, Math.max(leastPx, pxAt20 / 64), 20, Math.max(leastPx, pxAt20), 24, Math.max(leastPx, pxAt20 * 16)];
};

const nameIn = (lang: Lang): ExpressionSpecification =>
  lang === 'ja' ? ['coalesce', ['get', 'name'], ''] : ['coalesce', ['get', 'nameEn'], ['get', 'name'], ''];

const area = (id: string, layer: string, color: string, outline?: string): LayerSpecification => ({
  id,
  type: 'fill',
  source: 'city',
  filter: areas(layer),
  paint: { 'fill-color': color, ...(outline ? { 'fill-outline-color': outline } : {}) },
});

function road(id: string, filter: FilterSpecification, color: string, metres: number, leastPx: number): LayerSpecification {
  return {
    id,
    type: 'line',
    source: 'city',
    filter,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': color, 'line-width': groundWidth(metres, leastPx) },
  };
}

/** The offline base map, drawn from one GeoJSON. */
export function cityLayers(c: Palette, lang: Lang): LayerSpecification[] {
  return [
    area('city-land', 'land', c.land),
    area('city-field', 'field', c.field),
    area('city-park', 'park', c.park),
    area('city-water', 'water', c.water, c.waterEdge),
    area('city-river', 'river', c.water, c.waterEdge),
    { id: 'city-river-line', type: 'line', source: 'city', filter: ['all', isLayer('river'), ['==', ['geometry-type'], 'LineString']] as FilterSpecification, paint: { 'line-color': c.water, 'line-width': groundWidth(8, 1.5) } },
    area('city-levee', 'levee', c.levee),
    { id: 'city-levee-line', type: 'line', source: 'city', filter: lines('levee'), paint: { 'line-color': c.leveeEdge, 'line-width': 1.5 } },
    road('city-path', roads('path'), c.roadEdge, 2, 0.6),
    road('city-minor-edge', roads('minor'), c.roadEdge, 6.4, 1.8),
    road('city-major-edge', roads('major'), c.roadEdge, 13, 3.6),
    road('city-minor', roads('minor'), c.road, 5.4, 1),
    road('city-major', roads('major'), c.roadMajor, 11.6, 2.4),
    { id: 'city-railway', type: 'line', source: 'city', filter: lines('railway'), paint: { 'line-color': c.railway, 'line-width': groundWidth(3, 2), 'line-dasharray': [3, 2] } },
    area('city-building', 'building', c.building, c.buildingEdge),
    area('city-bridge', 'bridge', c.bridge),
    { id: 'city-bridge-line', type: 'line', source: 'city', filter: lines('bridge'), paint: { 'line-color': c.bridgeEdge, 'line-width': 1.8 } },
    ...cityLabels(c, lang),
  ];
}

function cityLabels(c: Palette, lang: Lang): LayerSpecification[] {
  const halo = { 'text-halo-color': c.halo, 'text-halo-width': 1.6 };
  const named = (id: string, layers: string[], minzoom: number, color: string, size: number): LayerSpecification => ({
    id,
    type: 'symbol',
    source: 'city',
    minzoom,
    filter: ['all', ['in', ['get', 'layer'], ['literal', layers]], ['has', 'name']] as FilterSpecification,
    layout: { 'text-field': nameIn(lang), 'text-font': fonts, 'text-size': size, 'text-max-width': 8, 'text-padding': 6 },
    paint: { 'text-color': color, ...halo },
  });
  return [
    {
      id: 'city-road-name',
      type: 'symbol',
      source: 'city',
      minzoom: 15,
      filter: ['all', isLayer('road'), ['has', 'name']] as FilterSpecification,
      layout: { 'symbol-placement': 'line', 'text-field': nameIn(lang), 'text-font': fonts, 'text-size': 12, 'symbol-spacing': 420 },
      paint: { 'text-color': c.ink, ...halo },
    },
    named('city-place-name', ['park', 'building'], 16, c.ink, 12),
    named('city-water-name', ['river', 'water'], 11, c.waterInk, 14),
    named('city-work-name', ['bridge', 'levee', 'railway'], 14.5, c.ink, 13),
    {
      id: 'city-label',
      type: 'symbol',
      source: 'city',
      filter: isLayer('label'),
      layout: { 'text-field': nameIn(lang), 'text-font': boldFonts, 'text-size': ['interpolate', ['linear'], ['zoom'], 11, 12, 17, 16], 'text-padding': 4 },
      paint: { 'text-color': c.ink, ...halo },
    },
  ];
}
