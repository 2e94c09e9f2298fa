import type { Geometry } from 'geojson';
import { Marker } from 'maplibre-gl';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { MapController } from '../map/mapController';
import { maxPoints, sketchShapes, type SketchKind } from './useSketch';
import { inserted, mayRemove, middles, moved, removed, verticesOf, withVertices } from './vertices';
import type { Position } from './geodesy';

const stepPx = 8;
const fineStepPx = 1;
/** Keys come one after the other; what they did is one change once they rest. */
const restMs = 700;
/** More handles than a hand can tell apart; nearer to the map there are fewer. */
const mostHandles = 200;

const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const kinds: Partial<Record<Geometry['type'], SketchKind>> = { Point: 'point', LineString: 'line', Polygon: 'polygon' };

export interface Words {
  vertex: (n: number, of: number) => string;
  addVertex: (n: number) => string;
}

interface Vertices {
  /** the corner that was touched last, or null */
  chosen: number | null;
  /** takes the chosen corner away; null when that leaves no line or no ring, or none is chosen */
  remove: (() => void) | null;
  /** there are more corners here than have handles */
  tooMany: boolean;
}

/**
 * Handles on the corners of a drawing: dragged, or moved with the arrow keys (Shift: finely), taken away with Delete; the ones between them add a corner.
 * `onChange` says whether it was stored; when not, the handles go back to where the drawing is.
 */
export function useVertices(controller: MapController | null, geometry: Geometry | null, words: Words, onChange: (geometry: Geometry) => Promise<boolean>): Vertices {
  const [chosen, setChosen] = useState<number | null>(null);
  const [shown, setShown] = useState({ attempt: 0, tooMany: false });
  const focus = useRef<number | null>(null);
  const points = verticesOf(geometry);

  const commit = useEffectEvent((next: Position[]) => {
    void onChange(withVertices(geometry!, next)).then((stored) => {
      if (!stored) setShown((s) => ({ ...s, attempt: s.attempt + 1 }));
    });
  });
  const remove = useEffectEvent((at: number) => {
    if (!mayRemove(geometry, points)) return;
    focus.current = Math.max(0, at - 1);
    setChosen(null);
    commit(removed(points, at));
  });
  const named = useEffectEvent((at: number) => words.vertex(at + 1, points.length));
  const namedMiddle = useEffectEvent((at: number) => words.addVertex(at + 1));
  const preview = useEffectEvent((next: Position[]) => controller?.setSketch(sketchShapes(next, kinds[geometry!.type] ?? null)));

  useEffect(() => {
    if (!controller || !geometry) return;
    const map = controller.view;
    let markers: Marker[] = [];
    let resting: { timer: ReturnType<typeof setTimeout>; done: () => void } | null = null;
    const all = verticesOf(geometry);
    // A corner that is let go over a panel is let go: the map hears of it only when the panels let it through.
    const over = (on: boolean) => map.getContainer().closest('.stage')?.classList.toggle('vertex-dragged', on);

    const handle = (at: Position, className: string, label: string, next: (to: Position) => Position[], mine: number) => {
      const element = document.createElement('button');
      element.type = 'button';
      element.className = className;
      element.setAttribute('aria-label', label);
      element.title = label;
      const marker = new Marker({ element, draggable: true }).setLngLat(at).addTo(map);
      element.setAttribute('role', 'button');
      const here = (): Position => [marker.getLngLat().lng, marker.getLngLat().lat];
      const keep = () => {
        focus.current = mine;
        setChosen(mine);
        commit(next(here()));
      };
      marker.on('drag', () => preview(next(here())));
      marker.on('dragstart', () => over(true));
      marker.on('dragend', () => {
        over(false);
        keep();
      });
      element.addEventListener('focus', () => className === 'vertex' && setChosen(mine));
      element.addEventListener('click', (e) => {
        e.stopPropagation(); // or the map takes it for a choice
        if (className === 'vertex-middle') keep();
      });
      element.addEventListener('keydown', (e) => {
        const way = arrows[e.key];
        if (way && !e.ctrlKey && !e.metaKey && !e.altKey) {
          const by = e.shiftKey ? fineStepPx : stepPx;
          const place = map.project(marker.getLngLat());
          marker.setLngLat(map.unproject([place.x + way[0] * by, place.y + way[1] * by]));
          preview(next(here()));
          if (resting) clearTimeout(resting.timer);
          const done = () => {
            resting = null;
            keep();
          };
          resting = { timer: setTimeout(done, restMs), done };
        } else if (className === 'vertex' && (e.key === 'Delete' || e.key === 'Backspace')) remove(mine);
        else return;
        e.preventDefault();
        e.stopPropagation(); // or the map moves too
      });
      element.addEventListener('blur', () => {
        if (!resting) return;
        clearTimeout(resting.timer);
        resting.done();
      });
      markers.push(marker);
      return element;
    };

    const place = () => {
      if (resting) return; // a corner is on its way
      const focused = markers.findIndex((m) => m.getElement() === document.activeElement);
      markers.forEach((m) => m.remove());
      markers = [];
      const bounds = map.getBounds();
      const near = all.flatMap((p, i) => (bounds.contains(p) ? [i] : []));
      const some = near.slice(0, mostHandles);
      setShown((s) => (s.tooMany === near.length > mostHandles ? s : { ...s, tooMany: !s.tooMany }));
      for (const i of some) {
        const element = handle(all[i]!, 'vertex', named(i), (to) => moved(all, i, to), i);
        if (focus.current === i) element.focus({ preventScroll: true });
      }
      if (some.length < mostHandles / 2 && all.length < maxPoints)
        for (const { after, at } of middles(geometry, all)) if (bounds.contains(at)) handle(at, 'vertex-middle', namedMiddle(after), (to) => inserted(all, after, to), after + 1);
      if (focus.current === null && focused >= 0) markers[focused]?.getElement().focus({ preventScroll: true });
      focus.current = null;
    };
    place();
    map.on('moveend', place);
    return () => {
      map.off('moveend', place);
      if (resting) clearTimeout(resting.timer);
      resting = null;
      markers.forEach((m) => m.remove());
      over(false);
      controller.setSketch([]);
    };
  }, [controller, geometry, shown.attempt]);

  const current = chosen !== null && chosen < points.length ? chosen : null;
  return { chosen: current, remove: current !== null && mayRemove(geometry, points) ? () => remove(current) : null, tooMany: shown.tooMany };
}
