import type { LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../state/ui';

/** What happened, over everything else; beside the device that it concerns, on the place of a report. */
export function incidentLayers(theme: Theme): LayerSpecification[] {
  return [
    {
      id: 'incident',
      type: 'symbol',
      source: 'incidents',
      layout: {
        'icon-image': ['concat', `incident/${theme}/`, ['get', 'severity'], '/', ['get', 'item'], '/', ['get', 'open']],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'icon-offset': ['case', ['get', 'aside'], ['literal', [0, -48]], ['literal', [0, 0]]],
        'symbol-sort-key': ['match', ['get', 'severity'], 'critical', 3, 'warning', 2, 'none', 1, 0],
      },
    },
  ];
}
