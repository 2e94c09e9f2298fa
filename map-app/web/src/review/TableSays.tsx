import { useT } from '../i18n';
import type { FindingProperties } from '../api/types';
import { draftRange, lettersOf } from './degree';

const crackTypes = [6, 11];

/** The table of the manual with the place of the draft in it. */
export function TableSays({ p }: { p: FindingProperties }) {
  const t = useT();
  const range = draftRange(p);
  if (p.rankScale == null || !range) return null;
  const inRange = (letter: string) => letter >= range[0] && letter <= range[1];
  const crack = p.damageType != null && crackTypes.includes(p.damageType);
  if (p.rankScale === 'bridge' && crack) return <CrackTable inRange={inRange} />;
  const words = p.rankScale === 'levee' ? t.review.leveeLetter : t.review.tables[String(p.damageType)];
  if (!words) return null;
  return (
    <table className="degree-table">
      <caption>{p.rankScale === 'levee' ? t.review.leveeTable : t.review.table}</caption>
      <tbody>
        {lettersOf(p.rankScale)
          .filter((letter) => words[letter])
          .map((letter) => (
            <tr key={letter} data-in={inRange(letter)}>
              <th scope="row">{letter}</th>
              <td>{words[letter]}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

/** Largest width against least spacing (damage type 6). */
function CrackTable({ inRange }: { inRange: (letter: string) => boolean }) {
  const t = useT();
  const { width } = t.review;
  const rows: [name: string, wide: string, dense: string][] = [
    [width.small, 'b', 'c'],
    [width.medium, 'c', 'd'],
    [width.large, 'd', 'e'],
  ];
  return (
    <>
      <table className="degree-table crack-table">
        <caption>{t.review.table}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{t.review.spacingWide}</th>
            <th scope="col">{t.review.spacingDense}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, wide, dense]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {[wide, dense].map((letter) => (
                <td key={letter} data-in={inRange(letter)}>
                  {letter}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet table-note">{t.review.widthBounds}</p>
    </>
  );
}
