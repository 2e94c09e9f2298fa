import { ChevronLeft, CircleCheck, CircleQuestionMark, Hourglass, RotateCcw, SquareDashed } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { number, percent } from '../format/numbers';
import { clock, dateTime } from '../format/time';
import { useLang, useT } from '../i18n';
import { Choice } from '../panels/Choice';
import { Failed, Loading } from '../panels/States';
import { Fact } from '../panels/facts';
import type { Selection } from '../state/ui';
import { Progress, Stale } from './FlightsTab';
import { FlawMark } from './marks';
import { flaws, looked, received, type Flaw, type FlightPhoto, type FlightReview, type Verdict } from './types';
import type { Flights } from './useFlights';

const shownBad = 100;
const none = 'none';

interface Props {
  flights: Flights;
  chosenPhoto: string | null;
  onSelect: (selection: Selection) => void;
  onShowGap: (index: number) => void;
}

/** One flight: what to do, then why. */
export function FlightDetail({ flights, chosenPhoto, onSelect, onShowGap }: Props) {
  const t = useT();
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  const { review } = flights;
  const r = review.data;
  return (
    <div className="scroll flight-detail">
      <button ref={back} type="button" className="text-button flight-back" onClick={() => flights.choose(null)}>
        <ChevronLeft aria-hidden size={20} /> {t.flights.back}
      </button>
      {!r && (review.failed ? <Failed title={t.flights.failedReview} hint={t.list.failedHint} onRetry={flights.retry} /> : <Loading />)}
      {r && (
        <>
          <h3>{t.flights.until(dateTime(t, r.firstAt), clock(t, new Date(r.lastAt)))}</h3>
          <p className="quiet">{r.device}</p>
          <Stale asked={review} />
          <Said review={r} />
          <Progress flight={r} />
          <Steps review={r} />
          <Choice label={t.flights.target} value={r.targetId === null ? none : `asset:${r.targetId}`} onChange={(target) => flights.compare(target)} options={[...r.targets.map((o): [string, string] => [`asset:${o.assetId}`, t.flights.targetOption(o.name, number(o.photos))]), [none, t.flights.noTarget]]} />
          <Gaps review={r} onShow={onShowGap} />
          <BadPhotos photos={r.photos.filter((p) => p.quality.length > 0)} chosen={chosenPhoto} onSelect={onSelect} />
          <Figures review={r} />
        </>
      )}
    </div>
  );
}

const icons: Record<Verdict, typeof CircleCheck> = { done: CircleCheck, 'photos-only': CircleQuestionMark, wait: Hourglass, again: RotateCcw };

/** The verdict in a word, and the one sentence. */
export function Said({ review }: { review: FlightReview }) {
  const t = useT();
  const lang = useLang();
  const { verdict } = review;
  const Icon = icons[verdict];
  return (
    <div className="flight-said" data-verdict={verdict} role="status">
      <strong>
        <Icon aria-hidden size={22} /> {t.flights.verdict[verdict]}
      </strong>
      <p>{lang === 'ja' ? review.sentenceJa : review.sentenceEn}</p>
    </div>
  );
}

function Steps({ review }: { review: FlightReview }) {
  const { steps } = useT().flights;
  const useful = review.photos.filter((p) => !p.waiting && p.quality.length === 0).length;
  const all: [string, number][] = [[steps.known, review.photoCount], [steps.received, received(review)], [steps.looked, looked(review)], [steps.useful, useful]];
  return (
    <dl className="flight-steps">
      {all.map(([name, n]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{number(n)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Gaps({ review, onShow }: { review: FlightReview; onShow: (index: number) => void }) {
  const t = useT();
  const lang = useLang();
  return (
    <section>
      <h4>
        {t.flights.gaps} {review.gaps.length > 0 && <small>{t.list.count(number(review.gaps.length))}</small>}
      </h4>
      {review.targetId === null && <p className="note">{review.targets.length === 0 ? t.flights.noTargetHint : t.flights.chooseTargetHint}</p>}
      {review.targetId !== null && review.gaps.length === 0 && <p className="note">{t.flights.noGaps}</p>}
      <ul className="rows inset">
        {review.gaps.map((gap, index) => (
          <li key={index}>
            <button type="button" className="row" onClick={() => onShow(index)} title={t.flights.showGap}>
              <SquareDashed aria-hidden size={22} className="gap-mark" />
              <span className="row-main">
                <span className="flight-gap-name">{lang === 'ja' ? gap.nameJa : gap.nameEn}</span>
                <span className="row-note">{t.flights.gapSize(number(gap.lengthM), number(gap.areaM2))}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {review.targetId?.startsWith('bridge:') && <p className="note">{t.flights.groundOnly}</p>}
    </section>
  );
}

function BadPhotos({ photos, chosen, onSelect }: { photos: FlightPhoto[]; chosen: string | null; onSelect: (selection: Selection) => void }) {
  const t = useT();
  return (
    <section>
      <h4>
        {t.flights.bad} {photos.length > 0 && <small>{t.list.count(number(photos.length))}</small>}
      </h4>
      {photos.length === 0 && <p className="note">{t.flights.noBad}</p>}
      <ul className="rows inset">
        {photos.slice(0, shownBad).map((photo) => (
          <li key={photo.photoId}>
            <button type="button" className="row" aria-current={photo.photoId === chosen} onClick={() => onSelect({ kind: 'photo', id: photo.photoId })}>
              <FlawMark flaw={flawOf(photo)} />
              <span className="row-main">
                <span className="row-title">{photo.name}</span>
                <span className="row-note">
                  {photo.quality.filter(isFlaw).map((q) => t.flights.flaw[q]).join('・')}
                  {photo.placement === 'none' && `　${t.flights.noPlace}`}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const isFlaw = (code: string): code is Flaw => (flaws as readonly string[]).includes(code);
const flawOf = (photo: FlightPhoto): Flaw => photo.quality.find(isFlaw) ?? 'unreadable';

function Figures({ review }: { review: FlightReview }) {
  const t = useT();
  const figures: [string, number | null][] = [[t.flights.covered, review.coverageShare], [t.flights.twice, review.twiceShare], [t.flights.overlap, review.leastOverlap]];
  const known = figures.filter((f): f is [string, number] => f[1] !== null);
  if (known.length === 0) return null;
  return (
    <section className="facts">
      <h4>{t.flights.figures}</h4>
      <dl>
        {known.map(([name, share]) => (
          <Fact key={name} name={name}>
            {percent(share)}
          </Fact>
        ))}
      </dl>
    </section>
  );
}
