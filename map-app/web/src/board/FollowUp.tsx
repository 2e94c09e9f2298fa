import { Undo2 } from 'lucide-react';
import { useId, useState } from 'react';
import { useMay } from '../access/may';
import type { Answer } from '../api/answer';
import { dateTime } from '../format/time';
import { useT, type Dictionary } from '../i18n';
import { ChangeList } from '../panels/ChangeList';
import type { FieldStore, View } from '../state/store';
import { getBoardHistory, putBoard, undoBoard } from './api';
import type { Item } from './items';
import { followId, followStates, type BoardFeature, type FollowState } from './types';
import { useChange } from './useChange';

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
  const [saved, setSaved] = useState(false);
  const change = useChange(store);
  const { busy } = change;
  const crewsId = useId();
  const crew = typed?.crew ?? row?.crew ?? '';
  const note = typed?.note ?? row?.note ?? '';

  const run = (ask: (who: string) => Promise<Answer<BoardFeature>>) => {
    if (!person) return onAskPerson();
    setSaved(false);
    void change.run(() => ask(person), () => {
      setTyped(null);
      setSaved(true);
    });
  };
  const theirs = change.theirs?.row?.properties;
  const problem = change.theirs ? f.conflict(theirs?.changedBy ?? t.field.unknown, theirs?.state ? t.board.state[theirs.state] : t.field.unknown) : change.said;
  const save = (state: FollowState) => run((who) => putBoard(boardId, { state, crew, note }, row?.revision ?? 0, who));

  return (
    <section className="facts follow" aria-label={f.title}>
      <h3>{f.title}</h3>
      <div className="follow-states" role="group" aria-label={t.board.filters.state}>
        {followStates.map((state) => (
          <button key={state} type="button" className="chip" data-state={item.state === state ? 'on' : 'off'} aria-pressed={item.state === state} disabled={!may || busy} onClick={() => save(state)}>
            {t.board.state[state]}
          </button>
        ))}
      </div>
      {may ? (
        <form
          className="follow-form"
          onSubmit={(e) => {
            e.preventDefault();
            save(item.state);
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
              <button type="button" className="text-button" disabled={busy} onClick={() => run((who) => undoBoard(boardId, row.revision, who))}>
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
      {(problem !== null || saved || row?.changedBy || may) && (
        <p className="note" role={problem !== null ? 'alert' : 'status'} data-bad={problem !== null}>
          {problem ?? (saved ? f.saved : row?.changedBy ? f.by(row.changedBy, dateTime(t, row.changedAt)) : f.nobody)}
        </p>
      )}
      {row && view.link !== 'offline' && <FollowHistory key={boardId} boardId={boardId} revision={row.revision} t={t} />}
    </section>
  );
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
