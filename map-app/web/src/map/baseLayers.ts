import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Lang } from '../i18n';
import type { Palette } from './palette';

/** Fonts of the system; MapLibre draws them itself, no glyph server is asked. The first name sets the weight. */
export const fonts = ['Noto Sans JP', 'Noto Sans CJK JP', 'Hiragino Sans', 'Yu Gothic', 'sans-serif'];
export const boldFonts = ['Noto Sans JP Bold', ...fonts];

const isLayer = (name: string): FilterSpecification => ['==', ['get', 'layer'], name];
const lines = (name: string): FilterSpecification => ['all', isLayer(name), ['!=', ['geometry-type'], 'Point']] as FilterSpecification;
const areas = (name: string): FilterSpecification => ['all', isLayer(name), ['==', ['geometry-type'], 'Polygon']] as FilterSpecification;

/** A road's class, or what its kind (as OpenStreetMap names them) amounts to. */
const roadClass: ExpressionSpecification = [
  'coalesce',
  ['get', 'class'],
  ['match', ['coalesce', ['get', 'kind'], ''], ['motorway', 'trunk', 'primary'], 'major', ['path', 'track', 'levee', 'footway'], 'path', 'minor'],
];
const roads = (name: string): FilterSpecification => ['all', isLayer('road'), ['==', roadClass, name]] as FilterSpecification;

/** Line width in pixels that follows the scale: the road's own `widthM` or `metres`, plus an edge, never under `leastPx`. */
const groundWidth = (metres: number, leastPx: number, edgePx = 0): ExpressionSpecification => {
  const own: ExpressionSpecification = ['coalesce', ['get', 'widthM'], metres];
  const at = (zoom: number): ExpressionSpecification => ['+', edgePx, ['max', leastPx, ['*', own, 2 ** (zoom - 20) / metresPerPixelAt20]]];
  return ['interpolate', ['exponential', 2], ['zoom'], 14, at(14), 20, at(20), 24, at(24)];
};

/** At zoom 20, latitude 35. */
const metresPerPixelAt20 = 0.122;

const nameIn = (lang: Lang): ExpressionSpecification =>
  lang === 'ja' ? ['coalesce', ['get', 'name'], ''] : ['coalesce', ['get', 'nameEn'], ['get', 'name'], ''];

const area = (id: string, layer: string, color: string, outline?: string): LayerSpecification => ({
  id,
  type: 'fill',
  source: 'city',
  filter: areas(layer),
  paint: { 'fill-color': color, ...(outline ? { 'fill-outline-color': outline } : {}) },
});

function road(id: string, filter: FilterSpecification, color: string, metres: number, leastPx: number, edgePx = 0): LayerSpecification {
  return {
    id,
    type: 'line',
    source: 'city',
    filter,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': color, 'line-width': groundWidth(metres, leastPx, edgePx) },
  };
}

/** The offline base map, drawn from one GeoJSON. */
export function cityLayers(c: Palette, lang: Lang): LayerSpecification[] {
  return [
    area('city-land', 'land', c.land, c.roadEdge),
    area('city-field', 'field', c.field),
    area('city-park', 'park', c.park),
    area('city-water', 'water', c.water, c.waterEdge),
    area('city-river', 'river', c.water, c.waterEdge),
    { id: 'city-river-line', type: 'line', source: 'city', filter: ['all', isLayer('river'), ['==', ['geometry-type'], 'LineString']] as FilterSpecification, paint: { 'line-color': c.water, 'line-width': groundWidth(8, 1.5) } },
    area('city-levee', 'levee', c.levee),
    { id: 'city-levee-line', type: 'line', source: 'city', filter: lines('levee'), paint: { 'line-color': c.leveeEdge, 'line-width': 1.5 } },
    road('city-path', roads('path'), c.roadEdge, 2, 0.6),
    road('city-minor-edge', roads('minor'), c.roadEdge, 5.5, 0.8, 1.6),
    road('city-major-edge', roads('major'), c.roadEdge, 11, 2.2, 1.8),
    road('city-minor', roads('minor'), c.road, 5.5, 0.8),
    road('city-major', roads('major'), c.roadMajor, 11, 2.2),
    { id: 'city-railway', type: 'line', source: 'city', filter: lines('railway'), paint: { 'line-color': c.railway, 'line-width': groundWidth(3, 2), 'line-dasharray': [3, 2] } },
    area('city-building', 'building', c.building, c.buildingEdge),
    area('city-bridge', 'bridge', c.bridge),
    { id: 'city-bridge-line', type: 'line', source: 'city', filter: lines('bridge'), paint: { 'line-color': c.bridgeEdge, 'line-width': 1.8 } },
    ...cityLabels(c, lang),
  ];
}

const kindIs = (...kinds: string[]): ExpressionSpecification => ['in', ['coalesce', ['get', 'kind'], ''], ['literal', kinds]];

/** Names come from the features of layer `label`, the larger places first; roads carry theirs along the line. */
function cityLabels(c: Palette, lang: Lang): LayerSpecification[] {
  const halo = { 'text-halo-color': c.halo, 'text-halo-width': 1.6 };
  const places = (id: string, minzoom: number, filter: ExpressionSpecification, color: string, size: number, bold = false): LayerSpecification => ({
    id,
    type: 'symbol',
    source: 'city',
    minzoom,
    filter: ['all', isLayer('label'), filter] as FilterSpecification,
    layout: { 'text-field': nameIn(lang), 'text-font': bold ? boldFonts : fonts, 'text-size': size, 'text-max-width': 8, 'text-padding': 6 },
    paint: { 'text-color': color, ...halo },
  });
  const water = kindIs('river', 'water', 'pond');
  const marks = kindIs('distance-mark');
  const towns = kindIs('city', 'district', '');
  return [
    places('city-mark', 17, marks, c.ink, 11),
    {
      id: 'city-road-name',
      type: 'symbol',
      source: 'city',
      minzoom: 15,
      filter: ['all', isLayer('road'), ['has', 'name']] as FilterSpecification,
      layout: { 'symbol-placement': 'line', 'text-field': nameIn(lang), 'text-font': fonts, 'text-size': 12, 'symbol-spacing': 420 },
      paint: { 'text-color': c.ink, ...halo },
    },
    places('city-place', 14.5, ['all', ['!', water], ['!', marks], ['!', towns]], c.ink, 13),
    places('city-water-name', 11, water, c.waterInk, 14),
    places('city-town', 9, towns, c.ink, 16, true),
  ];
}
