import { useState } from 'react';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import { Choice } from '../panels/Choice';
import { profileOf, rangeOf, ticks, type ProfilePoint } from './profile';
import type { RouteAnswer } from './types';

const width = 384;
const height = 190;
const box = { left: 44, right: 8, top: 10, bottom: 30 };

/** How much is known of what lies under the route. */
export type Ground = 'profile' | 'water' | 'level';

interface Props {
  answer: RouteAnswer;
  ground: Ground;
  /** metres above ground that may not be passed */
  limitM: number;
  /** heights of the structure, in the datum of the home points */
  levels: { name: string; elevationM: number }[];
}

/** Height along the route, over the ground as far as it is known; the same in words and as a table. */
export function ProfileChart({ answer, ground, limitM, levels }: Props) {
  const t = useT();
  const n = t.routes.profile;
  const [chosen, setChosen] = useState(1);
  const flight = answer.flights.find((f) => f.number === chosen) ?? answer.flights[0];
  const points = profileOf(answer, flight?.number ?? null);
  if (points.length < 2) return null;
  const home = flight?.home.groundM ?? 0;
  const shown = levels.map((l) => ({ name: l.name, m: l.elevationM - home }));
  const above = rangeOf(points.map((p) => p.flightM - p.groundM));
  const span = ({ least, most }: { least: number; most: number }) => (Math.round(least) === Math.round(most) ? number(least) : `${number(least)}–${number(most)}`);
  const words = [n.summary(number(points.at(-1)!.alongM), span(rangeOf(points.map((p) => p.flightM))), span(above)), above.most > limitM ? n.over(number(limitM)) : n.under(number(limitM)), n.ground[ground]];
  return (
    <section className="route-profile facts" aria-label={n.title}>
      <h4>{n.title}</h4>
      {answer.flights.length > 1 && (
        <Choice label={t.routes.flights} value={String(flight!.number)} options={answer.flights.map((f) => [String(f.number), t.routes.flight(number(f.number))])} onChange={(f) => setChosen(Number(f))} />
      )}
      <Drawing points={points} ground={ground} limitM={limitM} levels={shown} label={words.join(' ')} />
      <ul className="route-profile-legend" aria-hidden>
        <li data-line="flight">{n.flight}</li>
        <li data-line={ground}>{n.groundName[ground]}</li>
        <li data-line="limit">{n.limit(number(limitM))}</li>
      </ul>
      <p className="note">{words.join(' ')}</p>
      <details className="route-profile-table">
        <summary>{n.table}</summary>
        <div className="route-profile-rows" tabIndex={0} role="region" aria-label={n.table}>
          <table>
            <thead>
              <tr>
                <th scope="col">{n.along}</th>
                <th scope="col">{ground === 'level' ? n.groundAssumed : n.groundName[ground]}</th>
                <th scope="col">{n.flight}</th>
                <th scope="col">{n.above}</th>
              </tr>
            </thead>
            <tbody>
              {points.map((p, i) => (
                <tr key={i}>
                  {[p.alongM, p.groundM, p.flightM, p.flightM - p.groundM].map((v, at) => (
                    <td key={at}>{number(v, at === 0 ? 0 : 1)} m</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

function Drawing({ points, ground, limitM, levels, label }: { points: ProfilePoint[]; ground: Ground; limitM: number; levels: { name: string; m: number }[]; label: string }) {
  const t = useT();
  const long = points.at(-1)!.alongM;
  const tall = rangeOf([0, ...points.flatMap((p) => [p.groundM, p.flightM, p.groundM + limitM]), ...levels.map((l) => l.m)]);
  const room = Math.max(5, (tall.most - tall.least) * 0.06);
  const x = (m: number) => box.left + (m / long) * (width - box.left - box.right);
  const y = (m: number) => height - box.bottom - ((m - tall.least + room) / (tall.most - tall.least + 2 * room)) * (height - box.top - box.bottom);
  const line = (of: (p: ProfilePoint) => number) => points.map((p) => `${x(p.alongM).toFixed(1)},${y(of(p)).toFixed(1)}`).join(' ');
  const floor = height - box.bottom;
  return (
    <svg className="route-profile-chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {ticks(tall, 5).map((m) => (
        <g key={m} className="tick">
          <line x1={box.left} x2={width - box.right} y1={y(m)} y2={y(m)} />
          <text x={box.left - 6} y={y(m) + 4} textAnchor="end">{number(m)}</text>
        </g>
      ))}
      <text className="unit" x={4} y={box.top + 2}>m</text>
      <polygon className="ground" data-ground={ground} points={`${x(0)},${floor} ${line((p) => p.groundM)} ${x(long)},${floor}`} />
      <polyline className="ground-line" data-ground={ground} points={line((p) => p.groundM)} />
      {levels.map((l) => (
        <g key={l.name} className="level">
          <line x1={box.left} x2={width - box.right} y1={y(l.m)} y2={y(l.m)} />
          <text x={width - box.right - 4} y={y(l.m) - 4} textAnchor="end">{l.name}</text>
        </g>
      ))}
      <polyline className="limit" points={line((p) => p.groundM + limitM)} />
      <polyline className="flight-casing" points={line((p) => p.flightM)} />
      <polyline className="flight" points={line((p) => p.flightM)} />
      {ticks({ least: 0, most: long }, 4).map((m) => (
        <text key={m} className="tick" x={x(m)} y={floor + 16} textAnchor={m === 0 ? 'start' : x(m) > width - 30 ? 'end' : 'middle'}>{number(m)}</text>
      ))}
      <text className="unit" x={width - box.right} y={height - 2} textAnchor="end">{t.routes.profile.axis}</text>
    </svg>
  );
}
