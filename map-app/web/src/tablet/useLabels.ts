import { useEffect, useState } from 'react';
import { getJson } from '../api/client';

/** What tablets are called, by their id; asked again when something came from one. */
export function useLabels(news: unknown): ReadonlyMap<string, string> {
  const [labels, setLabels] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const abort = new AbortController();
    getJson<{ tablets: { id: string; label: string }[] }>('/api/v1/tablets', abort.signal).then(
      ({ tablets }) => setLabels(new Map(tablets.map((t) => [t.id, t.label]))),
      () => undefined,
    );
    return () => abort.abort();
  }, [news]);
  return labels;
}
