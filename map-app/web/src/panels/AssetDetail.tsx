import { Drone } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMay } from '../access/may';
import type { AssetProperties, FindingFeature } from '../api/types';
import { assetName, markText } from '../format/asset';
import { number } from '../format/numbers';
import { dateTime } from '../format/time';
import { useT, wording, type Dictionary } from '../i18n';
import { rank } from '../review/queue';
import type { View } from '../state/store';
import type { Selection } from '../state/ui';
import { useNow } from '../useNow';
import { Fact } from './facts';
import { FormButtons } from './FormButtons';
import { FindingRow } from './rows';
import { Empty, Failed, Loading } from './States';

const shownFindings = 100;

interface Props {
  view: View;
  assetId: string;
  onSelect: (selection: Selection) => void;
  onRetry: () => void;
  onRoute: () => void;
}

/** An asset: what the ledger says of it, and what was found on it. */
export function AssetDetail({ view, assetId, onSelect, onRetry, onRoute }: Props) {
  const t = useT();
  const now = useNow();
  const mayPlan = useMay('routes.plan');
  const mayExport = useMay('forms.export');
  const asset = view.assets.get(assetId);
  const p = asset?.properties;
  const findings = p ? rank(view.findings.values().filter(on(p))) : [];
  if (!p) {
    if (view.load.assets === 'loading') return <Loading />;
    return view.load.assets === 'failed' ? <Failed title={t.list.failed} hint={t.list.failedHint} onRetry={onRetry} /> : <Empty title={t.drawer.gone} hint={t.drawer.goneHint} />;
  }
  const shown = findings.filter((f) => f.properties.status !== 'rejected');
  return (
    <>
      <section className="facts">
        <div className="facts-head">
          <h3>{assetName(t, assetId, asset)}</h3>
          <span className="quiet">{wording(t.review.assets.kind, p.kind)}</span>
        </div>
        {asset.geometry === null && <p className="note">{t.review.assets.noGeometry}</p>}
        <dl>{ledgerFacts(t, p)}</dl>
      </section>
      {mayPlan && canPlan(p.kind) && (
        <div className="review-offer">
          <button type="button" className="button primary" onClick={onRoute}>
            <Drone aria-hidden size={20} /> {t.routes.open}
          </button>
        </div>
      )}
      {mayExport && <FormButtons asset={p} />}
      <section className="facts">
        <h3>
          {t.review.assets.findings} <small>{t.list.count(number(shown.length))}</small>
        </h3>
        {findings.length === 0 && <p className="note">{t.review.assets.none}</p>}
        {findings.length > 0 && <DegreeCounts findings={findings} />}
        <ul className="rows inset">
          {shown.slice(0, shownFindings).map((f) => (
            <li key={f.properties.findingId}>
              <FindingRow finding={f} photo={view.photos.get(f.properties.photoId)} chosen={false} now={now} onSelect={onSelect} />
            </li>
          ))}
        </ul>
      </section>
      {p.attributes && Object.keys(p.attributes).length > 0 && (
        <section className="facts">
          <h3>{t.review.assets.ledger}</h3>
          <dl>
            {Object.entries(p.attributes).map(([name, value]) => (
              <Fact key={name} name={name}>
                {plain(value)}
              </Fact>
            ))}
          </dl>
        </section>
      )}
    </>
  );
}

const canPlan = (kind: string) => kind === 'levee' || kind === 'bridge';

/** Whether a finding lies on an asset; on a distance mark: between it and the next one. */
const on = (a: AssetProperties) => ({ properties: f }: FindingFeature) =>
  a.kind === 'mark' ? f.markKm != null && f.markKm === a.km && f.river === a.river && f.bank === a.bank : f.assetId === a.assetId || f.elementId === a.assetId;

const plain = (value: unknown) => (value === null || value === '' ? '—' : typeof value === 'string' ? value : JSON.stringify(value));

function ledgerFacts(t: Dictionary, p: AssetProperties): ReactNode {
  const a = t.review.assets;
  const facts: [string, string | null | undefined][] = [
    [a.ledgerId, p.ledgerId],
    [a.parent, p.parent],
    [a.river, p.river],
    [a.bank, p.bank && t.asset.bank[p.bank]],
    [a.km, p.km == null ? null : markText(p.km, 0)],
    [a.range, p.startKm == null || p.endKm == null ? null : `${markText(p.startKm, 0)} – ${markText(p.endKm, 0)}`],
    [a.source, p.source],
    [a.importedAt, p.importedAt && dateTime(t, p.importedAt)],
  ];
  return facts.map(([name, value]) => value && <Fact key={name} name={name}>{value}</Fact>);
}

/** How many of each decided degree, the worst first, then what waits and what was rejected. */
function DegreeCounts({ findings }: { findings: FindingFeature[] }) {
  const t = useT();
  const counts = new Map<string, number>();
  for (const { properties: f } of findings) {
    const key = f.status === 'draft' ? t.review.assets.undecided : f.status === 'rejected' ? t.review.status.rejected : (f.degree ?? t.review.assets.ungraded);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const letters = [...'edcba'].filter((l) => counts.has(l));
  const others = [t.review.assets.ungraded, t.review.assets.undecided, t.review.status.rejected].filter((k) => counts.has(k));
  return (
    <dl className="degree-counts" aria-label={t.review.assets.byDegree}>
      {[...letters, ...others].map((key) => (
        <div key={key} data-letter={letters.includes(key)}>
          <dt>{key}</dt>
          <dd>
            {number(counts.get(key)!)}
            {t.unit.items && <small>{t.unit.items}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
