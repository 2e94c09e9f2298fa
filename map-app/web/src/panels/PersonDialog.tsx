import * as Dialog from '@radix-ui/react-dialog';
import { useState } from 'react';
import { useT } from '../i18n';

const maxLength = 100;

interface Props {
  open: boolean;
  name: string;
  onSave: (name: string) => void;
  onClose: () => void;
}

/** Asks once who decides. There is no sign-in yet, and it says so. */
export function PersonDialog({ open, name, onSave, onClose }: Props) {
  const t = useT();
  return (
    <Dialog.Root open={open} onOpenChange={(v) => !v && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog form-dialog" data-modal>
          <header>
            <Dialog.Title>{t.review.person.title}</Dialog.Title>
          </header>
          <Form name={name} onSave={onSave} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Form({ name, onSave }: { name: string; onSave: (name: string) => void }) {
  const t = useT();
  const p = t.review.person;
  const [typed, setTyped] = useState(name);
  const clean = typed.trim();
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        if (clean) onSave(clean);
      }}
    >
      <Dialog.Description>{p.why}</Dialog.Description>
      <label className="field">
        <span>{p.label}</span>
        <input value={typed} onChange={(e) => setTyped(e.currentTarget.value)} maxLength={maxLength} autoComplete="name" />
      </label>
      <div className="form-foot">
        <Dialog.Close className="button">{p.later}</Dialog.Close>
        <button type="submit" className="button primary" disabled={!clean}>
          {p.save}
        </button>
      </div>
    </form>
  );
}
