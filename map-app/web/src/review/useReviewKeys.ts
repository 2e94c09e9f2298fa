import { useEffect, useEffectEvent } from 'react';

export interface ReviewCommands {
  next: () => void;
  previous: () => void;
  degree: (index: number) => void;
  accept: () => void;
  reject: () => void;
  edit: () => void;
  change: () => void;
  undo: () => void;
  mask: () => void;
  photo: (by: 1 | -1) => void;
  list: () => void;
  help: () => void;
  close: () => void;
}

/** One key for each command. Keys typed into a field, with a modifier, or meant for a dialog are left alone. */
export function useReviewKeys(active: boolean, does: ReviewCommands): void {
  const pressed = useEffectEvent((e: KeyboardEvent) => {
    if (!active || e.ctrlKey || e.metaKey || e.altKey || e.repeat && !'jk[]'.includes(e.key)) return;
    if (e.target instanceof Element && e.target.closest('input, textarea, [role="dialog"], [role="listbox"]')) return;
    if (e.key === 'Escape' && e.defaultPrevented) return;
    const run: Record<string, () => void> = {
      j: does.next,
      k: does.previous,
      c: does.accept,
      r: does.reject,
      e: does.edit,
      t: does.change,
      z: does.undo,
      m: does.mask,
      p: does.list,
      '[': () => does.photo(-1),
      ']': () => does.photo(1),
      '?': does.help,
      escape: does.close,
    };
    for (let i = 1; i <= 5; i++) run[String(i)] = () => does.degree(i - 1);
    const action = run[e.key.toLowerCase()];
    if (!action) return;
    e.preventDefault();
    action();
  });
  useEffect(() => {
    const listener = (e: KeyboardEvent) => pressed(e);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
