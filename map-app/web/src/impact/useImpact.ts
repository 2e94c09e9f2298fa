import { useEffect, useState } from 'react';
import { fetchProven } from '../access/proof';
import { getJson } from '../api/client';
import type { Lang } from '../i18n';
import { isAsked, type Answer, type Question, type Register } from './types';

const calmMs = 120; // a row of checkboxes is one question

export type Residents = { state: 'loading' } | { state: 'failed' } | { state: 'known'; register: Register | null };
export interface Asked {
  answer: Answer | null;
  /** the server's own words, or empty when there was no answer */
  error: string | null;
  counting: boolean;
}

export const post = (question: Question, query: string, signal?: AbortSignal) =>
  fetchProven(`/api/v1/impact?${query}`, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(question), ...(signal ? { signal } : {}) });

/** What is known of the residents as a whole. */
export function useResidents(): [Residents, () => void] {
  const [residents, setResidents] = useState<Residents>({ state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    getJson<{ register: Register | null }>('/api/v1/residents', abort.signal).then(
      ({ register }) => setResidents({ state: 'known', register }),
      () => abort.signal.aborted || setResidents({ state: 'failed' }),
    );
    return () => abort.abort();
  }, [attempt]);
  return [residents, () => setAttempt((n) => n + 1)];
}

/** The answer to the newest question; the one before stands until it is there. */
export function useAnswer(question: Question, lang: Lang): Asked {
  const [asked, setAsked] = useState<Asked>({ answer: null, error: null, counting: false });
  const text = JSON.stringify(question);
  const wanted = isAsked(question);
  useEffect(() => {
    if (!wanted) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      setAsked((was) => ({ ...was, counting: true }));
      post(JSON.parse(text) as Question, `lang=${lang}`, abort.signal).then(
        async (response) => {
          const body = (await response.json().catch(() => null)) as (Answer & { error?: string; ja?: string; en?: string }) | null;
          if (abort.signal.aborted) return;
          if (response.ok && body) setAsked({ answer: body, error: null, counting: false });
          else setAsked({ answer: null, error: body?.[lang] ?? body?.error ?? '', counting: false });
        },
        () => abort.signal.aborted || setAsked({ answer: null, error: '', counting: false }),
      );
    }, calmMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, lang, wanted]);
  return wanted ? asked : { answer: null, error: null, counting: false };
}

/** Saves a file that the server makes; false when it does not. */
export async function download(question: Question, format: string, table: string, lang: Lang): Promise<boolean> {
  try {
    const response = await post(question, `format=${format}&table=${table}&lang=${lang}`);
    if (!response.ok) return false;
    const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
    const url = URL.createObjectURL(await response.blob());
    const link = document.createElement('a');
    link.href = url;
    link.download = named ? decodeURIComponent(named) : `impact.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    return true;
  } catch {
    return false;
  }
}
