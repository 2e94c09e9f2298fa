import { FileDown, RefreshCw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { download } from '../api/download';
import { useAsked } from '../api/useAsked';
import { number } from '../format/numbers';
import { useLang, useT } from '../i18n';
import { Fact } from '../panels/facts';
import { patterns } from './routeLayers';
import type { RouteAnswer } from './types';
import type { PlanState } from './useRoutePlan';

const missing = new Set(['missing', 'home-needed', 'asset-shape', 'deck-width-needed']);
const mm = (value: number) => value.toFixed(value < 100 ? 1 : 0);
const minutes = (seconds: number) => number(Math.ceil(seconds / 60));

type Shown = { plan: PlanState & { pending: boolean; retry: () => void }; invalid: string[] };

const isTodo = (errors: PlanState['errors']) => errors.length > 0 && errors.every((e) => missing.has(e.code));

/** The outcome in one line that stays in sight while values are changed. */
export function RouteStatus({ plan, invalid }: Shown) {
  const t = useT();
  const { answer, errors, failed, pending } = plan;
  const todo = isTodo(errors);
  const refused = errors.length > 0 && !todo;
  const text = () => {
    if (invalid.length > 0) return t.routes.notNumbers(number(invalid.length));
    if (failed) return t.routes.failedShort;
    if (errors.length > 0) return todo ? t.routes.todo(number(errors.length)) : answer ? t.routes.refused(number(errors.length)) : t.routes.bad;
    return answer ? t.routes.summary(number(answer.figures.photos), minutes(answer.figures.timeS), number(answer.figures.batteries)) : t.routes.planning;
  };
  return (
    <p className="route-status" role="status" data-refused={refused || failed || invalid.length > 0} data-stale={pending}>
      {(refused || failed) && <TriangleAlert aria-hidden size={20} />}
      <strong>{text()}</strong>
      {pending && invalid.length === 0 && !failed && answer && <small>{t.routes.planning}</small>}
    </p>
  );
}

/** What the route is, or why there is none. */
export function RouteResult({ plan, invalid }: Shown) {
  const t = useT();
  const lang = useLang();
  const { answer, errors, failed, pending } = plan;
  const todo = isTodo(errors);
  const flies = answer !== null && errors.length === 0;
  const busy = pending && invalid.length === 0;
  return (
    <section className="facts route-result" aria-busy={busy}>
      {failed && (
        <div className="route-alert" role="alert">
          <TriangleAlert aria-hidden size={20} />
          <p>{answer ? t.routes.failed : t.routes.failedFirst}</p>
          <button type="button" className="button" onClick={plan.retry}>
            <RefreshCw aria-hidden size={18} /> {t.routes.retry}
          </button>
        </div>
      )}
      {errors.length > 0 && (
        <div className="route-refused" data-todo={todo}>
          <ul>
            {errors.map((e, i) => (
              <li key={i} data-code={e.code}>
                {e[lang]}
              </li>
            ))}
          </ul>
        </div>
      )}
      {flies && (
        <div className="route-flies" data-stale={pending || failed}>
          <Figures answer={answer} />
          {answer.warnings.length > 0 && (
            <div className="route-warnings">
              <h4>{t.routes.warnings}</h4>
              <ul>
                {answer.warnings.map((w, i) => (
                  <li key={i} data-code={w.code}>
                    {w[lang]}
                  </li>
                ))}
              </ul>
            </div>
          )}
          {plan.body !== null && <Downloads answer={answer} body={plan.body} off={pending || failed || invalid.length > 0} />}
        </div>
      )}
    </section>
  );
}

function Figures({ answer }: { answer: RouteAnswer }) {
  const t = useT();
  const f = answer.figures;
  const names = t.routes.figures;
  return (
    <dl className="measures">
      <Fact name={names.gsd} unit="mm/px">
        {mm(f.gsdMeanMm)}
      </Fact>
      <Fact name={names.coverage} unit="%">
        {(Math.floor(f.coverageShare * 1000) / 10).toFixed(f.coverageShare === 1 ? 0 : 1)}
      </Fact>
      <Fact name={names.interval} unit="m">
        {f.intervalM.toFixed(1)}
      </Fact>
      <Fact name={names.spacing} unit={f.spacingM > 0 ? 'm' : ''}>
        {f.spacingM > 0 ? f.spacingM.toFixed(1) : '—'}
      </Fact>
      <Fact name={names.distance} unit="km">
        {(f.distanceM / 1000).toFixed(1)}
      </Fact>
      <Fact name={names.tracks} unit={names.tracksUnit}>
        {number(f.tracks)}
      </Fact>
    </dl>
  );
}

function Downloads({ answer, body, off }: { answer: RouteAnswer; body: string; off: boolean }) {
  const t = useT();
  const { busy, said, run } = useAsked();
  const [taken, setTaken] = useState('');
  const take = (key: string) => {
    setTaken(key);
    void run(() => download('POST', `/api/v1/routes/files?${key}&planId=${answer.planId}`, body));
  };
  const button = (key: string, text: string, label: string) => (
    <button type="button" className="button" aria-label={label} aria-disabled={busy || off} onClick={() => !busy && !off && take(key)}>
      <FileDown aria-hidden size={18} /> {busy && taken === key ? t.routes.making : text}
    </button>
  );
  return (
    <div className="route-flights">
      <h4>{t.routes.flights}</h4>
      <ul>
        {answer.flights.map((f) => {
          const name = t.routes.flight(number(f.number));
          return (
            <li key={f.number}>
              <Swatch turn={(f.number - 1) % patterns.length} />
              <span className="route-flight">
                <strong>{name}</strong>
                <small>{t.routes.flightFacts(minutes(f.timeS), number(f.photos), number(f.distanceM))}</small>
              </span>
              {answer.kmz && button(`format=kmz&flight=${f.number}`, t.routes.kmz, t.routes.download(t.routes.kmz, name))}
              {button(`format=plan&flight=${f.number}`, t.routes.plan, t.routes.download(t.routes.plan, name))}
            </li>
          );
        })}
      </ul>
      {button('format=zip', t.routes.zip, t.routes.zip)}
      <p className="note" role="status">
        {said?.text ?? t.routes.zipHint}
      </p>
    </div>
  );
}

/** The battery's line as the map draws it. */
function Swatch({ turn }: { turn: number }) {
  const width = 3;
  return (
    <svg className="route-swatch" data-turn={turn} width="36" height="12" aria-hidden>
      <line x1="1" x2="35" y1="6" y2="6" strokeWidth={width} strokeDasharray={patterns[turn]?.map((n) => n * width).join(' ')} />
    </svg>
  );
}
