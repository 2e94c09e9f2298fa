import { ServerOff } from 'lucide-react';
import type { ApiError } from '../api/client';
import { useT } from '../i18n';

/** The server cannot even say what site it is: what happened and what to do. */
export function Fatal({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const t = useT();
  return (
    <main className="fatal" role="alert">
      <ServerOff aria-hidden size={40} />
      <h1>{t.fatal.title}</h1>
      <p>{error.status === null ? t.fatal.noAnswer : t.fatal.status(error.status)}</p>
      <p className="quiet">{t.fatal.retrying}</p>
      <button type="button" className="button primary" onClick={onRetry}>
        {t.fatal.retry}
      </button>
    </main>
  );
}
