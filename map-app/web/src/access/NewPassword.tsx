import { useState, type FormEvent } from 'react';
import { useT } from '../i18n';
import { PasswordField, Problem } from './fields';
import { changePassword, type Person, type Refusal } from './session';

interface Props {
  person: Person;
  /** the present password when it was typed a moment ago; empty: asked for */
  current: string;
  onDone: () => void;
  onCancel?: () => void;
}

/** A password of one's own: long, and nothing else is asked of it. */
export function NewPassword({ person, current: typed, onDone, onCancel }: Props) {
  const t = useT();
  const [current, setCurrent] = useState(typed);
  const [wanted, setWanted] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null | undefined>(undefined);
  const ready = current !== '' && wanted !== '' && !busy;
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (!ready) return;
    setBusy(true);
    const result = await changePassword(current, wanted);
    setBusy(false);
    if (result.ok) onDone();
    else setRefusal(result.refusal);
  };
  return (
    <form onSubmit={(e) => void submit(e)}>
      <input type="text" name="username" autoComplete="username" value={person.name} readOnly hidden />
      {typed === '' && <PasswordField label={t.access.currentPassword} value={current} onChange={setCurrent} autoComplete="current-password" autoFocus />}
      <PasswordField label={t.access.newPassword} value={wanted} onChange={setWanted} autoComplete="new-password" hint={t.access.newPasswordHint} autoFocus={typed !== ''} />
      <Problem refusal={refusal} />
      <div className="form-foot">
        {onCancel && (
          <button type="button" className="button" onClick={onCancel}>
            {t.access.cancel}
          </button>
        )}
        <button type="submit" className="button primary" aria-disabled={!ready}>
          {t.access.savePassword}
        </button>
      </div>
    </form>
  );
}
