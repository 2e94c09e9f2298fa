import { ChevronLeft, ChevronRight, List, MapPinned } from 'lucide-react';
import { useEffect, useMemo, useReducer, useRef, useState, type Dispatch } from 'react';
import { photoImageUrl } from '../api/client';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import { reduceMask, startEdit, type MaskAction, type MaskEdit } from '../mask/edit';
import { crosses } from '../mask/geometry';
import { MaskTools } from '../mask/MaskTools';
import { useMaskKeys } from '../mask/useMaskKeys';
import { Empty, Failed, Loading } from '../panels/States';
import { usePhotoDetail } from '../photo/usePhotoDetail';
import type { View } from '../state/store';
import type { UiAction, UiState } from '../state/ui';
import { ChangeDialog } from './ChangeDialog';
import { lettersOf } from './degree';
import { DecisionBar } from './DecisionBar';
import { Notices } from './Notices';
import { scaleWith, type Plan } from './plan';
import { RejectDialog } from './RejectDialog';
import { ReviewFacts } from './ReviewFacts';
import { findingIn, ReviewPhoto } from './ReviewPhoto';
import { ReviewQueue } from './ReviewQueue';
import { ReviewToast } from './ReviewToast';
import type { Review } from './useReview';
import { useReviewKeys } from './useReviewKeys';

interface Props {
  review: Review;
  view: View;
  ui: UiState;
  act: Dispatch<UiAction>;
  wide: boolean;
  onRetry: () => void;
}

type Dialog = 'reject' | 'change' | null;
type Editing = { findingId: string; edit: MaskEdit } | null;

const editing = (state: Editing, action: MaskAction | { do: 'start'; findingId: string; edit: MaskEdit } | { do: 'end' }): Editing => {
  if (action.do === 'start') return { findingId: action.findingId, edit: action.edit };
  if (action.do === 'end' || !state) return null;
  return { ...state, edit: reduceMask(state.edit, action) };
};

