import * as Toast from '@radix-ui/react-toast';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useT, wording } from '../i18n';
import type { Said } from './useReview';

const shownMs = 8_000;

/** What was just decided, with the way back. */
export function ReviewToast({ said, onUndo }: { said: Said | null; onUndo: () => void }) {
  const t = useT();
  const [closed, setClosed] = useState(0);
  return (
    <Toast.Provider duration={shownMs} label={t.review.toasts} swipeDirection="down">
      {said && (
        <Toast.Root key={said.key} className="toast" open={closed !== said.key} onOpenChange={(open) => !open && setClosed(said.key)}>
          <Toast.Description>{textOf(t, said)}</Toast.Description>
          {said.text !== 'undo' && said.text !== 'nothing' && (
            <Toast.Action className="toast-action" altText={t.review.undo} onClick={onUndo}>
              <Undo2 aria-hidden size={18} /> {t.review.undo}
            </Toast.Action>
          )}
        </Toast.Root>
      )}
      <Toast.Viewport className="toasts" label={t.review.toasts} />
    </Toast.Provider>
  );
}

function textOf(t: ReturnType<typeof useT>, { text, finding, letter }: Said): string {
  if (text === 'nothing') return t.review.nothingToUndo;
  const what = finding ? wording(t.className, finding.properties.class) : '';
  return t.review.said[text](letter ? `${what} ${letter}` : what);
}
