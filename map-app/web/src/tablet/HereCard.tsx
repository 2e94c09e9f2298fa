import { TriangleAlert, X } from 'lucide-react';
import { number } from '../format/numbers';
import { useLang, useT } from '../i18n';
import { Swatch } from '../layers/Swatch';
import type { Here, Near } from './here';

export interface Asked {
  accuracyM: number | null;
  /** null while it is looked for */
  here: Here | null;
  /** there is no place to ask about */
  lost: boolean;
}

/** Where am I: hazard first, then what is near. */
export function HereCard({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const t = useT();
  const lang = useLang();
  const m = t.tablet.map;
  const { here } = asked;
  const near = (label: string, what: Near | null, without = m.none) => (
    <div>
      <dt>{label}</dt>
      <dd>{what ? `${what.name} — ${m.away(number(what.distanceM))}` : without}</dd>
    </div>
  );
  return (
    <section className="here-card" aria-label={m.here} aria-live="polite">
      <header>
        <h2>{m.here}</h2>
        {asked.accuracyM !== null && <span className="quiet">{m.inAccuracy(number(Math.max(1, Math.round(asked.accuracyM))))}</span>}
        <button type="button" className="tool icon" onClick={onClose} aria-label={t.shortcuts.close}>
          <X aria-hidden />
        </button>
      </header>
      {asked.lost ? (
        <p role="alert">{m.noFix}</p>
      ) : here === null ? (
        <p>{m.measuring}</p>
      ) : (
        <>
          {here.hazards.length > 0 ? (
            <ul>
              {here.hazards.map((h) => (
                <li key={h.layer.layerId}>
                  {h.class && <Swatch colour={h.class.colour} pattern={h.class.pattern} />}
                  <span>
                    <strong>{h.class ? (lang === 'ja' ? h.class.ja : h.class.en) : (h.label ?? h.layer.title)}</strong> <small>{h.layer.title}</small>
                    {h.layer.withdrawnOn && (
                      <small className="warn">
                        <TriangleAlert aria-hidden size={16} /> {m.withdrawn}
                      </small>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          ) : (
            <p>
              <strong>{here.asked === 0 ? m.hazardUnknown : m.noHazard}</strong>
            </p>
          )}
          <dl>
            {near(m.nearestShelter, here.shelter)}
            {near(m.nearestAsset, here.asset)}
            {near(m.nearestPipe, here.pipe, here.pipesAsked === 0 ? m.pipeUnknown : m.noPipe)}
            {here.line && near(m.nearestLine, here.line)}
          </dl>
          {here.partial && (
            <p className="warn">
              <TriangleAlert aria-hidden size={16} /> {m.partial}
            </p>
          )}
        </>
      )}
    </section>
  );
}
