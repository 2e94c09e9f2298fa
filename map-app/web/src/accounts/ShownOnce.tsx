import * as Dialog from '@radix-ui/react-dialog';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { dateTime } from '../format/time';
import { useT } from '../i18n';
import type { Secret } from './types';

/** A password or token at the only time that it is known: it stays until somebody says that they have it. */
export function ShownOnce({ secret, onKept }: { secret: Secret; onKept: () => void }) {
  const t = useT();
  const w = t.accounts.once;
  const [said, setSaid] = useState('');
  const copy = () => {
    const failed = () => setSaid(w.copyFailed);
    if (navigator.clipboard) navigator.clipboard.writeText(secret.text).then(() => setSaid(w.copied), failed);
    else failed();
  };
  return (
    <section className="once">
      <Dialog.Title>{w.title[secret.kind](secret.name)}</Dialog.Title>
      <output className="once-text" data-kind={secret.kind} aria-label={w.label[secret.kind]}>{secret.text}</output>
      <div className="once-copy">
        <button type="button" className="button" autoFocus onClick={copy}><Copy aria-hidden size={18} /> {w.copy}</button>
        <span role="status">{said}</span>
      </div>
      <p><strong>{w.only}</strong></p>
      <p>{w.how[secret.kind](dateTime(t, secret.until))}</p>
      <button type="button" className="button primary" onClick={onKept}>{w.kept}</button>
    </section>
  );
}
