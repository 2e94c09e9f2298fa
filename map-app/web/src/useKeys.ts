import { useEffect, useEffectEvent, type Dispatch } from 'react';
import type { UiAction, UiState } from './state/ui';

/** One key for each thing. Keys typed into a field, or with a modifier, are left alone. */
export function useKeys(ui: UiState, act: Dispatch<UiAction>, step: (by: 1 | -1) => void, fit: () => void, replay: { atMs: number | null; to: (atMs: null) => void }): void {
  const pressed = useEffectEvent((e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    if (e.target instanceof Element && e.target.closest('input, textarea, select, [role="dialog"][data-modal]')) return;
    if (ui.review || ui.personOpen || (ui.helpOpen && e.key !== '?')) return;
    const run: Record<string, () => void> = {
      j: () => step(1),
      k: () => step(-1),
      m: () => act({ do: 'mask' }),
      v: () => act({ do: 'review', on: true }),
      l: () => act({ do: 'layers' }),
      p: () => act({ do: 'list' }),
      i: () => act({ do: 'openTab', tab: 'board' }),
      t: () => {
        if (ui.slider) replay.to(null);
        act({ do: 'slider' });
      },
      w: () => act({ do: 'draw', on: ui.draw === null }),
      h: () => act({ do: 'impact', on: !ui.impact }),
      g: () => act({ do: 'openTab', tab: 'flights' }),
      f: fit,
      d: () => act({ do: 'theme', theme: ui.theme === 'dark' ? 'light' : 'dark' }),
      e: () => act({ do: 'lang', lang: ui.lang === 'ja' ? 'en' : 'ja' }),
      escape: () => (replay.atMs === null ? act({ do: 'back' }) : replay.to(null)),
      '?': () => act({ do: 'help' }),
    };
    if (ui.route && 'jk'.includes(e.key.toLowerCase())) return; // another choice would close what is being typed
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
