import * as Dialog from '@radix-ui/react-dialog';
import { Pencil } from 'lucide-react';
import { useState, type Dispatch } from 'react';
import { useMay } from '../access/may';
import { number } from '../format/numbers';
import { dateTime } from '../format/time';
import { useT } from '../i18n';
import type { FieldStore } from '../state/store';
import type { DialogName, UiAction } from '../state/ui';
import { putBoard } from './api';
import type { BoardCounts, BoardFilters } from './items';
import { StatusReport } from './StatusReport';
import { situationId, type BoardFeature } from './types';
import { useChange } from './useChange';

interface Props {
  situation: BoardFeature | null;
  counts: BoardCounts;
  /** false while reports, alarms and board have not come once */
  isKnown: boolean;
  store: FieldStore;
  person: string;
  /** the board is open: here the situation gets its name */
  isOpen: boolean;
  dialog: DialogName | null;
  act: Dispatch<UiAction>;
}

const filterOf: Record<keyof BoardCounts, Partial<BoardFilters>> = {
  critical: { severity: 'critical', kind: null, state: 'todo', hours: 0 },
  reports: { kind: 'report', severity: null, state: 'open', hours: 0 },
  sensors: { kind: 'sensor', severity: null, state: 'todo', hours: 0 },
  doors: { kind: 'lock', severity: null, state: 'todo', hours: 0 },
};

/** What is going on, and the figures that matter; one touch lists what stands behind a figure. */
export function SituationBar({ situation, counts, isKnown, store, person, isOpen, dialog, act }: Props) {
  const t = useT();
  const may = useMay('board.manage');
  const s = t.board.situation;
  const p = situation?.properties;
  const shown = (Object.keys(filterOf) as (keyof BoardCounts)[]).filter((k) => k !== 'critical' || counts.critical > 0);
  if (!p && !isOpen && shown.every((k) => counts[k] === 0) && dialog !== 'situation' && dialog !== 'statusReport') return null;
  const list = (k: keyof BoardCounts) => {
    act({ do: 'board', filters: filterOf[k] });
    act({ do: 'openTab', tab: 'board' });
  };
  const open = (name: DialogName) => act(person ? { do: 'dialog', dialog: name } : { do: 'askPerson', open: true });
  const close = () => act({ do: 'dialog', dialog: null });
  return (
    <section className="situation" aria-label={s.label}>
      <span className="situation-name" data-none={!p}>
        {p?.title ?? s.none}
        {p?.startedAt && <small>{s.from(dateTime(t, p.startedAt))}</small>}
      </span>
      {may && (
        <button type="button" className="text-button" onClick={() => open('situation')}>
          <Pencil aria-hidden size={16} /> {p ? s.edit : s.set}
        </button>
      )}
      {may && <StatusReport person={person} open={dialog === 'statusReport'} onOpen={(on) => (on ? open('statusReport') : close())} />}
      <span className="grow" />
      {shown.map((k) => (
        <button key={k} type="button" className="situation-count" data-any={counts[k] > 0} data-of={k} onClick={() => list(k)} title={s.show(s.counts[k], isKnown ? number(counts[k]) : t.field.none)}>
          <span>{s.counts[k]}</span>
          <strong>{isKnown ? number(counts[k]) : t.field.none}</strong>
        </button>
      ))}
      <Dialog.Root open={dialog === 'situation'} onOpenChange={(on) => !on && close()}>
        <Dialog.Portal>
          <Dialog.Overlay className="overlay" />
          <Dialog.Content className="dialog form-dialog" data-modal>
            <header>
              <Dialog.Title>{s.title}</Dialog.Title>
            </header>
            <SituationForm key={p?.revision ?? 0} situation={situation} store={store} person={person} onDone={close} />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </section>
  );
}

interface FormProps {
  situation: BoardFeature | null;
  store: FieldStore;
  person: string;
  onDone: () => void;
}

function SituationForm({ situation, store, person, onDone }: FormProps) {
  const t = useT();
  const s = t.board.situation;
  const p = situation?.properties;
  const [name, setName] = useState(p?.title ?? '');
  const [since, setSince] = useState(localOf(p?.startedAt ?? null));
  const change = useChange(store);
  const theirs = change.theirs?.row?.properties;
  const problem = change.theirs ? t.board.follow.conflict(theirs?.changedBy ?? '', theirs?.title ?? '') : change.said;
  const send = (removed: boolean) => {
    const startedAt = since ? `${since}:00+09:00` : null;
    void change.run(() => putBoard(situationId, { title: name, startedAt, removed }, p?.revision ?? 0, person), onDone);
  };
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        if (name.trim()) send(false);
      }}
    >
      <Dialog.Description>{s.hint}</Dialog.Description>
      <label className="field">
        <span>{s.name}</span>
        <input value={name} maxLength={100} placeholder={s.namePlaceholder} onChange={(e) => setName(e.currentTarget.value)} />
      </label>
      <label className="field">
        <span>{s.since}</span>
        <input type="datetime-local" value={since} onChange={(e) => setSince(e.currentTarget.value)} />
      </label>
      {problem && <p className="note" role="alert" data-bad>{problem}</p>}
      <div className="form-foot">
        {p && (
          <button type="button" className="button" onClick={() => send(true)}>
            {s.end}
          </button>
        )}
        <Dialog.Close className="button">{s.cancel}</Dialog.Close>
        <button type="submit" className="button primary" disabled={!name.trim()}>
          {s.save}
        </button>
      </div>
    </form>
  );
}

/** As the input of a time wants it, in Japanese time wherever the screen stands. */
function localOf(iso: string | null): string {
  const ms = iso ? Date.parse(iso) : NaN;
  return Number.isNaN(ms) ? '' : new Date(ms + 9 * 3_600_000).toISOString().slice(0, 16);
}
