import type { GeoJsonProperties } from 'geojson';
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Cover } from '../map/deviceOverlay';
import type { Theme } from '../state/ui';

const asidePx: [number, number] = [0, -48];
const offset: ExpressionSpecification = ['case', ['get', 'aside'], ['literal', asidePx], ['literal', [0, 0]]];

/** Where an incident's mark lies over a device. */
export const incidentCovers = (properties: GeoJsonProperties): Omit<Cover, 'place'>[] => [{ asidePx: properties?.['aside'] ? asidePx : [0, 0], radiusPx: 17, zooms: [0, Infinity] }];

/** What happened, over everything else; beside the device that it concerns, on the place of a report. */
export function incidentLayers(theme: Theme): LayerSpecification[] {
  return [
    {
      id: 'incident-chosen',
      type: 'symbol',
      source: 'incidents',
      filter: ['get', 'chosen'] as unknown as FilterSpecification,
      layout: { 'icon-image': `ring/${theme}`, 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-offset': offset },
    },
    {
      id: 'incident',
      type: 'symbol',
      source: 'incidents',
      layout: {
        'icon-image': ['concat', `incident/${theme}/`, ['get', 'severity'], '/', ['get', 'item'], '/', ['get', 'open']],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'icon-offset': offset,
        'symbol-sort-key': ['match', ['get', 'severity'], 'critical', 3, 'warning', 2, 'none', 1, 0],
      },
    },
  ];
}
