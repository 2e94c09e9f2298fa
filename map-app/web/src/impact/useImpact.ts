import { useEffect, useState } from 'react';
import { send, wordsOf } from '../api/answer';
import { getJson } from '../api/client';
import { useLang, useT } from '../i18n';
import { isAsked, type Answer, type Question, type Register } from './types';

export const impactPath = '/api/v1/impact';
const calmMs = 120; // a row of checkboxes is one question

export type Residents = { state: 'loading' } | { state: 'failed' } | { state: 'known'; register: Register | null };
export interface Asked {
  answer: Answer | null;
  /** why there is none */
  error: string | null;
  counting: boolean;
}

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
export function useAnswer(question: Question): Asked {
  const t = useT();
  const lang = useLang();
  const [asked, setAsked] = useState<Asked>({ answer: null, error: null, counting: false });
  const text = JSON.stringify(question);
  const wanted = isAsked(question);
  useEffect(() => {
    if (!wanted) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      setAsked((was) => ({ ...was, counting: true }));
      void send<Answer>('POST', `${impactPath}?lang=${lang}`, text, { signal: abort.signal }).then((answer) => {
        if (abort.signal.aborted) return;
        setAsked(answer.ok ? { answer: answer.value, error: null, counting: false } : { answer: null, error: wordsOf(answer.fault, lang, t), counting: false });
      });
    }, calmMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, lang, t, wanted]);
  return wanted ? asked : { answer: null, error: null, counting: false };
}
