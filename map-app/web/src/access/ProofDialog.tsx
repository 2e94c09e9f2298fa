import * as Dialog from '@radix-ui/react-dialog';
import { useEffect, useState, type FormEvent } from 'react';
import { useAsked } from '../api/useAsked';
import { useT } from '../i18n';
import { Problem } from '../panels/Problem';
import { PasswordField, TextField } from './fields';
import { setProver } from './proof';
import { prove, type Person } from './session';

/** What cannot be undone asks once more who it is. */
export function ProofDialog({ person }: { person: Person }) {
  const t = useT();
  const [answer, setAnswer] = useState<((proven: boolean) => void) | null>(null);
  useEffect(() => setProver(() => new Promise((resolve) => setAnswer(() => resolve))), []);
  const close = (proven: boolean) => {
    answer?.(proven);
    setAnswer(null);
  };
  return (
    <Dialog.Root open={answer !== null} onOpenChange={(open) => !open && close(false)}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog form-dialog" data-modal>
          <header>
            <Dialog.Title>{t.access.proof.title}</Dialog.Title>
          </header>
          <Form person={person} onProven={() => close(true)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Form({ person, onProven }: { person: Person; onProven: () => void }) {
  const t = useT();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(person.authenticator);
  const able = password !== '' && (!asksCode || code.trim() !== '');
  const { busy, said, run } = useAsked();
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy || !able) return;
    const answer = await run(() => prove(password, asksCode ? code : null), onProven);
    if (answer.ok) return;
    if (answer.fault?.code === 'code-needed') setAsksCode(true); // set up meanwhile in another window
    else setCode(''); // none counts twice
  };
  return (
    <form onSubmit={(e) => void submit(e)}>
      <Dialog.Description>{t.access.proof.why(person.displayName)}</Dialog.Description>
      <input type="text" name="username" autoComplete="username" value={person.name} readOnly hidden />
      <PasswordField label={t.access.password} value={password} onChange={setPassword} autoComplete="current-password" autoFocus />
      {asksCode && <TextField label={t.access.code} hint={t.access.codeHint} value={code} onChange={setCode} autoComplete="one-time-code" digits />}
      <Problem said={said} />
      <div className="form-foot">
        <Dialog.Close className="button">{t.access.cancel}</Dialog.Close>
        <button type="submit" className="button primary" aria-disabled={busy || !able}>
          {t.access.proof.go}
        </button>
      </div>
    </form>
  );
}
