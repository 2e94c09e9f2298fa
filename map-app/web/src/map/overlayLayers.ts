import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import { incidentLayers } from '../board/boardLayers';
import { drawingLayers, sketchLayers } from '../draw/drawLayers';
import { doorLayers } from '../locks/doorLayers';
import { flightLayers, flightMarks } from '../flights/flightLayers';
import { assetLayers, clickableAssets } from './assetLayers';
import { boldFonts } from './baseLayers';
import { palettes, scoreBands, type Palette } from './palette';
import { routeLayers } from '../routes/routeLayers';
import type { LayerName, Theme } from '../state/ui';

/** Finding outlines and footprints mean something from here on; below only the badges are drawn. */
const outlinesFromZoom = 15;
const camerasFromZoom = 17;
/** Up to here badges that would cover one another are a number; nearer, findings a metre apart stand beside each other. */
export const clusterMaxZoom = 19;

/** Layers that answer a click, the topmost first. */
export const clickable = ['incident', 'door', 'door-far', 'device', 'flight-photo', 'finding-badge', 'finding-cluster', 'camera', 'finding-area', 'drawing-text', 'drawing-point', 'drawing-casing', ...clickableAssets, 'footprint-area'];

/** The lowest of these layers: what is imported lies under it. */
export const firstOverlay = assetLayers(palettes.light, true)[0]!.id;

const banded = (c: Palette, score: ExpressionSpecification): ExpressionSpecification => [
  'step', score, c.finding.low, scoreBands[0], c.finding.mid, scoreBands[1], c.finding.high,
];
const isDraft: ExpressionSpecification = ['==', ['get', 'status'], 'draft'];
const placed = (placement: string): FilterSpecification => ['==', ['get', 'placement'], placement];
const single: FilterSpecification = ['!', ['has', 'point_count']];

type Visible = Record<LayerName, boolean>;

export function overlayLayers(c: Palette, theme: Theme, visible: Visible): LayerSpecification[] {
  const layers = [...assetLayers(c, visible.assets), ...footprints(c, visible.footprints), ...flightLayers(c, theme), ...findingAreas(c, visible.findings), ...selectionShapes(c), ...routeLayers(c, theme), ...drawingLayers(c, theme)];
  return [...layers, camera(theme, visible.cameras), ...badges(c, theme, visible.findings), ...flightMarks(theme), ...doorLayers(c, theme, visible.doors), ...incidentLayers(theme), ...selectionBadges(theme), ...sketchLayers(c)];
}

const visibility = (on: boolean) => ({ visibility: on ? ('visible' as const) : ('none' as const) });

function footprints(c: Palette, on: boolean): LayerSpecification[] {
  const line = (id: string, placement: string, dash: number[] | null): LayerSpecification => ({
    id,
    type: 'line',
    source: 'footprints',
    filter: placed(placement),
    layout: { ...visibility(on), 'line-join': 'round' },
    paint: {
      'line-color': c.footprint,
      'line-opacity': 0.75,
      'line-width': ['interpolate', ['linear'], ['zoom'], 13, 0.6, 16, 1.2, 19, 1.8],
      ...(dash ? { 'line-dasharray': dash } : {}),
    },
  });
  return [
    { id: 'footprint-area', type: 'fill', source: 'footprints', minzoom: outlinesFromZoom, layout: visibility(on), paint: { 'fill-color': c.footprint, 'fill-opacity': 0.03 } },
    line('footprint-measured', 'measured', null),
    line('footprint-assumed', 'assumed', [3, 2.5]),
  ];
}

