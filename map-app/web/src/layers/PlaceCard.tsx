import { TriangleAlert, X } from 'lucide-react';
import { number } from '../format/numbers';
import { useLang, useT } from '../i18n';
import { Swatch } from './Swatch';
import type { MapLayers } from './useMapLayers';

const mostAttributes = 8;

/** What the layers that are on say of the clicked place: the worst first in each, and none said as none. */
export function PlaceCard({ layers }: { layers: MapLayers }) {
  const t = useT();
  const lang = useLang();
  const { place, list } = layers;
  if (!place) return null;
  const patternOf = (layerId: string, key?: string) => list?.layers.find((l) => l.layerId === layerId)?.classTable?.classes.find((c) => c.key === key)?.pattern ?? 'none';
  const order = list?.layers.map((l) => l.layerId) ?? [];
  const hits = (place.answers?.filter((a) => a.features.length > 0) ?? []).sort(
    (a, b) => (b.features[0]!.rank ?? -1) - (a.features[0]!.rank ?? -1) || order.indexOf(a.layerId) - order.indexOf(b.layerId),
  );
  return (
    <section className="place-card" aria-label={t.imported.here} aria-live="polite">
      <header>
        <h2>{t.imported.here}</h2>
        <button type="button" className="tool icon" onClick={layers.closePlace} aria-label={t.imported.closeHere}>
          <X aria-hidden />
        </button>
      </header>
      {place.answers === null && <p>{t.imported.asking}</p>}
      {place.failed && <p role="alert">{t.imported.hereFailed}</p>}
      {place.answers !== null && !place.failed && hits.length === 0 && <p>{t.imported.nothingHere}</p>}
      <ul>
        {hits.map((answer) => {
          const worst = answer.features[0]!;
          const name = (lang === 'ja' ? worst.classJa : worst.classEn) ?? worst.class;
          return (
            <li key={answer.layerId}>
              <p className="place-class">
                {worst.colour && <Swatch colour={worst.colour} pattern={patternOf(answer.layerId, worst.class)} />}
                <strong>{[worst.label, name].filter(Boolean).join(' — ') || answer.title}</strong>
                {worst.distanceM > 0 && <span className="quiet"> {t.imported.away(number(Math.round(worst.distanceM)))}</span>}
              </p>
              <p className="quiet">{answer.title}{answer.features.length > 1 && ` ${t.imported.more(number(answer.features.length - 1))}`}</p>
              {answer.withdrawnOn && <p className="withdrawn"><TriangleAlert aria-hidden size={16} /> {t.imported.withdrawn(answer.withdrawnOn)}</p>}
              <details>
                <summary>{t.imported.attributes}</summary>
                <dl>
                  {Object.entries(worst.attributes).slice(0, mostAttributes).map(([key, value]) => (
                    <div key={key}><dt>{key}</dt><dd>{String(value)}</dd></div>
                  ))}
                </dl>
              </details>
            </li>
          );
        })}
      </ul>
      <p className="quiet">{t.imported.hereOnly}</p>
    </section>
  );
}
