import { useEffect, useState } from 'react';
import { getPhoto } from '../api/client';
import type { PhotoDetail } from '../api/types';

export type Loaded = { state: 'loading' } | { state: 'failed'; retry: () => void } | { state: 'loaded'; photo: PhotoDetail };

/** Asks for a photo's details, again whenever the photo's revision grows (it was scored meanwhile). */
export function usePhotoDetail(photoId: string | null, revision: number): Loaded {
  const [answer, setAnswer] = useState<{ photoId: string; photo: PhotoDetail | null } | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (photoId === null) return;
    const abort = new AbortController();
    getPhoto(photoId, abort.signal).then(
      (photo) => setAnswer({ photoId, photo }),
      () => !abort.signal.aborted && setAnswer({ photoId, photo: null }),
    );
    return () => abort.abort();
  }, [photoId, revision, attempt]);
  if (answer === null || answer.photoId !== photoId) return { state: 'loading' };
  if (answer.photo) return { state: 'loaded', photo: answer.photo };
  return { state: 'failed', retry: () => setAttempt((n) => n + 1) };
}
