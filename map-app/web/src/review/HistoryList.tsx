import { useEffect, useState } from 'react';
import { getHistory } from '../api/decisions';
import type { FindingFeature, PastDecision } from '../api/types';
import { dateTime } from '../format/time';
import { useT, wording, type Dictionary } from '../i18n';
import { Loading } from '../panels/States';

/** Who decided what and when, the newest first. */
export function HistoryList({ finding }: { finding: FindingFeature }) {
  const t = useT();
  const { findingId, decisionCount, status, model, revision } = finding.properties;
  const any = (decisionCount ?? 0) > 0 || status !== 'draft';
  const [read, setRead] = useState<{ revision: number; decisions: PastDecision[] | null } | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!any) return;
    const abort = new AbortController();
    getHistory(findingId, abort.signal).then(
      (history) => setRead({ revision, decisions: history?.decisions ?? [] }),
      () => !abort.signal.aborted && setRead({ revision, decisions: null }),
    );
    return () => abort.abort();
  }, [findingId, any, revision, attempt]);
  return (
    <section className="facts">
      <h3>{t.review.history}</h3>
      {any && read === null && <Loading rows={1} />}
      {any && read?.decisions === null && (
        <p className="note">
          {t.review.historyFailed}{' '}
          <button type="button" className="text-button" onClick={() => setAttempt((n) => n + 1)}>
            {t.list.retry}
          </button>
        </p>
      )}
      <ol className="history">
        {any && [...(read?.decisions ?? [])].reverse().map((d) => <Entry key={d.n} decision={d} t={t} />)}
        <li>
          <span className="history-head">{t.review.model}</span>
          <span className="quiet">{model ?? t.field.unknown}</span>
          {!any && <span className="quiet">{t.review.historyNone}</span>}
        </li>
      </ol>
    </section>
  );
}

function Entry({ decision: d, t }: { decision: PastDecision; t: Dictionary }) {
  return (
    <li>
      <span className="history-head">
        {wording(t.review.action, d.action)} — {d.who}
      </span>
      <span className="quiet">{dateTime(t, d.at)}</span>
      {changes(t, d).map((line) => (
        <span key={line}>{line}</span>
      ))}
      {d.note && <span className="history-note">{d.note}</span>}
    </li>
  );
}

/** What a decision changed, in words; what nobody reads (numbers that follow from the mask) is left out. */
function changes(t: Dictionary, { before, after }: PastDecision): string[] {
  const value = (name: string, v: unknown): string => {
    if (name === 'pixelRings') return t.review.maskEdited;
    if (typeof v !== 'string') return t.field.none;
    return name === 'class' ? wording(t.className, v) : v;
  };
  return ['class', 'degree', 'assetId', 'elementId', 'pixelRings']
    .filter((name) => after && Object.hasOwn(after, name) && JSON.stringify(before?.[name]) !== JSON.stringify(after[name]))
    .map((name) => {
      const was = before?.[name];
      const is = value(name, after![name]);
      const arrow = was == null || name === 'pixelRings' ? is : `${value(name, was)} → ${is}`;
      return `${wording(t.review.column, name)}：${arrow}`;
    });
}
