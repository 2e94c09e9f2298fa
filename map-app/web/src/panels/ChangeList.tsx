import { useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import { dateTime } from '../format/time';
import { useT } from '../i18n';
import { Loading } from './States';

/** What every change of a row tells. */
export interface RowChange {
  n: number;
  who?: string | null;
  at?: string | null;
}

interface Props<C extends RowChange> {
  title: string;
  /** read again when it is another: the row and its revision */
  of: string;
  load: (signal: AbortSignal) => Promise<C[]>;
  /** what a change did, given the one before it */
  children: (change: C, before: C | null) => ReactNode;
  /** above the changes, once they are there */
  head?: (changes: C[]) => ReactNode;
}

/** The changes of a row, read when they are opened, the newest first. */
export function ChangeList<C extends RowChange>({ title, of, load, children, head }: Props<C>) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [read, setRead] = useState<{ of: string; changes: C[] | 'failed' } | null>(null);
  const ask = useEffectEvent(load);
  useEffect(() => {
    if (!open) return;
    const abort = new AbortController();
    ask(abort.signal).then(
      (changes) => setRead({ of, changes }),
      () => !abort.signal.aborted && setRead({ of, changes: 'failed' }),
    );
    return () => abort.abort();
  }, [open, of, attempt]);
  const changes = read?.of === of ? read.changes : null;
  return (
    <details className="change-list" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{title}</summary>
      {open && changes === null && <Loading rows={1} />}
      {changes === 'failed' && (
        <p className="note">
          {t.review.historyFailed} <button type="button" className="text-button" onClick={() => setAttempt((n) => n + 1)}>{t.list.retry}</button>
        </p>
      )}
      {Array.isArray(changes) && head?.(changes)}
      <ol className="history">
        {Array.isArray(changes) && changes.map((change, at) => (
          <li key={change.n}>
            {children(change, changes[at - 1] ?? null)}
            {change.who && <span className="quiet">{t.board.follow.by(change.who, dateTime(t, change.at))}</span>}
          </li>
        )).toReversed()}
      </ol>
    </details>
  );
}
