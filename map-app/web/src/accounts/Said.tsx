import { TriangleAlert } from 'lucide-react';
import { useT } from '../i18n';
import type { Asked } from './useAsked';

/** Why it was not done; where somebody else was first, the way to what they made of it. */
export function Said({ said, onNewest }: { said: Asked['said']; onNewest?: () => void }) {
  const t = useT();
  return (
    <div role="alert" className="problem-holder">
      {said && (
        <p className="problem">
          <TriangleAlert aria-hidden size={20} />
          <span>{said.text} {onNewest && said.code === 'changed' && <button type="button" className="text-button" onClick={onNewest}>{t.accounts.newest}</button>}</span>
        </p>
      )}
    </div>
  );
}
