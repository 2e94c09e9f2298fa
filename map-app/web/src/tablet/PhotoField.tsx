import { Camera, ImagePlus, LoaderCircle, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Outbox } from '../edge/outbox';
import type { Hint } from '../edge/types';
import { intake, NotAPhoto } from '../edge/photos';
import { number } from '../format/numbers';
import { HintCard, HintFrame } from '../hint/HintCard';
import type { Hints } from '../hint/useHints';
import { useT } from '../i18n';
import type { DraftHold } from './useDraft';

const mostPhotos = 32;

/** The camera, and what was taken with it. A photo is on the disk before it is shown. */
export function PhotoField({ outbox, hold, hints }: { outbox: Outbox; hold: DraftHold; hints: Hints }) {
  const t = useT();
  const camera = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [reading, setReading] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const photos = hold.draft?.photos ?? [];

  const take = async (files: FileList | null) => {
    setProblem(null);
    for (const file of [...(files ?? [])].slice(0, mostPhotos - photos.length)) {
      setReading((n) => n + 1);
      try {
        const photo = await intake(file);
        const fits = await outbox.journal.addPhoto(photo);
        const { photoId, name, sizeBytes, capturedAt } = photo;
        if (fits) hold.change((was) => (was.photos.some((p) => p.photoId === photoId) ? {} : { photos: [...was.photos, { photoId, name, sizeBytes, capturedAt }] }));
        else {
          hold.change((was) => ({ missing: [...new Set([...was.missing, name])] }));
          setProblem(t.tablet.report.noRoom(name));
        }
      } catch (error) {
        setProblem(error instanceof NotAPhoto ? t.tablet.report.notAPhoto(file.name) : t.tablet.report.noRoom(file.name));
      } finally {
        setReading((n) => n - 1);
      }
    }
  };
  const input = (which: typeof camera, capture: boolean, label: string) => (
    <input
      ref={which}
      type="file"
      accept="image/*"
      multiple={!capture}
      className="visually-hidden"
      tabIndex={-1}
      aria-label={label}
      {...(capture ? { capture: 'environment' as const } : {})}
      onChange={(event) => {
        const files = event.target.files;
        void take(files).then(() => which.current && (which.current.value = ''));
      }}
    />
  );
  return (
    <section className="report-photos" aria-label={t.tablet.report.photos(number(photos.length))}>
      <div className="photo-buttons">
        <button type="button" className="button primary tall" onClick={() => camera.current?.click()}>
          <Camera aria-hidden size={28} /> {photos.length === 0 ? t.tablet.report.photo : t.tablet.report.morePhotos}
        </button>
        <button type="button" className="button tall" onClick={() => folder.current?.click()} aria-label={t.tablet.report.fromFolder} title={t.tablet.report.fromFolder}>
          <ImagePlus aria-hidden size={28} />
        </button>
        {input(camera, true, t.tablet.report.photo)}
        {input(folder, false, t.tablet.report.fromFolder)}
      </div>
      {(photos.length > 0 || reading > 0) && (
        <ul className="photo-strip">
          {photos.map((photo, i) => (
            <li key={photo.photoId}>
              <Picture outbox={outbox} photoId={photo.photoId} hints={hold.draft?.hints?.filter((h) => h.photoId === photo.photoId)} />
              <button
                type="button"
                className="photo-remove"
                aria-label={t.tablet.report.removePhoto(number(i + 1))}
                onClick={() => hold.change((was) => ({ photos: was.photos.filter((p) => p.photoId !== photo.photoId), hints: (was.hints ?? []).filter((h) => h.photoId !== photo.photoId) }))}
              >
                <X aria-hidden size={20} />
              </button>
            </li>
          ))}
          {reading > 0 && (
            <li className="photo-reading" aria-busy="true">
              <LoaderCircle aria-hidden className="spin" />
              <span className="visually-hidden">{t.tablet.report.reading}</span>
            </li>
          )}
        </ul>
      )}
      <HintCard hints={hints} hold={hold} />
      {problem && (
        <p role="alert" className="field-problem">
          {problem}
        </p>
      )}
    </section>
  );
}

/** A photo of the tablet, small. */
export function Picture({ outbox, photoId, hints = [] }: { outbox: Outbox; photoId: string; hints?: Hint[] | undefined }) {
  const [url, setUrl] = useState<string | null>(null);
  const [ratio, setRatio] = useState(4 / 3);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    void outbox.journal.photo(photoId).then((photo) => {
      const blob = photo?.thumbnail ?? photo?.bytes;
      if (!blob || gone) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [outbox, photoId]);
  if (!url) return <span className="photo-empty" />;
  return (
    <>
      <img src={url} alt="" onLoad={({ currentTarget: img }) => setRatio(img.naturalWidth / img.naturalHeight)} />
      <HintFrame places={hints.flatMap((h) => h.places)} ratio={ratio} />
    </>
  );
}