/** 判定: one draft after another, the photo in the middle, the numbers and the decision beside it. */
export function ReviewScreen({ review, view, ui, act, wide, onRetry }: Props) {
  const t = useT();
  const { current, plan, queue, at } = review;
  const [dialog, setDialog] = useState<Dialog>(null);
  const [listOpen, setListOpen] = useState(false);
  const photos = usePhotos(review);
  const photoId = photos.ids[photos.at] ?? null;
  const known = photoId === null ? undefined : view.photos.get(photoId);
  const detail = usePhotoDetail(photoId, (known?.properties.revision ?? 0) + (current?.properties.revision ?? 0));
  const [state, actMask] = useReducer(editing, null);
  const edit = state && state.findingId === current?.properties.findingId && photos.at === 0 ? state.edit : null;
  const rings = edit?.rings;
  const before = edit?.past[0];
  const crossing = useMemo(() => rings !== undefined && before !== undefined && crosses(rings, before), [rings, before]);
  usePrefetch(review, view);

  const startEditing = () => {
    if (!current || detail.state !== 'loaded') return;
    if (photos.at !== 0) return photos.show(0); // a mask belongs to the finding's own photo
    const { widthPx, heightPx } = detail.photo.properties;
    if (!widthPx || !heightPx) return;
    const own = detail.photo.findings.find((f) => f.properties.findingId === findingIn(detail.photo, current.properties.findingId));
    actMask({ do: 'start', findingId: current.properties.findingId, edit: startEdit(plan.pixelRings ?? own?.properties.pixelRings ?? [], widthPx, heightPx) });
  };
  const finishEditing = () => {
    if (!edit || edit.rings.length === 0 || crossing) return;
    if (edit.past.length > 0) review.setPlan({ ...plan, pixelRings: edit.rings });
    actMask({ do: 'end' });
  };
  const forget = (name: 'class' | 'place' | 'mask') => {
    const rest: Plan = { ...plan };
    for (const key of name === 'place' ? (['assetId', 'elementId'] as const) : name === 'mask' ? (['pixelRings'] as const) : (['class', 'degree'] as const)) delete rest[key];
    review.setPlan(rest);
  };
  const chooseDegree = (index: number) => {
    const scale = current && scaleWith(current.properties, plan);
    const letter = scale && lettersOf(scale)[index];
    if (letter) review.setPlan({ ...plan, degree: letter });
  };
  useReviewKeys(edit === null && dialog === null && !ui.helpOpen && !ui.personOpen, {
    next: () => review.go(1),
    previous: () => review.go(-1),
    degree: chooseDegree,
    accept: review.accept,
    reject: () => current && setDialog('reject'),
    edit: startEditing,
    change: () => current && setDialog('change'),
    undo: review.undo,
    mask: () => act({ do: 'mask' }),
    photo: photos.step,
    list: () => setListOpen((open) => !open),
    help: () => act({ do: 'help' }),
    close: () => (listOpen && !wide ? setListOpen(false) : act({ do: 'review', on: false })),
  });
  useMaskKeys(edit, { act: actMask, onAccept: finishEditing, onLeave: () => actMask({ do: 'end' }) });
  const self = useRef<HTMLElement>(null);
  useEffect(() => self.current?.focus(), []);

  return (
    <section ref={self} className="review" tabIndex={-1} aria-label={t.review.title}>
      <h2 className="visually-hidden">{t.review.title}</h2>
      {(wide || listOpen) && <ReviewQueue review={review} view={view} onRetry={onRetry} />}
      <div className="review-middle">
        <header className="review-head">
          {!wide && (
            <button type="button" className="tool icon" aria-pressed={listOpen} onClick={() => setListOpen(!listOpen)} aria-label={listOpen ? t.review.queueClose : t.review.queueOpen} title={t.review.queue}>
              <List aria-hidden />
            </button>
          )}
          <button type="button" className="tool icon" onClick={() => review.go(-1)} disabled={at === 0 || queue.length === 0} aria-label={t.drawer.previous} title={`${t.drawer.previous} (K)`} aria-keyshortcuts="k">
            <ChevronLeft aria-hidden />
          </button>
          <strong className="review-position">{at >= 0 ? t.review.position(number(at + 1), number(queue.length)) : current ? t.review.outside : t.review.position('0', number(queue.length))}</strong>
          <button type="button" className="tool icon" onClick={() => review.go(1)} disabled={at === queue.length - 1} aria-label={t.drawer.next} title={`${t.drawer.next} (J)`} aria-keyshortcuts="j">
            <ChevronRight aria-hidden />
          </button>
          <span className="grow" />
          <button type="button" className="tool" onClick={() => act({ do: 'review', on: false })} title={`${t.review.close} (Esc)`}>
            <MapPinned aria-hidden /> {t.review.close}
          </button>
        </header>
        <Notices review={review} />
        {current ? (
          <ReviewPhoto finding={current} view={view} photos={photos} detail={detail} planned={plan.pixelRings} mask={ui.mask} onMask={() => act({ do: 'mask' })} onOpen={review.open} edit={edit} actMask={actMask} />
        ) : (
          <Nothing review={review} view={view} ui={ui} onRetry={onRetry} />
        )}
        {edit && <MaskTools edit={edit} crossing={crossing} act={actMask} onAccept={finishEditing} onLeave={() => actMask({ do: 'end' })} />}
      </div>
      {current && (
        <aside className="review-side" aria-label={t.drawer.finding} inert={edit !== null}>
          <div className="scroll" tabIndex={0} role="group" aria-label={t.field.measures}>
            <ReviewFacts finding={current} view={view} />
          </div>
          <DecisionBar p={current.properties} plan={plan} onPlan={(change) => review.setPlan({ ...plan, ...change })} onForget={forget} onAccept={review.accept} onReject={() => setDialog('reject')}
            onEdit={startEditing} onChange={() => setDialog('change')} onUndo={review.undo} onUndoCurrent={review.undoCurrent} />
        </aside>
      )}
      {current && <ChangeDialog open={dialog === 'change'} p={current.properties} plan={plan} view={view} onPlan={review.setPlan} onClose={() => setDialog(null)} />}
      <RejectDialog
        open={dialog === 'reject'}
        onClose={() => setDialog(null)}
        onReject={(note) => {
          setDialog(null);
          review.reject(note);
        }}
      />
      <ReviewToast said={review.said} onUndo={review.undo} />
    </section>
  );
}

function Nothing({ review, view, ui, onRetry }: Pick<Props, 'review' | 'view' | 'ui' | 'onRetry'>) {
  const t = useT();
  if (view.load.findings === 'loading') return <Loading />;
  if (view.load.findings === 'failed') return <Failed title={t.list.failed} hint={t.list.failedHint} onRetry={onRetry} />;
  if (ui.selection?.kind === 'finding') return <Empty title={t.drawer.gone} hint={t.drawer.goneHint} />;
  if (review.drafts > 0) return <Empty title={t.review.noMatch} />;
  return <Empty title={t.review.done} hint={review.decided > 0 ? t.review.doneHint(number(review.decided)) : t.review.doneNothing} />;
}

/** The photos of the current finding's damage, its own first. */
function usePhotos({ current }: Review) {
  const [shown, setShown] = useState({ findingId: '', at: 0 });
  const p = current?.properties;
  const ids = p ? [...new Set([p.photoId, ...(p.photoIds ?? [])])] : [];
  const at = p && shown.findingId === p.findingId ? Math.min(shown.at, ids.length - 1) : 0;
  const show = (to: number) => p && setShown({ findingId: p.findingId, at: to });
  return { ids, at, show, step: (by: 1 | -1) => ids.length > 1 && show((at + by + ids.length) % ids.length) };
}

const aheadPx = 840;

/** Asks for the next two pictures before they are wanted, so that the next draft stands there at once. */
function usePrefetch({ queue, at }: Review, view: View): void {
  const ahead = [queue[at + 1], queue[at + 2]].flatMap((f) => f?.properties.photoId ?? []);
  const urls = ahead.filter((id) => view.photos.get(id)?.properties.state === 'scored').map((id) => photoImageUrl(id, aheadPx)).join('\n');
  useEffect(() => {
    for (const url of urls.split('\n').filter(Boolean)) new Image().src = url;
  }, [urls]);
}
