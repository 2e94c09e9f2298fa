import { useCallback, useEffect, useRef, useState } from 'react';
import type { Owner } from '../edge/types';
import { keepDraft, newDraft, readDraft, type Draft } from './draft';

const calmMs = 250;

export interface DraftHold {
  /** null until it was read */
  draft: Draft | null;
  /** the last change is not on the disk: there is no room for it */
  unkept: boolean;
  change: (part: Partial<Draft> | ((was: Draft) => Partial<Draft>)) => void;
  renew: (part?: Partial<Draft>) => void;
}

/** The person's draft: read once, then written a moment after each change, and at once when the page is hidden. */
export function useDraft(owner: Owner): DraftHold {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [unkept, setUnkept] = useState(false);
  const newest = useRef<Draft | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const write = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (newest.current) keepDraft(newest.current).then(() => setUnkept(false), () => setUnkept(true));
  }, []);

  useEffect(() => {
    let gone = false;
    readDraft(owner).then(
      (kept) => !gone && setDraft((newest.current = kept ?? newDraft(owner))),
      () => !gone && setDraft((newest.current = newDraft(owner))),
    );
    const hidden = () => timer.current !== undefined && write();
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('pagehide', hidden);
    return () => {
      gone = true;
      hidden();
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('pagehide', hidden);
    };
  }, [owner, write]);

  const change = useCallback(
    (part: Partial<Draft> | ((was: Draft) => Partial<Draft>)) => {
      const was = newest.current;
      if (!was) return;
      setDraft((newest.current = { ...was, ...(typeof part === 'function' ? part(was) : part) }));
      clearTimeout(timer.current);
      timer.current = setTimeout(write, calmMs);
    },
    [write],
  );
  /** After sending: what was kept is gone already, in the same step as the report came in. */
  const renew = useCallback(
    (part?: Partial<Draft>) => {
      clearTimeout(timer.current);
      timer.current = undefined;
      setDraft((newest.current = { ...newDraft(owner), ...part }));
      write();
    },
    [owner, write],
  );
  return { draft, unkept, change, renew };
}
