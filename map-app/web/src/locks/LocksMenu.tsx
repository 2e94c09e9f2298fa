import * as Dialog from '@radix-ui/react-dialog';
import { KeyRound } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useT } from '../i18n';
import { Loading } from '../panels/States';
import type { View } from '../state/store';
import type { Selection } from '../state/ui';

// Whoever never opens it does not download it.
const LocksScreen = lazy(() => import('./LocksScreen').then((m) => ({ default: m.LocksScreen })));

/** The way to bookings and locks: a button, and its command. */
export function LocksMenu({ view, person, open, onOpen, onSelect }: { view: View; person: string; open: boolean; onOpen: (open: boolean) => void; onSelect: (selection: Selection) => void }) {
  const t = useT();
  const show = (device: string) => {
    onOpen(false);
    onSelect({ kind: 'door', id: device });
  };
  return (
    <Dialog.Root open={open} onOpenChange={onOpen}>
      <Dialog.Trigger className="tool icon" aria-label={t.locks.title} title={`${t.locks.title} (B)`}>
        <KeyRound aria-hidden />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="desk-screen" data-modal aria-describedby={undefined} onInteractOutside={(e) => e.preventDefault()}>
          <Suspense fallback={<Loading />}>
            <LocksScreen view={view} person={person} onShow={show} />
          </Suspense>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
