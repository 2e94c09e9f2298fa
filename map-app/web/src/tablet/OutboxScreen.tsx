import { Check, CircleAlert, ClipboardList, Clock, LoaderCircle, Navigation, RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Outbox, OutboxView } from '../edge/outbox';
import { fileSize, number, percent } from '../format/numbers';
import { reportTitle } from '../format/reportWords';
import { ago } from '../format/time';
import { useLang, useT, type Dictionary } from '../i18n';
import { Empty, Loading } from '../panels/States';
import { useNow } from '../useNow';
import type { Group, Shown } from './groups';
import { Picture } from './PhotoField';

interface Props {
  outbox: Outbox;
  view: OutboxView;
  groups: Group[];
  onAmend: (group: Group) => void;
}

/** Everything that was made on this tablet, and what became of it. */
export function OutboxScreen({ outbox, view, groups, onAmend }: Props) {
  const t = useT();
  const o = t.tablet.outbox;
  const space = useSpace(view);
  return (
    <section className="tablet-page outbox" aria-label={o.title}>
      <header className="page-head">
        <h2>{o.title}</h2>
        <p className="quiet">{o.storedHint}</p>
        <button type="button" className="button" onClick={() => outbox.nudge()}>
          <RefreshCw aria-hidden size={20} /> {o.sendNow}
        </button>
      </header>
      {view.others > 0 && <p className="page-note">{t.tablet.line.others(number(view.others))}</p>}
      {view.items === null ? (
        <Loading />
      ) : groups.length === 0 ? (
        <Empty title={o.empty} hint={o.emptyHint} />
      ) : (
        <ul className="outbox-list">
          {groups.map((group) => (
            <Line key={group.key} {...{ outbox, group, onAmend }} />
          ))}
        </ul>
      )}
      <footer className="page-foot quiet">
        {space && <span>{o.space(fileSize(space.used), fileSize(space.free))}</span>}
        {view.device && <span>{o.device(view.device)}</span>}
      </footer>
    </section>
  );
}

function Line({ outbox, group, onAmend }: { outbox: Outbox; group: Group; onAmend: (group: Group) => void }) {
  const t = useT();
  const o = t.tablet.outbox;
  const now = useNow();
  const lang = useLang();
  const report = group.head.report;
  const bad = group.parts.filter((p) => p.state === 'rejected');
  const title = report ? reportTitle(t.tablet.category, o.report, lang, report.category, report.form?.labels ?? {}) : o.track;
  return (
    <li data-state={group.state} data-key={group.key}>
      <span className="outbox-picture">{report?.photoIds[0] ? <Picture outbox={outbox} photoId={report.photoIds[0]} /> : report ? <ClipboardList aria-hidden size={28} /> : <Navigation aria-hidden size={28} />}</span>
      <span className="outbox-text">
        <strong>{report?.amends ? `${title}（${t.tablet.report.amending}）` : title}</strong>
        <span>{report ? report.note : o.trackPoints(number(group.parts.reduce((sum, p) => sum + (p.track?.points.length ?? 0), 0)))}</span>
        <small>
          {[ago(t, group.head.at, now), group.photos > 0 && o.photosOf(number(group.photosStored), number(group.photos)), report && report.missingPhotos.length > 0 && o.missing(number(report.missingPhotos.length))]
            .filter(Boolean)
            .join('・')}
        </small>
        {bad.map((item) => (
          <small key={item.key} className="field-problem" role="alert">
            {o.reason[item.reason ?? ''] ?? o.otherReason(item.reason ?? '')}
          </small>
        ))}
      </span>
      <span className="outbox-actions">
        {bad.length > 0 && (
          <button type="button" className="button" onClick={() => bad.forEach((item) => void outbox.retry(item.key))}>
            {o.retry}
          </button>
        )}
        {report && group.state === 'stored' && (
          <button type="button" className="text-button" onClick={() => onAmend(group)}>
            {o.amend}
          </button>
        )}
        <State t={t} state={group.state} share={group.share} />
      </span>
    </li>
  );
}

function State({ t, state, share }: { t: Dictionary; state: Shown; share: number | null }) {
  const Icon = { waiting: Clock, sending: LoaderCircle, stored: Check, rejected: CircleAlert }[state];
  return (
    <span className="item-state" data-state={state}>
      <Icon aria-hidden size={20} className={state === 'sending' ? 'spin' : undefined} /> {t.tablet.outbox.state[state]}
      {state === 'sending' && share !== null && ` ${percent(share)}`}
    </span>
  );
}

/** What the browser gives us, asked again when the outbox changed. */
function useSpace(view: OutboxView): { used: number; free: number } | null {
  const [space, setSpace] = useState<{ used: number; free: number } | null>(null);
  const { items } = view;
  useEffect(() => {
    let gone = false;
    void navigator.storage?.estimate?.().then(({ usage, quota }) => !gone && usage !== undefined && quota !== undefined && setSpace({ used: usage, free: Math.max(0, quota - usage) }), () => undefined);
    return () => void (gone = true);
  }, [items]);
  return space;
}
