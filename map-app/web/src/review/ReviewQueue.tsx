import * as ToggleGroup from '@radix-ui/react-toggle-group';
import { useEffect, useMemo, useRef } from 'react';
import type { FindingFeature } from '../api/types';
import { assetName, assetPlace } from '../format/asset';
import { figures, number, percent } from '../format/numbers';
import { useT, wording } from '../i18n';
import { FindingBadge } from '../panels/Badge';
import { Choice } from '../panels/Choice';
import { DegreeTag } from '../panels/DegreeTag';
import { Empty, Failed, Loading } from '../panels/States';
import type { View } from '../state/store';
import { worstLetter } from './degree';
import { none, type StatusChoice } from './queue';
import type { Review } from './useReview';

const page = 50;

/** What waits for a decision, the most urgent first. */
export function ReviewQueue({ review, view, onRetry }: { review: Review; view: View; onRetry: () => void }) {
  const t = useT();
  const { queue, at, filter } = review;
  return (
    <nav className="review-queue" aria-label={t.review.queue}>
      <QueueFilters review={review} view={view} />
      {queue.length > 0 ? (
        <QueuePage review={review} view={view} />
      ) : view.load.findings === 'loading' ? (
        <Loading />
      ) : view.load.findings === 'failed' ? (
        <Failed title={t.list.failed} hint={t.list.failedHint} onRetry={onRetry} />
      ) : (
        <div className="scroll">
          <Empty title={filter.status === 'draft' && review.drafts === 0 ? t.review.done : t.review.noMatch}>
            {review.drafts > 0 && (
              <button type="button" className="button" onClick={() => review.setFilter({ status: 'draft', class: null, asset: null, degree: null })}>
                {t.list.clearFilters}
              </button>
            )}
          </Empty>
        </div>
      )}
      <p className="visually-hidden" role="status">
        {at >= 0 && t.review.positionLabel(number(at + 1), number(queue.length))}
      </p>
    </nav>
  );
}

const statuses: StatusChoice[] = ['draft', 'decided', 'rejected', 'all'];

function QueueFilters({ review, view }: { review: Review; view: View }) {
  const t = useT();
  const { filter, setFilter } = review;
  const choices = useMemo(() => {
    const all = view.findings.values().map((f) => f.properties);
    const distinct = (of: (p: (typeof all)[number]) => string) => [...new Set(all.map(of))].sort();
    return { classes: distinct((p) => p.class), assets: distinct((p) => p.assetId ?? none), degrees: distinct((p) => worstLetter(p) ?? none) };
  }, [view]);
  const withAll = (options: [string, string][]): [string, string][] => [['', t.review.all], ...options];
  return (
    <div className="queue-filters">
      <ToggleGroup.Root type="single" className="chips segmented" aria-label={t.review.filterStatus} value={filter.status} onValueChange={(v) => v && setFilter({ status: v as StatusChoice })}>
        {statuses.map((status) => (
          <ToggleGroup.Item key={status} className="chip" value={status}>
            {t.review.statusChoice[status]}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      <div className="choices">
        <Choice label={t.review.filterAsset} value={filter.asset ?? ''} onChange={(v) => setFilter({ asset: v || null })}
          options={withAll(choices.assets.map((id) => [id, id === none ? t.review.noAsset : assetName(t, id, view.assets.get(id))]))} />
        <Choice label={t.review.filterClass} value={filter.class ?? ''} onChange={(v) => setFilter({ class: v || null })} options={withAll(choices.classes.map((c) => [c, wording(t.className, c)]))} />
        <Choice label={t.review.filterDegree} value={filter.degree ?? ''} onChange={(v) => setFilter({ degree: v || null })} options={withAll(choices.degrees.map((d) => [d, d === none ? t.review.noDegree : d]))} />
      </div>
    </div>
  );
}

/** The part of the queue round the current finding: what is drawn does not grow with the queue. */
function QueuePage({ review, view }: { review: Review; view: View }) {
  const t = useT();
  const { queue, at, current, open } = review;
  const start = Math.floor(Math.max(at, 0) / page) * page;
  const range = (from: number) => `${number(from + 1)}–${number(Math.min(from + page, queue.length))}`;
  const here = useRef<HTMLButtonElement>(null);
  const id = current?.properties.findingId;
  useEffect(() => {
    here.current?.scrollIntoView({ block: 'nearest' });
  }, [id]);
  return (
    <ul className="rows scroll" tabIndex={-1}>
      {start > 0 && <Jump text={t.review.earlier(range(start - page))} run={() => open(queue[start - 1]!.properties.findingId)} />}
      {queue.slice(start, start + page).map((f) => (
        <li key={f.properties.findingId}>
          <QueueRow finding={f} view={view} self={f.properties.findingId === id ? here : null} onOpen={open} />
        </li>
      ))}
      {start + page < queue.length && <Jump text={t.review.later(range(start + page))} run={() => open(queue[start + page]!.properties.findingId)} />}
    </ul>
  );
}

const Jump = ({ text, run }: { text: string; run: () => void }) => (
  <li>
    <button type="button" className="button wide" onClick={run}>
      {text}
    </button>
  </li>
);

function QueueRow({ finding, view, self, onOpen }: { finding: FindingFeature; view: View; self: React.Ref<HTMLButtonElement> | null; onOpen: (id: string) => void }) {
  const t = useT();
  const p = finding.properties;
  const size = [p.lengthM != null && t.list.length(figures(p.lengthM)), p.resolvable === false ? t.list.widthUnknown : p.maxWidthMm != null && t.list.width(number(p.maxWidthMm, 1))];
  return (
    <button type="button" ref={self} className="row" aria-current={self !== null} onClick={() => onOpen(p.findingId)}>
      <FindingBadge score={p.score} className={p.class} />
      <span className="row-main">
        <span className="row-title">{wording(t.className, p.class)}</span>
        <span className="row-note">{size.filter(Boolean).join('・') || t.field.none}</span>
        <span className="row-note quiet">{assetPlace(t, p, view.assets)?.where ?? t.review.noAsset}</span>
      </span>
      <span className="row-figure">
        <DegreeTag p={p} />
        <small className="quiet">
          <span className="visually-hidden">{t.field.score}</span>
          {percent(p.score)}
        </small>
      </span>
    </button>
  );
}
