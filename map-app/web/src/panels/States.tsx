import { Inbox, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../i18n';

/** Grey bars in the place of what is coming. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const t = useT();
  return (
    <div className="loading" aria-busy="true">
      <span className="visually-hidden">{t.list.loading}</span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="skeleton" />
      ))}
    </div>
  );
}

export function Failed({ title, hint, onRetry }: { title: string; hint?: string; onRetry?: () => void }) {
  const t = useT();
  return (
    <div className="state" role="alert">
      <TriangleAlert aria-hidden size={28} />
      <h2>{title}</h2>
      {hint && <p>{hint}</p>}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {t.list.retry}
        </button>
      )}
    </div>
  );
}

export function Empty({ title, hint, children }: { title: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="state">
      <Inbox aria-hidden size={28} />
      <h2>{title}</h2>
      {hint && <p>{hint}</p>}
      {children}
    </div>
  );
}

/** はじめての方へ: nothing has ever arrived, so say what to do. */
export function FirstSteps() {
  const t = useT();
  return (
    <section className="first">
      <h2>{t.first.title}</h2>
      <p>{t.first.intro}</p>
      <ol>
        <li>{t.first.step1}</li>
        <li>
          {t.first.step2}
          <code>{t.first.command}</code>
        </li>
        <li>{t.first.step3}</li>
      </ol>
      <p>{t.first.demo}</p>
      <code>{t.first.demoCommand}</code>
    </section>
  );
}
