import type { Map as MapLibreMap } from 'maplibre-gl';
import { useEffect, useEffectEvent, useState } from 'react';
import { sourceId } from '../layers/drawing';
import type { MapLayer } from '../layers/types';
import type { MapController } from '../map/mapController';
import { crossings, distanceM, type Crossing, type Place } from './route';

const stepPx = 4;
const mostSteps = 2_000;

/**
 * What the way crosses of the layers that are on, from the map as it is drawn: no server is told where somebody lives. Null while the whole
 * way is not on the screen.
 */
export function useCrossings(controller: MapController | null, points: Place[], on: MapLayer[]): Crossing[] | null {
  const [found, setFound] = useState<{ points: Place[]; ids: string; list: Crossing[] } | null>(null);
  const ids = on.map((l) => l.layerId).join();
  const look = useEffectEvent((map: MapLibreMap) => {
    if (points.length < 2 || !isInView(map, points)) return setFound(null);
    setFound({ points, ids, list: crossings(steps(map, points, on)) });
  });
  useEffect(() => {
    if (!controller) return;
    const map = controller.view;
    const idle = () => look(map);
    map.on('idle', idle);
    map.triggerRepaint();
    return () => void map.off('idle', idle);
  }, [controller, points, ids]);
  return found && found.points === points && found.ids === ids ? found.list : null;
}

function isInView(map: MapLibreMap, points: Place[]): boolean {
  const bounds = map.getBounds();
  return points.every((p) => bounds.contains(p));
}

function steps(map: MapLibreMap, points: Place[], on: MapLayer[]) {
  const areas = new Map(on.map((l) => [`${sourceId(l)}:fill`, l.layerId]));
  const layers = [...areas.keys()].filter((id) => map.getLayer(id));
  const pixels = points.map((p) => map.project(p));
  const longPx = pixels.slice(1).reduce((sum, b, i) => sum + pixels[i]!.dist(b), 0);
  const px = Math.max(stepPx, longPx / mostSteps);
  return points.slice(1).flatMap((b, i) => {
    const a = points[i]!;
    const [from, to] = [pixels[i]!, pixels[i + 1]!];
    const count = Math.max(1, Math.ceil(from.dist(to) / px));
    const metres = distanceM(a, b) / count;
    return Array.from({ length: count }, (_, s) => {
      const share = (s + 0.5) / count;
      const hits = map.queryRenderedFeatures([from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share], { layers });
      return { lengthM: metres, met: hits.map((h) => ({ layerId: areas.get(h.layer.id)!, key: String(h.properties['class'] ?? ''), rank: Number(h.properties['rank'] ?? 0) })) };
    });
  });
}
