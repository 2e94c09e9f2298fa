import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { onLookAtSession } from './look';
import { getSession, type Session } from './session';

const retryMs = 5_000;
const calmMs = 2_000;

interface Known {
  session: Session | null;
  /** why there is none; while there is one, a failure says nothing about it */
  error: ApiError | null;
  set: (session: Session) => void;
  /** asks the server at once */
  look: () => void;
}

/** Who is signed in, as the server says; asked again when something hints that it changed. */
export function useSession(): Known {
  const [session, setSession] = useState<Session | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const lookedAt = useRef(0);
  const look = useCallback(() => setAttempt((n) => n + 1), []);

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    lookedAt.current = Date.now();
    getSession(abort.signal).then(
      (answer) => {
        setError(null);
        setSession((known) => (known && JSON.stringify(known) === JSON.stringify(answer) ? known : answer));
      },
      (reason: unknown) => {
        if (abort.signal.aborted) return;
        setError(reason instanceof ApiError ? reason : new ApiError('/api/v1/session', null));
        timer = setTimeout(look, retryMs);
      },
    );
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [attempt, look]);

  useEffect(() => onLookAtSession(() => Date.now() - lookedAt.current > calmMs && look()), [look]);
  return { session, error, set: setSession, look };
}
