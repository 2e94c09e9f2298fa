import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import type { SiteConfig } from '../api/types';
import type { Lang } from '../i18n';
import type { LayerName, Theme } from '../state/ui';
import { cityLayers } from './baseLayers';
import { graticule } from './graticule';
import { clusterMaxZoom, overlayLayers } from './overlayLayers';
import { palettes } from './palette';
import { collection, keyProperty } from './sources';

/** Everything about the look of the map that a person can change. */
export interface Look {
  theme: Theme;
  lang: Lang;
  layers: Record<LayerName, boolean>;
  gsi: boolean;
}

const japan: [number, number, number, number] = [122, 20, 154, 46];

/** The layers for a look; always the same ids for the same site, so that one look can become another (restyle). */
export function layersFor(look: Look, hasGsi: boolean): LayerSpecification[] {
  const c = palettes[look.theme];
  const tiles: LayerSpecification[] = hasGsi
    ? [{ id: 'gsi', type: 'raster', source: 'gsi', layout: { visibility: look.gsi ? 'visible' : 'none' }, paint: { 'raster-opacity': look.theme === 'dark' ? 0.55 : 1 } }]
    : [];
  const city = cityLayers(c, look.lang).map((layer) => hide(layer, look.gsi && hasGsi));
  return [
    { id: 'background', type: 'background', paint: { 'background-color': c.outside } },
    { id: 'graticule', type: 'line', source: 'graticule', paint: { 'line-color': c.graticule, 'line-width': 1 } },
    ...city,
    ...tiles,
    ...overlayLayers(c, look.theme, look.layers),
  ];
}

export const hide = (layer: LayerSpecification, hidden: boolean) =>
  ({ ...layer, layout: { ...layer.layout, visibility: hidden ? 'none' : 'visible' } }) as LayerSpecification;

/** The style to start with: empty live sources, the base map if there is one. */
export function initialStyle(config: SiteConfig, city: FeatureCollection | null, look: Look): StyleSpecification {
  const live = (): SourceSpecification => ({ type: 'geojson', data: collection([]), promoteId: keyProperty, maxzoom: 22 });
  return {
    version: 8,
    sources: {
      city: { type: 'geojson', data: city ?? collection([]), maxzoom: 18 },
      graticule: { type: 'geojson', data: city ? collection([]) : graticuleFor(config) },
      ...(config.gsiTiles ? { gsi: { type: 'raster', tiles: [config.gsiTiles.url], tileSize: 256, maxzoom: 18 } as const } : {}),
      assets: live(),
      footprints: live(),
      cameras: live(),
      flight: { type: 'geojson', data: collection([]), maxzoom: 22 },
      route: { type: 'geojson', data: collection([]), maxzoom: 22 },
      doors: live(),
      incidents: live(),
      drawings: live(),
      sketch: { type: 'geojson', data: collection([]), maxzoom: 22 },
      selection: { type: 'geojson', data: collection([]), maxzoom: 22 },
      'finding-areas': live(),
      'finding-points': {
        type: 'geojson',
        data: collection([]),
        promoteId: keyProperty,
        cluster: true,
        clusterRadius: 40,
        clusterMaxZoom,
        maxzoom: 22,
        clusterProperties: { maxScore: ['max', ['get', 'score']] },
      },
    },
    layers: layersFor(look, config.gsiTiles !== null),
  };
}

/** Whole degrees over Japan; a finer net around a known place. */
function graticuleFor(config: SiteConfig): FeatureCollection {
  const coarse = graticule(japan, 1).features;
  const at = config.base.center ?? (config.base.bounds && [config.base.bounds[0], config.base.bounds[1]]);
  const near = at ? graticule([at[0] - 0.1, at[1] - 0.1, at[0] + 0.1, at[1] + 0.1], 0.005).features : [];
  return collection([...coarse, ...near]);
}
