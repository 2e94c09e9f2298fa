import { number } from '../format/numbers';
import { useLang, useT } from '../i18n';
import type { Answer, HazardClass, Place, Shelter } from './types';

/** Where people can go: usable or why not, need against capacity, distance. */
export function Shelters({ answer, onShow }: { answer: Answer; onShow: (place: Place) => void }) {
  const t = useT().impact;
  const c = t.shelterColumns;
  const isExact = answer.minCell <= 1;
  return (
    <>
      {!isExact && <p className="quiet">{t.rounded}</p>}
      {(answer.withoutShelter ?? 0) > 0 && <p role="status"><strong>{t.withoutShelter(number(answer.withoutShelter!))}</strong></p>}
      <div className="impact-scroll" tabIndex={0} role="region" aria-label={t.tabShelters}>
        <table className="impact-table">
          <thead>
            <tr>{[c.name, c.usable, c.need, c.capacity, c.support, c.distance].map((title) => <th key={title} scope="col">{title}</th>)}</tr>
          </thead>
          <tbody>
            {answer.shelters!.toSorted((a, b) => Number(b.usable) - Number(a.usable) || (b.need ?? 0) - (a.need ?? 0)).map((s) => (
              <tr key={s.id}>
                <th scope="row"><button type="button" className="link" onClick={() => onShow(s)}>{s.name}</button></th>
                <td className="words">{s.usable ? t.usable.yes : s.allowed === false ? t.usable.notAllowed : t.usable.inside}</td>
                <td>{people(s.need, t.unit.people)}</td>
                <td>{people(s.capacity, t.unit.people)}{short(s) > 0 && <><br /><strong>{t.over(number(short(s)))}</strong></>}</td>
                <td>{people(s.needSupport, t.unit.people)}</td>
                <td>{s.meanDistanceM === undefined ? '' : `${number(s.meanDistanceM)} ${t.unit.metres}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Facilities inside, the worst class first. */
export function Facilities({ answer, onShow }: { answer: Answer; onShow: (place: Place) => void }) {
  const t = useT().impact;
  const lang = useLang();
  if (answer.facilities!.length === 0) return <p className="quiet">{t.facilitiesNone}</p>;
  return (
    <ul className="impact-places">
      {answer.facilities!.map((f) => (
        <li key={f.id}>
          <button type="button" className="link" onClick={() => onShow(f)}>{f.name}</button>
          <span className="swatch" style={{ background: classOf(answer, f)?.colour }} aria-hidden />
          {classOf(answer, f)?.[lang]}
          {f.address && <span className="quiet"> {f.address}</span>}
        </li>
      ))}
    </ul>
  );
}

const people = (count: number | undefined, unit: string) => (count === undefined ? '' : `${number(count)} ${unit}`.trim());
const short = (s: Shelter) => (s.capacity !== undefined && s.need !== undefined ? s.need - s.capacity : 0);
const classOf = (answer: Answer, place: Place): HazardClass | undefined => answer.classes.find((c) => c.number === place.class);
