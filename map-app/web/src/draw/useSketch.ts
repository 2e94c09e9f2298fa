import type { Feature } from 'geojson';
import { useCallback, useEffect, useEffectEvent, useState } from 'react';
import type { MapController } from '../map/mapController';
import type { Position } from './geodesy';

export type SketchKind = 'point' | 'line' | 'polygon';

/** A finger does not hit a pixel: a second tap this near ends the line or closes the ring. */
const nearPx = 12;
const least: Record<SketchKind, number> = { point: 1, line: 2, polygon: 3 };
export const maxPoints = 500;

/**
 * Places of a person's hand on the map: a tap, or the middle of the map by key (`Space`), sets one; `Backspace` takes the last back, `Enter` or a second tap
 * on the last (of a ring also the first) ends it, `Esc` gives up. `kind` null: nothing is drawn, and the map answers taps as ever.
 */
export function useSketch(controller: MapController | null, kind: SketchKind | null, onDone: (points: Position[]) => void, onCancel: () => void) {
  const [points, setPoints] = useState<Position[]>([]);
  const [of, setOf] = useState(kind);
  if (of !== kind) {
    setOf(kind);
    setPoints([]);
  }
  const enough = kind !== null && points.length >= least[kind];
  const finish = useCallback(() => {
    if (!enough) return;
    setPoints([]);
    onDone(points);
  }, [enough, points, onDone]);
  const add = useCallback(
    (to: Position) => {
      if (kind === 'point') return onDone([to]);
      setPoints((old) => (old.length < maxPoints ? [...old, to] : old));
    },
    [kind, onDone],
  );
  const tapped = useEffectEvent((lon: number, lat: number) => {
    const ends = [points.at(-1), kind === 'polygon' ? points[0] : undefined];
    if (enough && ends.some((p) => p && controller!.distancePx(p, [lon, lat]) < nearPx)) finish();
    else add([lon, lat]);
  });
  const addMiddle = useCallback(() => controller && add(controller.middle()), [controller, add]);
  const back = useCallback(() => setPoints((old) => old.slice(0, -1)), []);

  useEffect(() => {
    if (!controller || kind === null) return;
    controller.setTap((lon, lat) => tapped(lon, lat), true);
    return () => controller.setTap(null, false);
  }, [controller, kind]);
  useEffect(() => controller?.setSketch(sketchShapes(points, kind)), [controller, points, kind]);

  const pressed = useEffectEvent((e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || (e.target instanceof Element && e.target.closest('input, textarea, select, [role="dialog"]'))) return;
    const onButton = e.target instanceof Element && e.target.closest('button, a, summary') !== null;
    const run: Record<string, () => void> = { Enter: finish, Backspace: back, Escape: onCancel, ' ': () => void addMiddle() };
    const action = run[e.key];
    if (!action || (onButton && (e.key === 'Enter' || e.key === ' '))) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    action();
  });
  useEffect(() => {
    if (kind === null) return;
    const listener = (e: KeyboardEvent) => pressed(e);
    window.addEventListener('keydown', listener, true); // before the screen's own keys
    return () => window.removeEventListener('keydown', listener, true);
  }, [kind]);
  return { points, enough, finish, back, addMiddle };
}

/** What has been drawn so far: its points, the line through them, the ring they close. */
export function sketchShapes(points: Position[], kind: SketchKind | null): Feature[] {
  const shape = (geometry: Feature['geometry']): Feature => ({ type: 'Feature', properties: {}, geometry });
  const closed = kind === 'polygon' && points.length >= 3;
  return [
    ...(closed ? [shape({ type: 'Polygon', coordinates: [[...points, points[0]!]] })] : points.length > 1 ? [shape({ type: 'LineString', coordinates: points })] : []),
    ...points.map((at) => shape({ type: 'Point', coordinates: at })),
  ];
}
