import { TriangleAlert } from 'lucide-react';
import type { Said } from '../api/useAsked';
import { clockSeconds } from '../format/time';
import { useT } from '../i18n';
import { useNow } from '../useNow';

/** Why it was not done; where somebody else was first, the way to what they made of it. */
export function Problem({ said, onNewest }: { said: Said | null; onNewest?: () => void }) {
  const t = useT();
  return (
    <div role="alert" className="problem-holder">
      {said && (
        <p className="problem">
          <TriangleAlert aria-hidden size={20} />
          {said.fault?.retryAt ? <Until at={said.fault.retryAt} /> : <span>{said.text} {onNewest && said.fault?.code === 'changed' && <button type="button" className="text-button" onClick={onNewest}>{t.accounts.newest}</button>}</span>}
        </p>
      )}
    </div>
  );
}

/** When it is worth trying again. */
function Until({ at }: { at: string }) {
  const t = useT();
  const now = useNow(1_000);
  return <span>{Date.parse(at) > now.getTime() ? t.access.waitUntil(clockSeconds(t, new Date(at))) : t.access.waitOver}</span>;
}
