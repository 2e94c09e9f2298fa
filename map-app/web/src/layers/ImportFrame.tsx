import * as Dialog from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';
import { number } from '../format/numbers';
import { useLang, useT } from '../i18n';
import type { Note } from './types';

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
}

/** The window in which files are brought in. */
export function ImportFrame({ open, onClose, title, children }: Props) {
  const t = useT();
  return (
    <Dialog.Root open={open} onOpenChange={(v) => !v && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog form-dialog import-dialog" data-modal data-wide>
          <header>
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close className="button">{t.imported.import.close}</Dialog.Close>
          </header>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What the server remarked, by row and field. */
export function Notes({ notes }: { notes: Note[] }) {
  const t = useT();
  const lang = useLang();
  if (notes.length === 0) return null;
  return (
    <ul className="import-notes">
      {notes.map((n, at) => <li key={at}>{n.row > 0 && <strong>{t.imported.import.row(number(n.row))} </strong>}{n.field && `[${n.field}] `}{n[lang]}</li>)}
    </ul>
  );
}
