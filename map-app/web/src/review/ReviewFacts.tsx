import type { ReactNode } from 'react';
import type { FindingFeature, FindingProperties } from '../api/types';
import { assetPlace } from '../format/asset';
import { figures, mmPerPx, number, percent, widthText } from '../format/numbers';
import { useT, wording, type Dictionary } from '../i18n';
import { FindingBadge } from '../panels/Badge';
import { ChainFact, Fact } from '../panels/facts';
import type { View } from '../state/store';
import { draftText, isDecided } from './degree';
import { HistoryList } from './HistoryList';
import { TableSays } from './TableSays';

/** The ground sample distance stands among the measures already. */
const shownAbove = 'gsdMm';

/** Everything a decision stands on, the most needed first. */
export function ReviewFacts({ finding, view }: { finding: FindingFeature; view: View }) {
  const t = useT();
  const p = finding.properties;
  const asset = assetPlace(t, p, view.assets);
  return (
    <>
      <section className="facts">
        <div className="facts-head">
          <FindingBadge score={p.score} className={p.class} size={36} />
          <h3>{wording(t.className, p.class)}</h3>
          <Degree p={p} />
        </div>
        <p className="review-place">{asset?.where ?? t.asset.reason[p.assetReason ?? ''] ?? t.review.noAsset}</p>
        {asset?.notes.map((note) => (
          <p key={note} className="quiet review-small">
            {note}
          </p>
        ))}
        <dl className="measures" aria-label={t.field.measures}>
          <Measures p={p} />
        </dl>
      </section>
      {p.rankScale != null && (
        <section className="facts">
          <h3>
            {t.review.numbers} {p.damageType != null && <small>{`${p.damageType} ${t.review.damageType[String(p.damageType)] ?? ''}`}</small>}
          </h3>
          <Reasons codes={p.degreeReasons ?? []} t={t} open={p.degreeLeast !== p.degreeMost} graded={p.degreeMost != null} />
          <TableSays p={p} />
          <dl>
            {Object.entries(p.degreeNumbers ?? {}).filter(([name]) => name !== shownAbove).map(([name, value]) => {
              const [text, unit] = named(value, name);
              return (
                <Fact key={name} name={wording(t.review.number, name)} unit={unit}>
                  {text}
                </Fact>
              );
            })}
          </dl>
        </section>
      )}
      <HistoryList key={p.findingId} finding={finding} />
    </>
  );
}

function Degree({ p }: { p: FindingProperties }) {
  const t = useT();
  const decided = isDecided(p);
  const letter = decided ? (p.status === 'rejected' ? '×' : (p.degree ?? t.field.none)) : draftText(p);
  if (letter === null) return null;
  return (
    <span className="big-degree" data-status={p.status}>
      <small>{decided ? t.review.status[p.status] : t.review.draftDegree}</small>
      {letter}
      {!decided && '?'}
    </span>
  );
}

function Measures({ p }: { p: FindingProperties }) {
  const t = useT();
  const plusMinus = (value: number | null | undefined, digits: (v: number) => string) => (value == null ? null : <small>{t.review.error(digits(value))}</small>);
  const width = widthText(t, p, p.maxWidthMm);
  const row = (name: string, value: ReactNode, unit: string | null) => (
    <Fact key={name} name={name} unit={unit}>
      {value}
    </Fact>
  );
  return (
    <>
      {p.resolvable === false ? <p className="note">{width.text}</p> : row(t.field.maxWidth, <>{width.text} {width.unit && plusMinus(p.widthErrorMm, (v) => number(v, 1))}</>, width.unit)}
      {row(t.field.length, p.lengthM == null ? t.field.noScale : <>{figures(p.lengthM)} {plusMinus(p.lengthErrorM, figures)}</>, p.lengthM == null ? null : 'm')}
      <ChainFact p={p} />
      {p.spacingMm != null && row(t.review.spacing, number(p.spacingMm), 'mm')}
      {p.areaM2 != null && !p.class.endsWith('crack') && row(t.field.area, figures(p.areaM2), 'm²')}
      {row(t.field.score, percent(p.score), null)}
      {p.gsdM != null && row(t.field.gsd, mmPerPx(p.gsdM), 'mm/px')}
      {p.errorM != null && row(t.field.accuracy, `±${number(p.errorM, 1)}`, 'm')}
    </>
  );
}

function Reasons({ codes, t, open, graded }: { codes: string[]; t: Dictionary; open: boolean; graded: boolean }) {
  return (
    <ul className="reasons">
      {!graded && <li>{t.review.noDegreeYet}</li>}
      {graded && open && <li>{t.review.open2}</li>}
      {codes.map((code) => (
        <li key={code}>{Object.hasOwn(t.review.reason, code) ? t.review.reason[code] : t.review.reasonUnknown(code)}</li>
      ))}
    </ul>
  );
}

const units: [suffix: string, unit: string][] = [['Mm', 'mm'], ['M2', 'm²'], ['Deg', '°'], ['M', 'm'], ['Px', 'px']];

/** A number of the draft with the unit that its name ends in. */
function named(value: number, name: string): [text: string, unit: string | null] {
  if (/share|ratio/i.test(name)) return [percent(value), null];
  return [figures(value), units.find(([suffix]) => name.endsWith(suffix))?.[1] ?? null];
}
