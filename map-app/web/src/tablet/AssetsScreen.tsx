import { ClipboardPlus, MapPin, Search } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { AssetFeature } from '../api/types';
import { assetName } from '../format/asset';
import { number } from '../format/numbers';
import { useT, wording } from '../i18n';
import { Empty, Failed, Loading } from '../panels/States';
import type { View } from '../state/store';
import { assetDistanceM } from './here';
import type { Fix } from './usePosition';

const mostShown = 60;

interface Props {
  view: View;
  fix: Fix | null;
  onRetry: () => void;
  onReport: (asset: AssetFeature, name: string) => void;
  onShow: (asset: AssetFeature) => void;
}

/** The ledger, the nearest first: what is this, and let me report on it. */
export function AssetsScreen({ view, fix, onRetry, onReport, onShow }: Props) {
  const t = useT();
  const a = t.tablet.assets;
  const [typed, setTyped] = useState('');
  const [byName, setByName] = useState(false);
  const wanted = useDeferredValue(typed.trim().toLowerCase());
  const all = view.assets.values();
  const at = fix && !byName ? { lon: Math.round(fix.lon * 2e4) / 2e4, lat: Math.round(fix.lat * 2e4) / 2e4 } : null; // some 5 m: the list does not jump about
  const [lon, lat] = [at?.lon ?? null, at?.lat ?? null];
  const found = useMemo(() => {
    const rows = all
      .filter((f) => f.properties.kind !== 'mark')
      .map((asset) => ({ asset, name: assetName(t, asset.properties.assetId, asset), distanceM: lon === null || lat === null ? null : assetDistanceM(lon, lat, asset) }))
      .filter((row) => wanted === '' || row.name.toLowerCase().includes(wanted) || row.asset.properties.ledgerId.toLowerCase().includes(wanted));
    return rows.sort((x, y) => (x.distanceM !== null && y.distanceM !== null ? x.distanceM - y.distanceM : x.name.localeCompare(y.name, 'ja')));
  }, [all, wanted, lon, lat, t]);
  return (
    <section className="tablet-page assets-page" aria-label={a.title}>
      <header className="page-head">
        <h2>{a.title}</h2>
        <label className="search-field">
          <Search aria-hidden size={20} />
          <span className="visually-hidden">{a.search}</span>
          <input type="search" value={typed} placeholder={a.search} onChange={(e) => setTyped(e.target.value)} />
        </label>
        <button type="button" className="button" aria-pressed={byName} onClick={() => setByName(!byName)}>
          {byName || !fix ? a.byName : a.near}
        </button>
      </header>
      {view.link !== 'live' && all.length > 0 && <p className="page-note">{a.stale}</p>}
      {all.length === 0 && view.load.assets === 'loading' && <Loading />}
      {all.length === 0 && view.load.assets === 'failed' && <Failed title={t.list.failed} hint={t.list.failedHint} onRetry={onRetry} />}
      {all.length === 0 && view.load.assets === 'loaded' && <Empty title={a.empty} />}
      {all.length > 0 && found.length === 0 && <Empty title={a.none} />}
      <ul className="asset-list">
        {found.slice(0, mostShown).map(({ asset, name, distanceM }) => (
          <li key={asset.properties.assetId}>
            <span className="asset-text">
              <strong>{name}</strong>
              <small>
                {[wording(t.review.assets.kind, asset.properties.kind), asset.properties.river, distanceM !== null && Number.isFinite(distanceM) && t.tablet.map.away(number(distanceM))].filter(Boolean).join('・')}
              </small>
            </span>
            <button type="button" className="button" onClick={() => onShow(asset)} disabled={asset.geometry === null}>
              <MapPin aria-hidden size={20} /> {a.show}
            </button>
            <button type="button" className="button primary" onClick={() => onReport(asset, name)}>
              <ClipboardPlus aria-hidden size={20} /> {a.report}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
