import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';
import { pan, zoomAt, type PhotoView } from './zoom';

type Change = (update: (view: PhotoView) => PhotoView) => void;

/** Wheel zooms, one pointer drags, two pinch, anywhere on the frame; shares are of `base`, where the photo lies at scale 1. */
export function useGestures(frame: RefObject<HTMLElement | null>, base: RefObject<HTMLElement | null>, change: Change): { dragged: () => boolean } {
  const moved = useRef(false);
  const at = (e: { clientX: number; clientY: number }) => {
    const box = base.current!.getBoundingClientRect();
    return { x: (e.clientX - box.left) / box.width, y: (e.clientY - box.top) / box.height };
  };
  const wheel = useEffectEvent((e: WheelEvent) => {
    e.preventDefault();
    const { x, y } = at(e);
    change((v) => zoomAt(v, Math.exp(-e.deltaY * (e.ctrlKey ? 0.01 : 0.002)), x, y));
  });
  const attach = useEffectEvent((element: HTMLElement, signal: AbortSignal) => {
    const pointers = new Map<number, { x: number; y: number }>();
    element.addEventListener('wheel', (e) => wheel(e), { passive: false, signal });
    element.addEventListener('pointerdown', (e) => {
      if (pointers.size === 0) moved.current = false;
      pointers.set(e.pointerId, at(e));
    }, { signal });
    const end = (e: PointerEvent) => pointers.delete(e.pointerId);
    element.addEventListener('pointerup', end, { signal });
    element.addEventListener('pointercancel', end, { signal });
    element.addEventListener('pointermove', (e) => {
      const from = pointers.get(e.pointerId);
      if (!from) return;
      const to = at(e);
      if (!moved.current && Math.hypot(to.x - from.x, to.y - from.y) < 0.01) return;
      if (!moved.current) element.setPointerCapture(e.pointerId);
      moved.current = true;
      pointers.set(e.pointerId, to);
      const other = [...pointers].find(([id]) => id !== e.pointerId)?.[1];
      if (!other) return change((v) => pan(v, to.x - from.x, to.y - from.y));
      const spread = (p: { x: number; y: number }) => Math.hypot(p.x - other.x, p.y - other.y);
      change((v) => zoomAt(v, spread(to) / Math.max(spread(from), 0.01), (to.x + other.x) / 2, (to.y + other.y) / 2));
    }, { signal });
  });
  useEffect(() => {
    const abort = new AbortController();
    if (frame.current) attach(frame.current, abort.signal);
    return () => abort.abort();
  }, [frame]);
  return { dragged: () => moved.current };
}
