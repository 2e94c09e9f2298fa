import { useCallback, useEffect, useRef, useState } from 'react';
import { isFull } from '../edge/database';
import type { Outbox } from '../edge/outbox';
import type { Hint } from '../edge/types';
import type { Draft } from '../tablet/draft';
import type { DraftHold } from '../tablet/useDraft';
import { isSame, modelsHere, modelsThere, sizeOf, takeAlong, wasmUrl } from './files';
import { Hinter } from './hinter';
import { hintOf } from './suggest';
import type { Model } from './types';

export interface HintFiles {
  /** on the tablet; undefined until it was looked, null: not there */
  here: Model[] | null | undefined;
  /** what could be taken along, and its size */
  offer: { models: Model[]; sizeBytes: number; isNewer: boolean } | null;
  state: 'idle' | 'getting' | 'failed' | 'full';
  get: () => void;
}

export interface Hints {
  files: HintFiles;
  /** how far a photo is, or that nothing came of it */
  now: ReadonlyMap<string, { done: number; all: number } | 'failed'>;
  stop: (photoId: string) => void;
}

/** The files that hints need: on the tablet, or offered while there is a line. Nothing is fetched before somebody said so. */
export function useHintFiles(online: boolean): HintFiles {
  const [here, setHere] = useState<Model[] | null>();
  const [there, setThere] = useState<Model[] | null>(null);
  const [state, setState] = useState<HintFiles['state']>('idle');
  const abort = useRef<AbortController | null>(null);
  useEffect(() => {
    let gone = false;
    modelsHere().then((models) => !gone && setHere(models), () => !gone && setHere(null));
    if (online) void modelsThere().then((models) => !gone && setThere(models));
    return () => void (gone = true);
  }, [online]);
  useEffect(() => () => abort.current?.abort(), []);
  const get = () => {
    if (!there || state === 'getting') return;
    setState('getting');
    abort.current = new AbortController();
    takeAlong(there, abort.current.signal)
      .then(modelsHere)
      .then((models) => {
        setHere(models);
        setState('idle');
      })
      .catch((error: unknown) => setState(isFull(error) ? 'full' : 'failed'));
  };
  const isOffered = here !== undefined && there !== null && online && !(here && isSame(here, there));
  return { here, offer: isOffered ? { models: there, sizeBytes: sizeOf(there), isNewer: here !== null } : null, state, get };
}

/** Looks at the draft's photos as they come. Whatever goes wrong, the report goes on without a hint. */
export function useHints(outbox: Outbox, hold: DraftHold, online: boolean): Hints {
  const files = useHintFiles(online);
  const [now, setNow] = useState<Hints['now']>(new Map());
  const [hinter] = useState(() => new Hinter());
  const running = useRef(new Map<string, AbortController>());
  const { draft, change } = hold;
  const models = files.here;

  const note = useCallback((photoId: string, what: { done: number; all: number } | 'failed' | null) => {
    setNow((was) => {
      const next = new Map(was);
      if (what) next.set(photoId, what);
      else next.delete(photoId);
      return next;
    });
  }, []);

  useEffect(() => {
    if (!models || !draft) return;
    const wanted = draft.photos.map((p) => p.photoId);
    for (const [photoId, abort] of running.current) {
      if (wanted.includes(photoId)) continue;
      abort.abort();
      running.current.delete(photoId);
    }
    for (const photoId of wanted) {
      if (running.current.has(photoId) || draft.hints?.some((h) => h.photoId === photoId)) continue;
      const abort = new AbortController();
      running.current.set(photoId, abort); // stays: what failed once is not tried again and again
      note(photoId, { done: 0, all: 0 });
      void (async () => {
        const photo = await outbox.journal.photo(photoId);
        if (!photo?.bytes) throw new Error('the photo is not here');
        const looks = await hinter.look(photo.bytes, models, wasmUrl, (done, all) => note(photoId, { done, all }), abort.signal);
        change((was) => (was.photos.some((p) => p.photoId === photoId) ? { hints: [...(was.hints ?? []).filter((h) => h.photoId !== photoId), ...looks.map((look) => hintOf(photoId, look))] } : {}));
        note(photoId, null);
        running.current.delete(photoId);
      })().catch((error: unknown) => {
        if (!abort.signal.aborted) console.warn('no hint:', error);
        note(photoId, abort.signal.aborted ? null : 'failed');
      });
    }
  }, [models, draft, outbox, hinter, change, note]);

  useEffect(() => {
    const all = running.current;
    return () => {
      for (const abort of all.values()) abort.abort();
      all.clear();
      hinter.stop();
    };
  }, [hinter]);

  const stop = useCallback((photoId: string) => running.current.get(photoId)?.abort(), []);
  return { files, now, stop };
}

/** The hints of the photos that are sent; taken is what is still as it was suggested. */
export const takenOf = ({ hints, photos, category, severity }: Draft): Hint[] =>
  (hints ?? [])
    .filter((h) => photos.some((p) => p.photoId === h.photoId))
    .map((h) => ({ ...h, taken: h.taken && h.suggested?.category === category && h.suggested.severity === severity }));
