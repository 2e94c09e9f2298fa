import * as Dialog from '@radix-ui/react-dialog';
import { FileDown } from 'lucide-react';
import { useState } from 'react';
import { download } from '../api/download';
import { useAsked } from '../api/useAsked';
import { useT } from '../i18n';

/** The report to the prefecture from what stands on the board now. */
export function StatusReport({ person, open, onOpen }: { person: string; open: boolean; onOpen: (open: boolean) => void }) {
  const t = useT();
  const r = t.board.statusReport;
  const [number, setNumber] = useState('');
  const { busy, said, run } = useAsked();
  const [done, setDone] = useState(false);
  const take = (format: string) => {
    setDone(false);
    const n = number ? `&number=${encodeURIComponent(number)}` : '';
    void run(() => download('GET', `/api/v1/board/report?format=${format}${n}&who=${encodeURIComponent(person)}`), () => setDone(true));
  };
  return (
    <>
      <button type="button" className="text-button" onClick={() => onOpen(true)}>
        <FileDown aria-hidden size={16} /> {r.open}
      </button>
      <Dialog.Root open={open} onOpenChange={onOpen}>
        <Dialog.Portal>
          <Dialog.Overlay className="overlay" />
          <Dialog.Content className="dialog form-dialog" data-modal>
            <header>
              <Dialog.Title>{r.title}</Dialog.Title>
            </header>
            <form onSubmit={(e) => e.preventDefault()}>
              <Dialog.Description>{r.hint}</Dialog.Description>
              <label className="field">
                <span>{r.number}</span>
                <input value={number} inputMode="numeric" maxLength={3} onChange={(e) => setNumber(e.currentTarget.value.normalize('NFKC').replace(/[^0-9]/g, ''))} />
              </label>
              <p className="note" role={said ? 'alert' : 'status'} data-bad={said !== null}>
                {busy ? r.making : (said?.text ?? (done && r.done))}
              </p>
              <div className="form-foot">
                <Dialog.Close className="button">{r.close}</Dialog.Close>
                {(['pdf', 'xlsx'] as const).map((format) => (
                  <button key={format} type="button" className="button primary" disabled={busy} onClick={() => take(format)}>
                    <FileDown aria-hidden size={18} /> {t.review.forms.format[format]}
                  </button>
                ))}
              </div>
            </form>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}
