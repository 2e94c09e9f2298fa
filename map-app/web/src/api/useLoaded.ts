import { useCallback, useEffect, useEffectEvent, useState } from 'react';

export interface Loaded<T> {
  /** the last answer; stays while a newer one is asked for */
  data: T | null;
  failed: boolean;
  renew: () => void;
}

/** What the server answers, asked again when `key` changes and every so often. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>, everyMs: number): Loaded<T> {
  const [answer, setAnswer] = useState<{ key: string; data: T } | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const renew = useCallback(() => setAttempt((n) => n + 1), []);
  const ask = useEffectEvent(load);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(renew, everyMs);
    ask(abort.signal).then(
      (data) => {
        setAnswer({ key, data });
        setFailed(false);
      },
      () => !abort.signal.aborted && setFailed(true),
    );
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [key, attempt, everyMs, renew]);
  return { data: answer?.key === key ? answer.data : null, failed, renew };
}
