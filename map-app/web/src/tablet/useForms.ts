import { useEffect, useState } from 'react';
import { getJson } from '../api/client';
import { keep, kept } from '../edge/database';
import type { Form } from './forms';

/** The municipality's own forms; those of the last time while there is no line. */
export function useForms(): Form[] {
  const [forms, setForms] = useState<Form[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    void kept<Form[]>('forms').then((known) => known && setForms((now) => (now.length > 0 ? now : known)), () => undefined);
    getJson<{ forms: Form[] }>('/api/v1/report-forms', abort.signal).then(
      (answer) => {
        setForms(answer.forms);
        void keep('forms', answer.forms).catch(() => undefined);
      },
      () => undefined,
    );
    return () => abort.abort();
  }, []);
  return forms;
}
