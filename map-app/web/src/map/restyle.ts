import type { FilterSpecification, LayerSpecification, Map as MapLibreMap } from 'maplibre-gl';

type PaintName = Parameters<MapLibreMap['setPaintProperty']>[1];
type LayoutName = Parameters<MapLibreMap['setLayoutProperty']>[1];

interface Anything {
  paint?: Record<string, unknown>;
  layout?: Record<string, unknown>;
  filter?: unknown;
}

/**
 * Brings a map from one list of layers to another with the same ids by setting only what differs. The sources, and
 * with them everything that came live, stay as they are.
 */
export function restyle(map: MapLibreMap, from: LayerSpecification[], to: LayerSpecification[]): void {
  const before = new Map(from.map((layer) => [layer.id, layer as Anything]));
  for (const layer of to) {
    const old = before.get(layer.id);
    const next = layer as Anything;
    if (!old) continue;
    for (const [name, value] of differing(old.paint, next.paint)) map.setPaintProperty(layer.id, name as PaintName, value as never);
    for (const [name, value] of differing(old.layout, next.layout)) map.setLayoutProperty(layer.id, name as LayoutName, value as never);
    if (!same(old.filter, next.filter)) map.setFilter(layer.id, next.filter as FilterSpecification);
  }
}

export function differing(before: Record<string, unknown> = {}, after: Record<string, unknown> = {}): [string, unknown][] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !same(before[name], after[name])).map((name) => [name, after[name]]);
}

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);
