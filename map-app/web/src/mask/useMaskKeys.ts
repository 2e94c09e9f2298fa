import { useEffect, useEffectEvent, type Dispatch } from 'react';
import type { MaskAction, MaskEdit } from './edit';
import { tools } from './MaskTools';

interface Does {
  act: Dispatch<MaskAction>;
  onAccept: () => void;
  onLeave: () => void;
}

const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const far = 10;

/** The keys of the mask editor. Enter first closes what is being drawn. */
export function useMaskKeys(edit: MaskEdit | null, { act, onAccept, onLeave }: Does): void {
  const pressed = useEffectEvent((e: KeyboardEvent) => {
    if (!edit || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.target instanceof Element && e.target.closest('input, textarea, [role="dialog"], [role="listbox"]')) return;
    if (e.key === 'Enter' && e.target instanceof Element && e.target.closest('button, a')) return; // presses what has the focus
    const arrow = arrows[e.key];
    const by = e.shiftKey ? far : 1;
    const run: Record<string, () => void> = {
      enter: () => (edit.drawing.length > 1 ? act({ do: 'finish' }) : onAccept()),
      escape: () => (edit.drawing.length > 0 ? act({ do: 'tool', tool: edit.tool }) : onLeave()),
      z: () => act({ do: 'undo' }),
      n: () => act({ do: 'nextCorner', by: 1 }),
      b: () => act({ do: 'nextCorner', by: -1 }),
      i: () => act({ do: 'split' }),
      delete: () => act({ do: 'delete' }),
      backspace: () => act({ do: 'delete' }),
    };
    tools.forEach((tool, i) => (run[String(i + 1)] = () => act({ do: 'tool', tool })));
    const action = arrow && edit.chosen ? () => act({ do: 'nudge', by: [arrow[0] * by, arrow[1] * by] }) : run[e.key.toLowerCase()];
    if (!action) return;
    e.preventDefault();
    e.stopPropagation();
    action();
  });
  useEffect(() => {
    const listener = (e: KeyboardEvent) => pressed(e);
    window.addEventListener('keydown', listener, { capture: true }); // before the viewer takes the arrows
    return () => window.removeEventListener('keydown', listener, { capture: true });
  }, []);
}
