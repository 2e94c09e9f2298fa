import { useState, type FormEvent } from 'react';
import { useAsked } from '../api/useAsked';
import { useT } from '../i18n';
import { Problem } from '../panels/Problem';
import { PasswordField } from './fields';
import { changePassword, type Person } from './session';

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
  const asked = useAsked();
  const ready = current !== '' && wanted !== '' && !asked.busy;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (ready) void asked.run(() => changePassword(current, wanted), onDone);
  };
  return (
    <form onSubmit={submit}>
      <input type="text" name="username" autoComplete="username" value={person.name} readOnly hidden />
      {typed === '' && <PasswordField label={t.access.currentPassword} value={current} onChange={setCurrent} autoComplete="current-password" autoFocus />}
      <PasswordField label={t.access.newPassword} value={wanted} onChange={setWanted} autoComplete="new-password" hint={t.access.newPasswordHint} autoFocus={typed !== ''} />
      <Problem said={asked.said} />
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
