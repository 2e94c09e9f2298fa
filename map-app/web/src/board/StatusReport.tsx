import * as Dialog from '@radix-ui/react-dialog';
import { FileDown } from 'lucide-react';
import { useState } from 'react';
import { download } from '../api/download';
import { useLang, useT } from '../i18n';

/** The report to the prefecture from what stands on the board now. */
export function StatusReport({ person, open, onOpen }: { person: string; open: boolean; onOpen: (open: boolean) => void }) {
  const t = useT();
  const lang = useLang();
  const r = t.board.statusReport;
  const [number, setNumber] = useState('');
  const [busy, setBusy] = useState<string | null>(null);
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null);
  const take = async (format: string) => {
    setBusy(format);
    setSaid(null);
    const n = number ? `&number=${encodeURIComponent(number)}` : '';
    const problem = await download(`/api/v1/board/report?format=${format}${n}&who=${encodeURIComponent(person)}`, lang, r.noAnswer);
    setBusy(null);
    setSaid({ text: problem ?? r.done, bad: problem !== null });
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
              <p className="note" role={said?.bad ? 'alert' : 'status'} data-bad={said?.bad ?? false}>
                {busy ? r.making : said?.text}
              </p>
              <div className="form-foot">
                <Dialog.Close className="button">{r.close}</Dialog.Close>
                {(['pdf', 'xlsx'] as const).map((format) => (
                  <button key={format} type="button" className="button primary" disabled={busy !== null} onClick={() => void take(format)}>
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
