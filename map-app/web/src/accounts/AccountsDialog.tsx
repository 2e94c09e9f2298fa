import * as Dialog from '@radix-ui/react-dialog';
import { useState } from 'react';
import type { Person } from '../access/session';
import { AccountsScreen } from './AccountsScreen';
import type { Secret } from './types';

/** People and tokens, over the map. What is shown only once holds it open. */
export default function AccountsDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const [secret, setSecret] = useState<Secret | null>(null);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && secret === null && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="desk-screen" data-modal aria-describedby={undefined} onInteractOutside={(e) => e.preventDefault()}>
          <AccountsScreen person={person} secret={secret} onSecret={setSecret} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
