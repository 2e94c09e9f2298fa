import { apart, insertCorner, middle, moveCorner, polygonOf, removeCorner, simplify, strokeOf, within, type Corner, type Pixel, type Ring } from './geometry';

export type Tool = 'corners' | 'pen' | 'polygon';

export interface MaskEdit {
  widthPx: number;
  heightPx: number;
  tool: Tool;
  rings: Ring[];
  /** earlier states, the last one newest */
  past: Ring[][];
  chosen: Corner | null;
  /** places of the line or polygon that is being drawn */
  drawing: Pixel[];
  penPx: number;
}

export type MaskAction =
  | { do: 'tool'; tool: Tool }
  | { do: 'pen'; penPx: number }
  | { do: 'choose'; corner: Corner | null }
  /** The chosen corner is about to be dragged: one undo takes the whole drag back. */
  | { do: 'grab'; corner: Corner }
  | { do: 'drag'; to: Pixel }
  | { do: 'nudge'; by: Pixel }
  | { do: 'insert'; after: Corner; place: Pixel }
  | { do: 'draw'; place: Pixel }
  /** Freehand: the pen moved with the button held. */
  | { do: 'trail'; place: Pixel; leastPx: number }
  /** Freehand: the pen was lifted; wobbles below the tolerance go. */
  | { do: 'lift'; tolerancePx: number }
  | { do: 'nextCorner'; by: 1 | -1 }
  | { do: 'delete' | 'split' | 'finish' | 'undo' | 'clear' };

export const penWidthsPx = [2, 4, 8, 16, 32] as const;

export const startEdit = (rings: Ring[], widthPx: number, heightPx: number): MaskEdit => ({
  widthPx, heightPx, rings, tool: rings.length > 0 ? 'corners' : 'pen', past: [], chosen: null, drawing: [], penPx: 8,
});

/** Whether there is anything that undo would take back. */
export const canUndo = (s: MaskEdit) => s.past.length > 0 || s.drawing.length > 0;

const changed = (s: MaskEdit, rings: Ring[], chosen: Corner | null = null): MaskEdit => ({ ...s, rings, chosen, past: [...s.past, s.rings] });

export function reduceMask(s: MaskEdit, action: MaskAction): MaskEdit {
  const inside = (p: Pixel) => within(p, s.widthPx, s.heightPx);
  switch (action.do) {
    case 'tool':
      return { ...s, tool: action.tool, drawing: [], chosen: null };
    case 'pen':
      return { ...s, penPx: action.penPx };
    case 'choose':
      return { ...s, chosen: action.corner };
    case 'grab':
      return { ...s, chosen: action.corner, past: [...s.past, s.rings] };
    case 'drag':
      return s.chosen ? { ...s, rings: moveCorner(s.rings, s.chosen, inside(action.to)) } : s;
    case 'nudge': {
      const at = place(s);
      return at ? changed(s, moveCorner(s.rings, s.chosen!, inside([at[0] + action.by[0], at[1] + action.by[1]])), s.chosen) : s;
    }
    case 'insert':
      return changed(s, insertCorner(s.rings, action.after, inside(action.place)), { ring: action.after.ring, at: action.after.at + 1 });
    case 'split':
      return split(s);
    case 'delete':
      return s.chosen ? changed(s, removeCorner(s.rings, s.chosen)) : s;
    case 'nextCorner':
      return { ...s, chosen: nextCorner(s, action.by) };
    case 'draw':
      return { ...s, drawing: [...s.drawing, inside(action.place)] };
    case 'trail':
      return { ...s, drawing: apart([...s.drawing, inside(action.place)], action.leastPx) };
    case 'lift':
      return { ...s, drawing: simplify(s.drawing, action.tolerancePx) };
    case 'finish':
      return finish(s);
    case 'clear':
      return s.rings.length > 0 ? { ...changed(s, []), drawing: [], tool: s.tool === 'corners' ? 'pen' : s.tool } : s;
    case 'undo':
      if (s.drawing.length > 0) return { ...s, drawing: s.drawing.slice(0, -1) };
      return s.past.length > 0 ? { ...s, rings: s.past.at(-1)!, past: s.past.slice(0, -1), chosen: null } : s;
  }
}

const place = (s: MaskEdit): Pixel | undefined => (s.chosen ? s.rings[s.chosen.ring]?.[s.chosen.at] : undefined);

/** A new corner halfway to the next one, for the keyboard. */
function split(s: MaskEdit): MaskEdit {
  const ring = s.chosen && s.rings[s.chosen.ring];
  if (!s.chosen || !ring) return s;
  const between = middle(ring[s.chosen.at]!, ring[(s.chosen.at + 1) % ring.length]!);
  return changed(s, insertCorner(s.rings, s.chosen, between), { ring: s.chosen.ring, at: s.chosen.at + 1 });
}

function nextCorner({ rings, chosen }: MaskEdit, by: 1 | -1): Corner | null {
  const all = rings.flatMap((corners, ring) => corners.map((_, at): Corner => ({ ring, at })));
  const now = chosen ? all.findIndex((c) => c.ring === chosen.ring && c.at === chosen.at) : by > 0 ? -1 : 0;
  return all[(now + by + all.length) % all.length] ?? null;
}

/** What is being drawn, as the outline it would leave. */
export const drawn = (s: MaskEdit): Ring | null => (s.tool === 'pen' ? strokeOf(s.drawing, s.penPx) : polygonOf(s.drawing));

function finish(s: MaskEdit): MaskEdit {
  const ring = drawn(s);
  if (!ring) return { ...s, drawing: [] };
  return { ...changed(s, [...s.rings, ring.map((p) => within(p, s.widthPx, s.heightPx))]), drawing: [] };
}
