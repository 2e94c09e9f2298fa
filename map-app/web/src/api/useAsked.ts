import { useCallback, useState } from 'react';
import { useLang, useT } from '../i18n';
import { wordsOf, type Answer, type Fault } from './answer';

/** Why it was not done, in the reader's language; `fault` is null when there was no answer. */
export interface Said {
  text: string;
  fault: Fault | null;
}

export interface Asked {
  busy: boolean;
  /** of the last request */
  said: Said | null;
  run: <T>(ask: () => Promise<Answer<T>>, then?: (value: T) => void) => Promise<Answer<T>>;
  /** Takes away what was said. */
  forget: () => void;
}

/** A request that changes something, and what became of the last one. */
export function useAsked(): Asked {
  const t = useT();
  const lang = useLang();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null | undefined>(undefined);
  const run: Asked['run'] = async (ask, then) => {
    setBusy(true);
    setFault(undefined);
    const answer = await ask();
    setBusy(false);
    if (answer.ok) then?.(answer.value);
    else setFault(answer.fault);
    return answer;
  };
  const forget = useCallback(() => setFault(undefined), []);
  return { busy, said: fault === undefined ? null : { text: wordsOf(fault, lang, t), fault }, run, forget };
}
