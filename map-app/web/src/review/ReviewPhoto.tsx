import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { Dispatch, ReactNode } from 'react';
import { thumbnailUrl } from '../api/client';
import type { FindingFeature, PhotoDetail } from '../api/types';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import type { MaskAction, MaskEdit } from '../mask/edit';
import type { Ring } from '../mask/geometry';
import { MaskOverlay } from '../mask/MaskOverlay';
import { Failed } from '../panels/States';
import { PhotoViewer } from '../photo/PhotoViewer';
import type { Loaded } from '../photo/usePhotoDetail';
import type { View } from '../state/store';

const framePx = 840;

interface Props {
  finding: FindingFeature;
  view: View;
  photos: { ids: string[]; at: number; step: (by: 1 | -1) => void };
  detail: Loaded;
  /** a mask that was edited and not yet decided */
  planned: Ring[] | undefined;
  mask: boolean;
  onMask: () => void;
  onOpen: (findingId: string) => void;
  edit: MaskEdit | null;
  actMask: Dispatch<MaskAction>;
}

/** The photo as large as the room allows, with the mask of the finding on it. */
export function ReviewPhoto({ finding, view, photos, detail, planned, mask, onMask, onOpen, edit, actMask }: Props) {
  const t = useT();
  const photoId = photos.ids[photos.at]!;
  const known = view.photos.get(photoId)?.properties;
  const photo = detail.state === 'loaded' ? withPlan(detail.photo, finding.properties.findingId, planned) : null;
  const here = photo ? findingIn(photo, finding.properties.findingId) : null;
  let picture: ReactNode;
  if (known?.state === 'announced')
    picture = (
      <figure className="review-preview">
        <img src={thumbnailUrl(photoId)} alt={known.name} />
        <figcaption className="note">{t.drawer.announced}</figcaption>
      </figure>
    );
  else if (detail.state === 'failed') picture = <Failed title={t.drawer.failed} onRetry={detail.retry} />;
  else if (!photo) picture = <div className="review-blank" aria-busy="true">{t.viewer.loading}</div>;
  else
    picture = (
      <PhotoViewer key={`${finding.properties.findingId}/${photoId}`} photo={photo} findingId={here} mask={mask} onMask={onMask} framePx={framePx} fills
        onPick={(id) => onOpen(standsFor(photo, id))} {...(edit ? { overlay: <MaskOverlay edit={edit} act={actMask} /> } : {})} />
    );
  return (
    <div className="review-photo">
      {picture}
      {photos.ids.length > 1 && !edit && (
        <div className="photo-steps">
          <button type="button" className="tool icon" onClick={() => photos.step(-1)} aria-label={t.review.photoPrevious} title={`${t.review.photoPrevious} ([)`} aria-keyshortcuts="[">
            <ChevronLeft aria-hidden />
          </button>
          <span>{t.review.photoOf(number(photos.at + 1), number(photos.ids.length))}</span>
          <span className="quiet">{known?.name ?? ''}</span>
          {photos.at > 0 && <span className="quiet photo-other">{t.review.photoOther}</span>}
          <span className="grow" />
          <button type="button" className="tool icon" onClick={() => photos.step(1)} aria-label={t.review.photoNext} title={`${t.review.photoNext} (])`} aria-keyshortcuts="]">
            <ChevronRight aria-hidden />
          </button>
        </div>
      )}
    </div>
  );
}

/** The finding on this photo that shows the damage: itself, else one that was merged into it; its own photo may show both. */
export const findingIn = (photo: PhotoDetail, findingId: string): string | null =>
  (photo.findings.find((f) => f.properties.findingId === findingId) ?? photo.findings.find((f) => f.properties.mergedInto === findingId))?.properties.findingId ?? null;

const standsFor = (photo: PhotoDetail, id: string) => photo.findings.find((f) => f.properties.findingId === id)?.properties.mergedInto ?? id;

/** The photo with what a person has drawn in the place of the model's mask, and without what is no damage. */
function withPlan(photo: PhotoDetail, findingId: string, rings: Ring[] | undefined): PhotoDetail {
  const findings = photo.findings
    .filter((f) => f.properties.status !== 'rejected' || f.properties.findingId === findingId)
    .map((f) => (rings && f.properties.findingId === findingId ? { ...f, properties: { ...f.properties, pixelRings: rings } } : f));
  return { ...photo, findings };
}
