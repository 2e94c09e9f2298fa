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
  if (p.rankScale === 'bridge' && crack) return <CrackTable p={p} inRange={inRange} />;
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

/** Largest width against least spacing (damage type 6); marked is what the numbers allow, whether the member is RC or PC. */
function CrackTable({ p, inRange }: { p: FindingProperties; inRange: (letter: string) => boolean }) {
  const t = useT();
  const { width } = t.review;
  const n = p.degreeNumbers ?? {};
  const [least, most] = [n['maxWidthLeastMm'] ?? 0, n['maxWidthMostMm'] ?? Infinity];
  const columns = [(n['spacingMostM'] ?? Infinity) >= 0.5, (n['spacingLeastM'] ?? 0) < 0.5];
  const rows: [name: string, isPossible: boolean, wide: string, dense: string][] = [
    [width.small, least < 0.2, 'b', 'c'],
    [width.medium, least < 0.3 && most >= 0.1, 'c', 'd'],
    [width.large, most >= 0.2, 'd', 'e'],
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
          {rows.map(([name, isPossible, wide, dense]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {[wide, dense].map((letter, column) => (
                <td key={letter} data-in={isPossible && columns[column]! && inRange(letter)}>
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
