import * as Dialog from '@radix-ui/react-dialog';
import { useRef, useState } from 'react';
import { useT } from '../i18n';
import { joinNote } from './plan';

const maxNote = 1000;

/** Why it is no damage: one key or touch is enough, and none is needed. */
export function RejectDialog({ open, onReject, onClose }: { open: boolean; onReject: (note: string) => void; onClose: () => void }) {
  const t = useT();
  const plain = useRef<HTMLButtonElement>(null);
  // Enter at once rejects without a reason: the first reason must not be what it presses
  const begin = (e: Event) => {
    e.preventDefault();
    plain.current?.focus();
  };
  return (
    <Dialog.Root open={open} onOpenChange={(v) => !v && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog form-dialog" data-modal onOpenAutoFocus={begin}>
          <header>
            <Dialog.Title>{t.review.rejectTitle}</Dialog.Title>
          </header>
          <Reasons plain={plain} onReject={onReject} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Reasons({ plain, onReject }: { plain: React.Ref<HTMLButtonElement>; onReject: (note: string) => void }) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const reasons = t.review.rejectReasons;
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        onReject(joinNote('', typed));
      }}
      onKeyDown={(e) => {
        if (e.target instanceof HTMLInputElement || e.ctrlKey || e.metaKey || e.altKey) return;
        const reason = reasons[Number(e.key) - 1];
        if (reason !== undefined) onReject(joinNote(reason, typed));
      }}
    >
      <Dialog.Description>{t.review.rejectHint}</Dialog.Description>
      <div className="reason-buttons">
        {reasons.map((reason, i) => (
          <button key={reason} type="button" onClick={() => onReject(joinNote(reason, typed))}>
            {reason} <kbd>{i + 1}</kbd>
          </button>
        ))}
      </div>
      <label className="field">
        <span>{t.review.note}</span>
        <input value={typed} onChange={(e) => setTyped(e.currentTarget.value)} maxLength={maxNote - 20} />
      </label>
      <div className="form-foot">
        <Dialog.Close className="button">{t.review.cancel}</Dialog.Close>
        <button ref={plain} type="submit" className="button primary">
          {typed.trim() ? t.review.reject : t.review.rejectPlain} <kbd>Enter</kbd>
        </button>
      </div>
    </form>
  );
}
