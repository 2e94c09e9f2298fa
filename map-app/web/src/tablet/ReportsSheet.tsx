import { TriangleAlert, X } from 'lucide-react';
import { useMemo } from 'react';
import { reportTitle } from '../format/reportWords';
import { ago } from '../format/time';
import { useLang, useT } from '../i18n';
import { Empty } from '../panels/States';
import type { View } from '../state/store';
import { useNow } from '../useNow';
import { reportsOf, type SharedReport, type Version } from './versions';

const mostShown = 50;

interface Props {
  view: View;
  labels: ReadonlyMap<string, string>;
  onShow: (place: [number, number]) => void;
  onAmend: (report: SharedReport, version: Version) => void;
  onClose: () => void;
}

/** Everybody's reports, the newest first. Corrections that contradict each other stand side by side. */
export function ReportsSheet({ view, labels, onShow, onAmend, onClose }: Props) {
  const t = useT();
  const now = useNow();
  const lang = useLang();
  const reports = useMemo(() => reportsOf(view.events.values()).sort((a, b) => b.heads.at(-1)!.time.localeCompare(a.heads.at(-1)!.time)), [view]);
  const o = t.tablet.outbox;
  return (
    <aside className="tablet-sheet reports-sheet" aria-label={t.tablet.map.reports}>
      <header>
        <h2>{t.tablet.map.reports}</h2>
        <button type="button" className="tool icon" onClick={onClose} aria-label={t.shortcuts.close}>
          <X aria-hidden />
        </button>
      </header>
      {reports.length === 0 && <Empty title={t.tablet.map.noReports} />}
      <ul>
        {reports.slice(0, mostShown).map((report) => (
          <li key={report.root} data-conflict={report.heads.length > 1}>
            {report.heads.length > 1 && (
              <p className="warn" role="note">
                <TriangleAlert aria-hidden size={20} /> {o.versions}
              </p>
            )}
            <div className="versions">
              {report.heads.map((version) => (
                <article key={version.id}>
                  <strong>{reportTitle(t.tablet.category, o.report, lang, version.category, version.labels)}</strong>
                  {version.severity && <span className="version-severity">{t.tablet.severity[version.severity]}</span>}
                  <p>{version.note}</p>
                  <small>{o.version(version.who ?? labels.get(version.device) ?? version.device, ago(t, version.time, now))}</small>
                  <div className="place-buttons">
                    {version.place && (
                      <button type="button" className="button" onClick={() => onShow([version.place!.lon, version.place!.lat])}>
                        {t.tablet.assets.show}
                      </button>
                    )}
                    <button type="button" className="button" onClick={() => onAmend(report, version)}>
                      {o.amend}
                    </button>
                  </div>
                </article>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </aside>
  );
}
