import { useState } from 'react';
import type { Answer } from '../api/answer';
import { useLang, useT } from '../i18n';

export interface Asked {
  busy: boolean;
  /** why the last request was refused */
  said: { text: string; code: string } | null;
  run: <T>(ask: () => Promise<Answer<T>>, then: (value: T) => void) => Promise<void>;
}

/** One request at a time, and what became of the last one in the reader's language. */
export function useAsked(): Asked {
  const t = useT();
  const lang = useLang();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Asked['said']>(null);
  const run: Asked['run'] = async (ask, then) => {
    if (busy) return;
    setBusy(true);
    setSaid(null);
    const answer = await ask();
    setBusy(false);
    if (answer.ok) then(answer.value);
    else setSaid({ text: answer.fault?.[lang] ?? t.access.noAnswer, code: answer.fault?.code ?? '' });
  };
  return { busy, said, run };
}
