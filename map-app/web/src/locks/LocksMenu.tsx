import * as Dialog from '@radix-ui/react-dialog';
import { KeyRound } from 'lucide-react';
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react';
import { useT } from '../i18n';
import { Loading } from '../panels/States';
import type { View } from '../state/store';

// Whoever never opens it does not download it.
const LocksScreen = lazy(() => import('./LocksScreen').then((m) => ({ default: m.LocksScreen })));

/** The way to bookings and locks: a button, and the key B. */
export function LocksMenu({ view, person }: { view: View; person: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const pressed = useEffectEvent((e: KeyboardEvent) => {
    if (e.key.toLowerCase() !== 'b' || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    if (e.target instanceof Element && e.target.closest('input, textarea, select')) return;
    if (document.querySelector('[role="dialog"][data-modal]')) return;
    e.preventDefault();
    setOpen(true);
  });
  useEffect(() => {
    const listener = (e: KeyboardEvent) => pressed(e);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="tool icon" aria-label={t.locks.title} title={`${t.locks.title} (B)`}>
        <KeyRound aria-hidden />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="locks-screen" data-modal aria-describedby={undefined} onInteractOutside={(e) => e.preventDefault()}>
          <Suspense fallback={<Loading />}>
            <LocksScreen view={view} person={person} />
          </Suspense>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