function findingAreas(c: Palette, on: boolean): LayerSpecification[] {
  const color = banded(c, ['get', 'score']);
  const outline = { source: 'finding-areas', minzoom: outlinesFromZoom, layout: { ...visibility(on), 'line-join': 'round' as const } };
  return [
    { id: 'finding-area', type: 'fill', source: 'finding-areas', minzoom: outlinesFromZoom, layout: visibility(on), paint: { 'fill-color': color, 'fill-opacity': ['case', isDraft, 0.16, 0.4] } },
    { ...outline, id: 'finding-casing', type: 'line', paint: { 'line-color': c.casing, 'line-width': 4, 'line-opacity': 0.8 } },
    { ...outline, id: 'finding-draft-line', type: 'line', filter: isDraft as FilterSpecification, paint: { 'line-color': color, 'line-width': 2, 'line-dasharray': [2.5, 1.5] } },
    { ...outline, id: 'finding-line', type: 'line', filter: ['!', isDraft] as FilterSpecification, paint: { 'line-color': ['case', ['==', ['get', 'status'], 'rejected'], c.offline, c.finding.high], 'line-width': 2.5 } },
  ];
}

/** Badges stand on the finding until one is so near that they would hide it; then above it. */
const stepAside: ExpressionSpecification = ['step', ['zoom'], ['literal', [0, 0]], 20, ['literal', [0, -26]]];

const badgeImage = (theme: Theme): ExpressionSpecification => [
  'concat', `finding/${theme}/`, ['step', ['get', 'score'], 'low', scoreBands[0], 'mid', scoreBands[1], 'high'], '/', ['get', 'class'], '/', ['get', 'status'], '/', ['get', 'label'],
];

function badges(c: Palette, theme: Theme, on: boolean): LayerSpecification[] {
  return [
    {
      id: 'finding-cluster',
      type: 'circle',
      source: 'finding-points',
      filter: ['has', 'point_count'],
      layout: visibility(on),
      paint: {
        'circle-color': banded(c, ['get', 'maxScore']),
        'circle-radius': ['step', ['get', 'point_count'], 15, 10, 18, 100, 22, 1000, 27],
        'circle-stroke-color': c.casing,
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'finding-cluster-count',
      type: 'symbol',
      source: 'finding-points',
      filter: ['has', 'point_count'],
      layout: { ...visibility(on), 'text-field': ['get', 'point_count_abbreviated'], 'text-font': boldFonts, 'text-size': 13, 'text-allow-overlap': true, 'text-ignore-placement': true },
      paint: { 'text-color': c.findingInk },
    },
    {
      id: 'finding-badge',
      type: 'symbol',
      source: 'finding-points',
      filter: single,
      layout: { ...visibility(on), 'icon-image': badgeImage(theme), 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'symbol-sort-key': ['get', 'score'] },
      paint: { 'icon-translate': stepAside },
    },
  ];
}

function camera(theme: Theme, on: boolean): LayerSpecification {
  return {
    id: 'camera',
    type: 'symbol',
    source: 'cameras',
    minzoom: camerasFromZoom,
    layout: { ...visibility(on), 'icon-image': `camera/${theme}`, 'icon-rotate': ['get', 'yawDeg'], 'icon-rotation-alignment': 'map', 'icon-allow-overlap': true, 'icon-ignore-placement': true },
  };
}

const role = (name: string): FilterSpecification => ['==', ['get', 'role'], name];

function selectionShapes(c: Palette): LayerSpecification[] {
  const line = (id: string, filter: FilterSpecification, color: string, width: number): LayerSpecification => ({
    id, type: 'line', source: 'selection', filter, layout: { 'line-join': 'round' }, paint: { 'line-color': color, 'line-width': width },
  });
  return [
    line('selected-asset-casing', role('asset'), c.selected, 7),
    line('selected-asset', role('asset'), c.asset, 2.5),
    line('selected-footprint-casing', role('footprint'), c.casing, 6),
    line('selected-footprint', role('footprint'), c.footprint, 3),
    line('selected-finding-casing', role('finding'), c.selected, 8),
    line('selected-finding', role('finding'), c.finding.high, 2.5),
  ];
}

function selectionBadges(theme: Theme): LayerSpecification[] {
  const point = (id: string, image: string | ExpressionSpecification): LayerSpecification => ({
    id,
    type: 'symbol',
    source: 'selection',
    filter: role('point'),
    layout: { 'icon-image': image, 'icon-allow-overlap': true, 'icon-ignore-placement': true },
    paint: { 'icon-translate': stepAside },
  });
  return [
    point('selected-ring', `ring/${theme}`),
    point('selected-badge', badgeImage(theme)),
  ];
}
