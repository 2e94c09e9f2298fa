import { CloudUpload, LoaderCircle, TriangleAlert, UsersRound } from 'lucide-react';
import type { FindingFeature } from '../api/types';
import { number } from '../format/numbers';
import { ago } from '../format/time';
import { useT, wording, type Dictionary } from '../i18n';
import { useNow } from '../useNow';
import { isDecided } from './degree';
import type { Outgoing } from './outbox';
import type { Review } from './useReview';

/** Decisions that are not with the server yet: those on their way quietly, those that need the person one by one. */
export function Notices({ review }: { review: Review }) {
  const parked = review.outgoing.filter((e) => e.state === 'conflict' || e.state === 'refused');
  const first = parked[0];
  return (
    <>
      <Waiting review={review} />
      {first && (first.state === 'conflict' ? <Conflict key={first.key} entry={first} review={review} /> : <Refused key={first.key} entry={first} review={review} />)}
    </>
  );
}

/** Not shown for a decision that leaves at once: only what waits is worth a line. */
export function Waiting({ review }: { review: Review }) {
  const t = useT();
  const waiting = review.outgoing.filter((e) => e.state === 'waiting' || e.state === 'sending');
  const stuck = waiting.length > 1 || waiting.some((e) => e.state === 'waiting');
  return (
    <div role="status">
      {stuck && (
        <div className="linkbar outbox-bar">
          {waiting.some((e) => e.state === 'sending') ? <LoaderCircle aria-hidden className="spin" size={18} /> : <CloudUpload aria-hidden size={18} />}
          <strong>{t.review.waiting(number(waiting.length))}</strong>
          <span>{t.review.waitingHint}</span>
          <span className="grow" />
          <button type="button" className="text-button" onClick={() => review.outbox.retryNow()}>
            {t.review.retry}
          </button>
        </div>
      )}
    </div>
  );
}

/** What somebody decided, in one line. */
function decisionText(t: Dictionary, { properties: p }: FindingFeature): string {
  return [wording(t.review.status, p.status), wording(t.className, p.class), p.degree && t.review.degree(p.degree)].filter(Boolean).join('・');
}

function ownText(t: Dictionary, { decision: d }: Outgoing): string {
  return [wording(t.review.action, d.action), d.class && wording(t.className, d.class), d.degree && t.review.degree(d.degree), d.elementId, d.pixelRings && t.review.column['pixelRings'], d.note && `「${d.note}」`].filter(Boolean).join('・');
}

function Conflict({ entry, review }: { entry: Outgoing; review: Review }) {
  const t = useT();
  const now = useNow();
  const other = entry.other;
  const decided = other !== null && isDecided(other.properties);
  return (
    <section className="notice" role="alert">
      <UsersRound aria-hidden size={22} />
      <div>
        <h3>{decided ? t.review.conflict : t.review.conflictChanged}</h3>
        <dl>
          <div>
            <dt>{decided ? t.review.theirs : t.review.now}</dt>
            <dd>
              {other ? decisionText(t, other) : t.field.unknown}
              {decided && other.properties.decidedBy && (
                <span className="quiet">
                  {`　${other.properties.decidedBy}　${ago(t, other.properties.decidedAt, now)}`}
                </span>
              )}
              {decided && other.properties.decisionNote && <span className="history-note">{other.properties.decisionNote}</span>}
            </dd>
          </div>
          <div>
            <dt>{t.review.mine}</dt>
            <dd>{ownText(t, entry)}</dd>
          </div>
        </dl>
        <div className="notice-foot">
          <button type="button" className="button primary" onClick={() => review.outbox.drop(entry.key)}>
            {decided ? t.review.keepTheirs : t.review.keepNow}
          </button>
          <button type="button" className="button" onClick={() => review.outbox.insist(entry.key)}>
            {t.review.insist}
          </button>
          <button type="button" className="button" onClick={() => review.reopen(entry)}>
            {t.review.refusedFix}
          </button>
        </div>
      </div>
    </section>
  );
}

function Refused({ entry, review }: { entry: Outgoing; review: Review }) {
  const t = useT();
  return (
    <section className="notice" role="alert">
      <TriangleAlert aria-hidden size={22} />
      <div>
        <h3>{t.review.refused}</h3>
        <p className="notice-errors">{entry.error || t.field.unknown}</p>
        <p className="quiet">
          {t.review.mine}：{ownText(t, entry)}
        </p>
        <div className="notice-foot">
          <button type="button" className="button primary" onClick={() => review.reopen(entry)}>
            {t.review.refusedFix}
          </button>
          <button type="button" className="button" onClick={() => review.outbox.drop(entry.key)}>
            {t.review.drop}
          </button>
        </div>
      </div>
    </section>
  );
}
