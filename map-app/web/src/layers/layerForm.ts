import type { MapLayer } from './types';

/** What a person may change of a layer; texts as typed. */
export interface LayerValues {
  title: string;
  kind: string;
  dataClass: string;
  source: string;
  sourceDate: string;
  licence: string;
  attribution: string;
  withdrawnOn: string;
  withdrawnReason: string;
}

export const valuesOf = (l: MapLayer): LayerValues => ({
  title: l.title,
  kind: l.kind,
  dataClass: l.dataClass,
  source: l.source ?? '',
  sourceDate: l.sourceDate ?? '',
  licence: l.licence ?? '',
  attribution: l.attribution ?? '',
  withdrawnOn: l.withdrawnOn ?? '',
  withdrawnReason: l.withdrawnReason ?? '',
});

/** What differs from the layer, trimmed: only that goes to the server, so that nothing else is touched. */
export function changesOf(layer: MapLayer, values: LayerValues): Partial<LayerValues> {
  const was = valuesOf(layer);
  return Object.fromEntries((Object.entries(values) as [string, string][]).map(([name, text]) => [name, text.trim()] as const).filter(([name, text]) => text !== was[name as keyof LayerValues]));
}

export type Dependent = 'public' | 'tablets' | 'impact' | 'areas' | 'shelters' | 'facilities';

const hazards = ['flood', 'pluvial', 'duration', 'collapse', 'landslide', 'surge', 'tsunami', 'history'];

/** What no longer has the layer when it is taken off the map. */
export function dependents(layer: MapLayer): Dependent[] {
  const isArea = layer.geometryType.includes('Polygon');
  const found: [Dependent, boolean][] = [
    ['public', layer.dataClass === 'public'],
    ['tablets', layer.dataClass === 'public' || layer.dataClass === 'internal'],
    ['impact', isArea && hazards.includes(layer.kind)],
    ['areas', isArea && layer.kind === 'boundary'],
    ['shelters', layer.kind === 'shelter'],
    ['facilities', layer.kind === 'facility'],
  ];
  return found.filter(([, is]) => is).map(([what]) => what);
}
