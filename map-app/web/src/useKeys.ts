import { useEffect, useEffectEvent } from 'react';
import { commands, type CommandId, type Runs } from './commands/table';
import type { UiState } from './state/ui';

const commandOf = new Map<string, CommandId>(commands.flatMap((c) => (c.press ? [[c.press, c.id]] : [])));

/** One key for each command that has one. Keys typed into a field are left alone, unless Ctrl is held. */
export function useKeys(ui: UiState, runs: Runs): void {
  const pressed = useEffectEvent((e: KeyboardEvent) => {
    if (e.altKey || e.defaultPrevented) return;
    const withCtrl = e.ctrlKey || e.metaKey;
    if (e.target instanceof Element && e.target.closest(withCtrl ? '[role="dialog"][data-modal]' : 'input, textarea, select, [role="dialog"][data-modal]')) return;
    if (ui.review || ui.personOpen || ui.dialog || (ui.helpOpen && e.key !== '?')) return;
    const id = commandOf.get(`${withCtrl ? 'ctrl+' : ''}${e.key.toLowerCase()}`);
    const run = id && runs[id];
    if (!run) return;
    e.preventDefault();
    run();
  });
  useEffect(() => {
    const listener = (e: KeyboardEvent) => pressed(e);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
