import { Check, Download, LoaderCircle, ScanSearch } from 'lucide-react';
import '../styles/hint.css';
import type { Hint } from '../edge/types';
import { fileSize, number } from '../format/numbers';
import { useT, wording } from '../i18n';
import type { DraftHold } from '../tablet/useDraft';
import type { Hints } from './useHints';
import { certainty, classWord } from './words';

/** What the tablet makes of the photos by itself, in words that nobody takes for a finding. */
export function HintCard({ hints, hold }: { hints: Hints; hold: DraftHold }) {
  const t = useT();
  const { files, now, stop } = hints;
  const draft = hold.draft;
  if (!draft || draft.photos.length === 0) return null;
  const ids = draft.photos.map((p) => p.photoId);
  const seen = bestOf(draft.hints ?? []);
  const running = ids.find((id) => typeof now.get(id) === 'object');
  const at = running === undefined ? undefined : now.get(running);
  const failed = ids.some((id) => now.get(id) === 'failed');
  if (!files.here && !files.offer && seen === null) return null;
  return (
    <section className="hint-card" aria-label={t.hint.title}>
      <h3>
        <ScanSearch aria-hidden size={20} /> {t.hint.title}
      </h3>
      {files.offer && <Offer hints={hints} />}
      {running !== undefined && typeof at === 'object' && (
        <p role="status" className="hint-now">
          <LoaderCircle aria-hidden className="spin" size={20} /> {t.hint.looking(number(at.done), number(Math.max(1, at.all)))}
          <button type="button" className="button" onClick={() => stop(running)}>
            {t.hint.stop}
          </button>
        </p>
      )}
      {seen && <Seen hint={seen} hold={hold} photo={ids.indexOf(seen.photoId)} />}
      {failed && <p className="quiet">{t.hint.failed}</p>}
    </section>
  );
}

/** The most certain of all; one that saw nothing stands only for a report without anything seen. */
const bestOf = (hints: Hint[]) => hints.reduce<Hint | null>((best, h) => (best === null || h.score > best.score ? h : best), null);

function Seen({ hint, hold, photo }: { hint: Hint; hold: DraftHold; photo: number }) {
  const t = useT();
  const { suggested } = hint;
  if (hint.class === null)
    return (
      <p role="status">
        <strong>{t.hint.nothing}</strong> <small>{`${t.hint.nothingHint}（${hint.model}）`}</small>
      </p>
    );
  const draft = hold.draft!;
  const isTaken = suggested !== null && draft.category === suggested.category && draft.severity === suggested.severity;
  const words = suggested ? ([wording(t.tablet.category, suggested.category), t.tablet.severity[suggested.severity]] as const) : null;
  return (
    <>
      <p role="status">
        <strong>{t.hint.seen(classWord(t, hint))}</strong> <span>{certainty(t, hint)}</span>
        {draft.photos.length > 1 && <small>{t.hint.at(number(photo + 1))}</small>}
      </p>
      <small>{t.hint.places(number(hint.places.length))}</small>
      <small>{t.hint.model(hint.model, classWord(t, hint))}</small>
      {words && suggested && (draft.category === null || isTaken) && (
        <button
          type="button"
          className="button tall"
          aria-pressed={isTaken}
          onClick={() => hold.change((was) => ({ ...suggested, hints: (was.hints ?? []).map((h) => (h.photoId === hint.photoId && h.model === hint.model ? { ...h, taken: true } : h)) }))}
        >
          {isTaken && <Check aria-hidden size={20} />} {isTaken ? t.hint.took(...words) : t.hint.take(...words)}
        </button>
      )}
    </>
  );
}

/** The files are fetched when somebody says so, with their size before the eyes. */
export function Offer({ hints: { files } }: { hints: Pick<Hints, 'files'> }) {
  const t = useT();
  const { offer, state } = files;
  if (!offer) return null;
  const size = fileSize(offer.sizeBytes);
  return (
    <p className="hint-now">
      <span>{offer.isNewer ? t.hint.newer(size) : t.hint.offer(size)}</span>
      <button type="button" className="button" disabled={state === 'getting'} onClick={files.get}>
        {state === 'getting' ? <LoaderCircle aria-hidden className="spin" size={20} /> : <Download aria-hidden size={20} />} {state === 'getting' ? t.hint.getting : t.hint.get}
      </button>
      {(state === 'failed' || state === 'full') && <span role="alert" className="field-problem">{state === 'full' ? t.hint.full : t.hint.getFailed}</span>}
    </p>
  );
}

/** Frames over a picture that fills its place and is cut at the sides. */
export function HintFrame({ places, ratio }: { places: number[][]; ratio: number }) {
  if (places.length === 0) return null;
  const width = 1000 * ratio;
  return (
    <svg className="hint-frame" viewBox={`0 0 ${width} 1000`} preserveAspectRatio="xMidYMid slice" aria-hidden>
      {places.map(([left, top, right, bottom], i) => (
        <g key={i}>
          {['under', 'over'].map((name) => (
            <rect key={name} className={name} x={left! * width} y={top! * 1000} width={(right! - left!) * width} height={(bottom! - top!) * 1000} vectorEffect="non-scaling-stroke" />
          ))}
        </g>
      ))}
    </svg>
  );
}
