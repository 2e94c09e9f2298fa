import { useEffect, useEffectEvent, useRef, type Dispatch } from 'react';
import { useT } from '../i18n';
import { ringsPath } from '../photo/zoom';
import { drawn, type MaskAction, type MaskEdit } from './edit';
import { nearestCorner, nearestEdge, type Pixel } from './geometry';

/** How near a finger or a mouse has to come, in CSS pixels. */
const reach = { touch: 22, pen: 14, mouse: 10 } as Record<string, number>;
/** Two taps within this time and place are a double tap. */
const doubleMs = 400;
const trailPx = 3;

interface Props {
  edit: MaskEdit;
  act: Dispatch<MaskAction>;
}

/** The mask over the photo, to be dragged, extended and drawn. Whatever it does not take moves the photo. */
export function MaskOverlay({ edit, act }: Props) {
  const t = useT();
  const svg = useRef<SVGSVGElement>(null);
  usePointer(svg, edit, act);
  const corner = edit.chosen && edit.rings[edit.chosen.ring]?.[edit.chosen.at];
  const preview = drawn(edit);
  return (
    <svg ref={svg} className="mask-edit" data-tool={edit.tool} viewBox={`0 0 ${edit.widthPx} ${edit.heightPx}`} preserveAspectRatio="none" role="img" aria-label={t.review.mask.canvas}>
      <path className="edit-casing" d={ringsPath(edit.rings)} />
      <path className="edit-line" d={ringsPath(edit.rings)} />
      {preview && <path className="edit-preview" d={ringsPath([preview])} />}
      {edit.drawing.length > 0 && <path className="edit-stroke" d={`M${edit.drawing.map((p) => p.join(' ')).join('L')}`} />}
      {edit.tool === 'corners' && <path className="edit-corners" d={dots(edit.rings.flat())} />}
      {edit.tool !== 'corners' && <path className="edit-corners" d={dots(edit.drawing)} />}
      {corner && <path className="edit-chosen" d={dots([corner])} />}
    </svg>
  );
}

/** Round line caps of lines without length: they keep their size on the screen at every zoom. */
const dots = (places: Pixel[]) => places.map(([x, y]) => `M${x} ${y}h0`).join('');

/** Listens natively and before the viewer does, so that what is taken here does not move the photo as well. */
function usePointer(svg: React.RefObject<SVGSVGElement | null>, edit: MaskEdit, act: Dispatch<MaskAction>): void {
  const held = useRef<{ id: number; moved: boolean } | null>(null);
  const tap = useRef<{ atMs: number; x: number; y: number } | null>(null);

  const pixels = (e: PointerEvent) => {
    const box = svg.current!.getBoundingClientRect();
    const perPx = edit.widthPx / box.width;
    return { place: [(e.clientX - box.left) * perPx, (e.clientY - box.top) * perPx] as Pixel, perPx, reachPx: (reach[e.pointerType] ?? reach['mouse']!) * perPx };
  };
  const isDouble = (e: PointerEvent) => {
    const last = tap.current;
    const double = last !== null && e.timeStamp - last.atMs < doubleMs && Math.hypot(e.clientX - last.x, e.clientY - last.y) < reach['touch']!;
    tap.current = double ? null : { atMs: e.timeStamp, x: e.clientX, y: e.clientY };
    return double;
  };
  const take = (e: PointerEvent) => {
    e.stopPropagation();
    e.preventDefault();
    svg.current!.setPointerCapture(e.pointerId);
    held.current = { id: e.pointerId, moved: false };
  };

  const down = useEffectEvent((e: PointerEvent) => {
    if (e.button !== 0 || held.current) return;
    const { place, reachPx } = pixels(e);
    const double = isDouble(e);
    if (edit.tool !== 'corners') {
      take(e);
      return act(double ? { do: 'finish' } : { do: 'draw', place });
    }
    const corner = nearestCorner(edit.rings, place, reachPx);
    const edge = double && !corner ? nearestEdge(edit.rings, place, reachPx) : null;
    if (!corner && !edge) return;
    take(e);
    act(corner ? { do: 'choose', corner } : { do: 'insert', after: edge!, place });
  });
  const move = useEffectEvent((e: PointerEvent) => {
    if (held.current?.id !== e.pointerId) return;
    e.stopPropagation();
    const { place, perPx } = pixels(e);
    if (edit.tool === 'corners') {
      if (!held.current.moved && edit.chosen) act({ do: 'grab', corner: edit.chosen });
      act({ do: 'drag', to: place });
    } else if (edit.tool === 'pen') act({ do: 'trail', place, leastPx: trailPx * perPx });
    held.current.moved = true;
  });
  const up = useEffectEvent((e: PointerEvent) => {
    if (held.current?.id !== e.pointerId) return;
    e.stopPropagation();
    if (held.current.moved && edit.tool === 'pen') act({ do: 'lift', tolerancePx: pixels(e).perPx });
    held.current = null;
  });
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    svg.current?.addEventListener('pointerdown', (e) => down(e), { signal });
    svg.current?.addEventListener('pointermove', (e) => move(e), { signal });
    for (const end of ['pointerup', 'pointercancel'] as const) svg.current?.addEventListener(end, (e) => up(e), { signal });
    return () => abort.abort();
  }, [svg]);
}
