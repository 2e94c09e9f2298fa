import { Undo2 } from 'lucide-react';
import { useId, useState } from 'react';
import { useMay } from '../access/may';
import { dateTime } from '../format/time';
import { useT, type Dictionary } from '../i18n';
import { ChangeList } from '../panels/ChangeList';
import type { FieldStore, View } from '../state/store';
import { getBoardHistory, putBoard, undoBoard, type BoardAnswer } from './api';
import type { Item } from './items';
import { followId, followStates, type FollowState } from './types';

interface Props {
  item: Item;
  view: View;
  store: FieldStore;
  crews: string[];
  person: string;
  onAskPerson: () => void;
}

const maxCrew = 100;
const maxNote = 1000;

/** Who is on it, how far they are, and what was said: one row that the whole headquarters shares. */
export function FollowUp({ item, view, store, crews, person, onAskPerson }: Props) {
  const t = useT();
  const may = useMay('board.manage');
  const f = t.board.follow;
  const row = item.follow?.properties;
  const boardId = followId(item.key);
  const [typed, setTyped] = useState<{ crew: string; note: string } | null>(null);
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const crewsId = useId();
  const crew = typed?.crew ?? row?.crew ?? '';
  const note = typed?.note ?? row?.note ?? '';

  const run = async (ask: (who: string) => Promise<BoardAnswer>) => {
    if (!person) return onAskPerson();
    setBusy(true);
    setSaid(null);
    const answer = await ask(person);
    if ((answer.kind === 'done' || answer.kind === 'conflict') && answer.row) store.applyOwn({ kind: 'board', feature: answer.row });
    setBusy(false);
    if (answer.kind === 'done') setTyped(null);
    setSaid(sayFor(t, answer));
  };
  const save = (state: FollowState) => run((who) => putBoard(boardId, { state, crew, note }, row?.revision ?? 0, who));

  return (
    <section className="facts follow" aria-label={f.title}>
      <h3>{f.title}</h3>
      <div className="follow-states" role="group" aria-label={t.board.filters.state}>
        {followStates.map((state) => (
          <button key={state} type="button" className="chip" data-state={item.state === state ? 'on' : 'off'} aria-pressed={item.state === state} disabled={!may || busy} onClick={() => void save(state)}>
            {t.board.state[state]}
          </button>
        ))}
      </div>
      {may ? (
        <form
          className="follow-form"
          onSubmit={(e) => {
            e.preventDefault();
            void save(item.state);
          }}
        >
          <label className="field">
            <span>{f.crew}</span>
            <input value={crew} list={crewsId} maxLength={maxCrew} placeholder={f.crewHint} onChange={(e) => setTyped({ crew: e.currentTarget.value, note })} />
            <datalist id={crewsId}>{crews.map((c) => <option key={c} value={c} />)}</datalist>
          </label>
          <label className="field">
            <span>{f.note}</span>
            <textarea value={note} rows={3} maxLength={maxNote} onChange={(e) => setTyped({ crew, note: e.currentTarget.value })} />
          </label>
          <div className="follow-foot">
            {row && (
              <button type="button" className="text-button" disabled={busy} onClick={() => void run((who) => undoBoard(boardId, row.revision, who))}>
                <Undo2 aria-hidden size={18} /> {f.undo}
              </button>
            )}
            <button type="submit" className="button primary" disabled={busy || typed === null}>
              {busy ? f.saving : f.save}
            </button>
          </div>
        </form>
      ) : (
        <>
          <p className="follow-said">{row ? [crew || f.nobodyAssigned, note].filter(Boolean).join('　') : f.nobody}</p>
          <p className="note">{f.readOnly}</p>
        </>
      )}
      {(said !== null || row?.changedBy || may) && (
        <p className="note" role={said?.bad ? 'alert' : 'status'} data-bad={said?.bad ?? false}>
          {said?.text ?? (row?.changedBy ? f.by(row.changedBy, dateTime(t, row.changedAt)) : f.nobody)}
        </p>
      )}
      {row && view.link !== 'offline' && <FollowHistory key={boardId} boardId={boardId} revision={row.revision} t={t} />}
    </section>
  );
}

function sayFor(t: Dictionary, answer: BoardAnswer): { text: string; bad: boolean } {
  const f = t.board.follow;
  if (answer.kind === 'done') return { text: f.saved, bad: false };
  if (answer.kind === 'failed') return { text: f.failed, bad: true };
  if (answer.kind === 'refused') return { text: answer.error, bad: true };
  const p = answer.row?.properties;
  return { text: f.conflict(p?.changedBy ?? t.field.unknown, p?.state ? t.board.state[p.state] : t.field.unknown), bad: true };
}

function FollowHistory({ boardId, revision, t }: { boardId: string; revision: number; t: Dictionary }) {
  const f = t.board.follow;
  return (
    <ChangeList title={f.history} of={`${boardId}/${revision}`} load={(signal) => getBoardHistory(boardId, signal)}>
      {(c) => (
        <>
          <span className="history-head">
            {c.action === 'undo' && `${f.undone}：`}
            {c.row.properties.removedAt ? f.nobody : c.row.properties.state ? t.board.state[c.row.properties.state] : ''}
            {c.row.properties.crew && `・${c.row.properties.crew}`}
          </span>
          {c.row.properties.note && <span className="history-note">{c.row.properties.note}</span>}
        </>
      )}
    </ChangeList>
  );
}
