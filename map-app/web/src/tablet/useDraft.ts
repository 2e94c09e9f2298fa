import { useCallback, useEffect, useRef, useState } from 'react';
import type { Owner } from '../edge/types';
import { keepDraft, newDraft, readDraft, type Draft } from './draft';

export interface DraftHold {
  /** null until it was read */
  draft: Draft | null;
  /** the last change is not on the disk: there is no room for it */
  unkept: boolean;
  change: (part: Partial<Draft> | ((was: Draft) => Partial<Draft>)) => void;
  renew: (part?: Partial<Draft>) => void;
}

/** The person's draft: read once, then written with each change. */
export function useDraft(owner: Owner): DraftHold {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [unkept, setUnkept] = useState(false);
  const newest = useRef<Draft | null>(null);
  const writing = useRef(false);
  const again = useRef(false);

  /** As fast as the disk takes it: what comes while one is written goes with the next. */
  const write = useCallback(() => {
    if (writing.current) {
      again.current = true;
      return;
    }
    const next = (): Promise<void> => {
      again.current = false;
      return (newest.current ? keepDraft(newest.current) : Promise.resolve()).then(() => setUnkept(false), () => setUnkept(true)).then(() => (again.current ? next() : undefined));
    };
    writing.current = true;
    void next().then(() => (writing.current = false));
  }, []);

  useEffect(() => {
    let gone = false;
    readDraft(owner).then(
      (kept) => !gone && setDraft((newest.current = kept ?? newDraft(owner))),
      () => !gone && setDraft((newest.current = newDraft(owner))),
    );
    const hidden = () => again.current && newest.current && void keepDraft(newest.current).catch(() => undefined);
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
      write();
    },
    [write],
  );
  /** After sending: what was kept is gone already, in the same step as the report came in. */
  const renew = useCallback(
    (part?: Partial<Draft>) => {
      setDraft((newest.current = { ...newDraft(owner), ...part }));
      write();
    },
    [owner, write],
  );
  return { draft, unkept, change, renew };
}
