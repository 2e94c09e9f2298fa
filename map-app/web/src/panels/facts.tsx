import { ClipboardCheck, PencilLine } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FindingFeature, FindingProperties, PhotoProperties } from '../api/types';
import { assetPlace } from '../format/asset';
import { figures, fileSize, mmPerPx, number, percent, widthText } from '../format/numbers';
import { dateTime } from '../format/time';
import { useT, wording, type Dictionary } from '../i18n';
import { isDecided } from '../review/degree';
import type { View } from '../state/store';
import { FindingBadge, Warning } from './Badge';
import { DegreeTag } from './DegreeTag';

export function Fact({ name, children, unit }: { name: string; children: ReactNode; unit?: string | null | undefined }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>
        {children}
        {unit && <span className="unit">{unit}</span>}
      </dd>
    </div>
  );
}

/** The numbers of a finding. What the photo cannot tell is said, never guessed. */
export function FindingFacts({ finding, view }: { finding: FindingFeature; view: View }) {
  const t = useT();
  const p = finding.properties;
  const asset = assetPlace(t, p, view.assets);
  return (
    <section className="facts">
      <div className="facts-head">
        <FindingBadge score={p.score} className={p.class} size={36} />
        <h3>{wording(t.className, p.class)}</h3>
        <DegreeTag p={p} />
        <span className="score">
          <small>{t.field.score}</small>
          {percent(p.score)}
        </span>
      </div>
      <p className="draft" data-status={p.status}>
        {isDecided(p) ? <ClipboardCheck aria-hidden size={18} /> : <PencilLine aria-hidden size={18} />}
        {isDecided(p) ? [t.review.status[p.status], p.decidedBy, dateTime(t, p.decidedAt)].filter(Boolean).join('　') : t.drawer.draft}
      </p>
      <dl className="measures" aria-label={t.field.measures}>
        <Fact name={t.field.length} unit={p.lengthM == null ? null : 'm'}>
          {p.lengthM == null ? t.field.noScale : figures(p.lengthM)}
        </Fact>
        <ChainFact p={p} />
        <Widths p={p} />
        {p.areaM2 != null && !p.class.endsWith('crack') && (
          <Fact name={t.field.area} unit="m²">
            {figures(p.areaM2)}
          </Fact>
        )}
        <Fact name={t.field.accuracy} unit={p.errorM == null ? null : 'm'}>
          {p.errorM == null ? t.field.unknown : `±${number(p.errorM, 1)}`}
        </Fact>
        <Fact name={t.field.gsd} unit={p.gsdM == null ? null : 'mm/px'}>
          {p.gsdM == null ? t.field.unknown : mmPerPx(p.gsdM)}
        </Fact>
        {asset && <Fact name={t.asset.title}>{asset.where}</Fact>}
      </dl>
      {asset?.notes.map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
    </section>
  );
}

/** A crack that goes on over several photos: its length along them, or that it is not known. */
export function ChainFact({ p }: { p: FindingProperties }) {
  const t = useT();
  if (p.chainLengthM != null)
    return (
      <Fact name={t.field.chainLength(number(p.photoIds?.length ?? 0))} unit="m">
        {figures(p.chainLengthM)} {p.chainErrorM != null && <small>{t.review.error(figures(p.chainErrorM))}</small>}
      </Fact>
    );
  const goesOn = p.class.endsWith('crack') && (p.photoIds?.length ?? 0) > 1 && (p.degreeReasons ?? []).includes('partial');
  return goesOn ? <p className="note">{t.field.chainUnknown}</p> : null;
}

function Widths({ p }: { p: FindingProperties }) {
  const t = useT();
  if (p.resolvable === false) return <p className="note">{widthText(t, p, null).text}</p>;
  return (
    <>
      {([['maxWidth', p.maxWidthMm], ['meanWidth', p.meanWidthMm]] as const).map(([name, value]) => {
        const { text, unit } = widthText(t, p, value);
        return (
          <Fact key={name} name={t.field[name]} unit={unit}>
            {text}
          </Fact>
        );
      })}
    </>
  );
}

interface PhotoFindingsProps {
  /** null while they load */
  findings: FindingFeature[] | null;
  photo: PhotoProperties | undefined;
  onPick: (findingId: string) => void;
}

export function PhotoFindings({ findings, photo, onPick }: PhotoFindingsProps) {
  const t = useT();
  if (photo?.state === 'unreadable' || photo?.state === 'announced' || findings === null) return null;
  return (
    <section className="facts">
      <h3>
        {t.drawer.findingsOfPhoto} <small>{t.list.count(number(findings.length))}</small>
      </h3>
      {findings.length === 0 && <p className="note">{photo?.state === 'stored' ? t.drawer.notScored : t.drawer.noFindingsOfPhoto}</p>}
      <ul className="rows inset">
        {[...findings]
          .sort((a, b) => b.properties.score - a.properties.score)
          .map(({ properties: f }) => (
            <li key={f.findingId}>
              <button type="button" className="row" onClick={() => onPick(f.findingId)}>
                <FindingBadge score={f.score} className={f.class} />
                <span className="row-main">
                  <span className="row-title">{wording(t.className, f.class)}</span>
                  {f.lengthM != null && <span className="row-note">{t.list.length(figures(f.lengthM))}</span>}
                  {f.mergedInto != null && <span className="row-note quiet" title={t.review.merged}>{t.review.mergedNote}</span>}
                </span>
                <span className="row-figure">
                  <DegreeTag p={f} />
                  <span>{percent(f.score)}</span>
                </span>
              </button>
            </li>
          ))}
      </ul>
    </section>
  );
}

interface PhotoFactsProps {
  photo: PhotoProperties;
  finding: FindingFeature | undefined;
  /** null when this photo is what is already shown */
  onOpen: (() => void) | null;
}

/** Which photo, when, by whom, and on what the placement stands. */
export function PhotoFacts({ photo: p, finding, onOpen }: PhotoFactsProps) {
  const t = useT();
  return (
    <section className="facts">
      <h3>{t.field.source}</h3>
      <Placement photo={p} t={t} />
      <dl>
        <Fact name={t.field.photo}>
          {onOpen ? (
            <button type="button" className="text-button" onClick={onOpen} aria-label={`${t.drawer.openPhoto}: ${p.name}`}>
              {p.name}
            </button>
          ) : (
            p.name
          )}
        </Fact>
        <Fact name={t.field.capturedAt}>{dateTime(t, p.capturedAt)}</Fact>
        <Fact name={t.field.receivedAt}>{dateTime(t, p.receivedAt)}</Fact>
        <Fact name={t.field.device}>{p.device}</Fact>
        {!finding && <Fact name={t.field.state}>{t.photoState[p.state]}</Fact>}
        {p.heightM != null && <Fact name={t.field.height} unit="m">{number(p.heightM, 1)}</Fact>}
        {p.yawDeg != null && <Fact name={t.field.yaw} unit="°">{number((p.yawDeg + 360) % 360)}</Fact>}
        {p.pitchDeg != null && <Fact name={t.field.pitch} unit="°">{number(p.pitchDeg)}</Fact>}
        {!finding && p.gsdM != null && <Fact name={t.field.gsd} unit="mm/px">{mmPerPx(p.gsdM)}</Fact>}
        {!finding && p.errorM != null && <Fact name={t.field.accuracy} unit="m">{`±${number(p.errorM, 1)}`}</Fact>}
        {p.widthPx != null && p.heightPx != null && <Fact name={t.field.size} unit="px">{`${number(p.widthPx)} × ${number(p.heightPx)}`}</Fact>}
        {p.sizeBytes != null && !finding && <Fact name={t.field.bytes}>{fileSize(p.sizeBytes)}</Fact>}
        {finding?.properties.model && <Fact name={t.field.model}>{finding.properties.model}</Fact>}
      </dl>
    </section>
  );
}

function Placement({ photo, t }: { photo: PhotoProperties; t: Dictionary }) {
  const codes = photo.assumptions ?? [];
  return (
    <div className="placement" data-placement={photo.placement}>
      <p>
        {photo.placement !== 'measured' && <Warning />}
        <strong>{t.placement[photo.placement]}</strong>
      </p>
      {photo.placement === 'none' && photo.reason && <p>{wording(t.reason, photo.reason)}</p>}
      {codes.length > 0 && (
        <ul>
          {codes.map((code) => (
            <li key={code}>{Object.hasOwn(t.assumption, code) ? t.assumption[code] : t.assumptionUnknown(code)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
