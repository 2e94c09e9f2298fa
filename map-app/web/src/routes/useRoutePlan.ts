import { useCallback, useEffect, useState } from 'react';
import { send } from '../api/answer';
import { getJson } from '../api/client';
import type { RouteAnswer, RouteError, RouteOptions } from './types';

const calmMs = 400;

export interface PlanState {
  /** the newest answer with a plan, flyable or not */
  answer: RouteAnswer | null;
  /** the body that it answers */
  body: string | null;
  /** why there is no plan at all, or why it cannot be flown */
  errors: RouteError[];
  /** no answer to the newest question */
  failed: boolean;
}

/**
 * Asks for the plan of a body a moment after it last changed; only the newest answer counts. With another `edition` of what the server keeps, the same body is
 * asked for again.
 */
export function useRoutePlan(body: string | null, edition: string) {
  const [state, setState] = useState<PlanState & { edition: string }>({ answer: null, body: null, errors: [], failed: false, edition });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (body === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      void ask(body, abort.signal).then((next) => {
        if (!abort.signal.aborted) setState((old) => (next ? { ...next, body, edition } : { ...old, body, edition, failed: true }));
      });
    }, calmMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [body, edition, attempt]);
  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  return { ...state, pending: body !== null && (body !== state.body || edition !== state.edition), retry };
}

/** Null without an answer that says anything. */
async function ask(body: string, signal: AbortSignal): Promise<Omit<PlanState, 'body'> | null> {
  const answer = await send<RouteAnswer>('POST', '/api/v1/routes', body, { signal });
  const said = answer.ok ? answer.value : answer.fault && answer.fault.status < 500 ? (answer.fault.body as Partial<RouteAnswer> | null) : null;
  if (!Array.isArray(said?.errors)) return null;
  return { answer: said.preview ? (said as RouteAnswer) : null, errors: said.errors, failed: false };
}

/** Cameras and numbers, once. */
export function useRouteOptions() {
  const [options, setOptions] = useState<RouteOptions | 'failed' | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    getJson<RouteOptions>('/api/v1/routes/options', abort.signal).then(setOptions, () => {
      if (!abort.signal.aborted) setOptions('failed');
    });
    return () => abort.abort();
  }, [attempt]);
  const retry = useCallback(() => {
    setOptions(null);
    setAttempt((n) => n + 1);
  }, []);
  return { options, retry };
}
