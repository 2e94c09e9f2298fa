import * as Dialog from '@radix-ui/react-dialog';
import { Search } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import '../styles/palette.css';
import { search, type Entry } from './search';

const most = 60;

interface Props {
  commands: Entry[];
  /** made when the palette opens, not while it is closed */
  places: () => Entry[];
  onClose: () => void;
}

/** Ctrl+K: every command of the screen and every named thing, by a few letters. Not loaded on demand: what is typed right after the key must not be lost. */
export function Palette({ commands, places, onClose }: Props) {
  const t = useT();
  const p = t.commands;
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [named] = useState(places);
  const found = useMemo(() => (typed.trim() === '' ? commands : [...search(commands, typed), ...search(named, typed)]), [commands, named, typed]);
  const shown = found.slice(0, most);
  const chosen = Math.min(at, shown.length - 1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }); // in newer browsers a promise
  }, [chosen, typed]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    setTimeout(entry.run); // once the focus is back where it was: what opens next keeps it
  };
  const pressed = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return; // the keys of a conversion from kana are not ours
    const to: Record<string, number> = { ArrowDown: (chosen + 1) % shown.length, ArrowUp: (chosen - 1 + shown.length) % shown.length, PageDown: Math.min(chosen + 8, shown.length - 1), PageUp: Math.max(chosen - 8, 0) };
    if (e.key === 'Enter') run(shown[chosen]);
    else if (e.key in to && shown.length > 0) setAt(to[e.key]!);
    else if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') onClose();
    else return;
    e.preventDefault();
  };
  const groups = [...new Set(shown.map((e) => e.group))];
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog palette" aria-describedby={undefined} data-modal onKeyDown={pressed}>
          <Dialog.Title className="visually-hidden">{p.title}</Dialog.Title>
          <label className="palette-field">
            <Search aria-hidden />
            <input role="combobox" aria-expanded={shown.length > 0} aria-controls={`${id}-list`} aria-autocomplete="list" aria-activedescendant={shown.length > 0 ? `${id}-${chosen}` : undefined} aria-label={p.label}
              placeholder={p.placeholder} autoComplete="off" spellCheck={false} maxLength={100} value={typed} onChange={(e) => { setTyped(e.currentTarget.value); setAt(0); }} />
          </label>
          <div ref={list} id={`${id}-list`} className="palette-list" role="listbox" aria-label={p.label} tabIndex={-1}>
            {groups.map((group) => (
              <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
                <div id={`${id}-${group}`} className="palette-group">{p.group[group]}</div>
                {shown.map((entry, i) => entry.group === group && (
                  <div key={entry.id} id={`${id}-${i}`} role="option" aria-selected={i === chosen} className="palette-option" onClick={() => run(entry)} onPointerMove={() => setAt(i)}>
                    <span className="palette-text">{entry.text}</span>
                    {entry.note && <span className="palette-note">{entry.note}</span>}
                    {entry.keys && entry.keys.length > 0 && <span className="palette-keys">{entry.keys.map((key) => <kbd key={key}>{key}</kbd>)}</span>}
                  </div>
                ))}
              </div>
            ))}
          </div>
          <p className="palette-foot" role="status">{found.length === 0 ? p.nothing : found.length > most ? p.first(number(most), number(found.length)) : p.count(number(found.length))}</p>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
