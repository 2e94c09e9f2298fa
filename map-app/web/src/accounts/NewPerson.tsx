import { X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useAsked } from '../api/useAsked';
import { useT } from '../i18n';
import { Problem } from '../panels/Problem';
import { addAccount } from './api';
import { RoleChoice } from './RoleChoice';
import type { Secret } from './types';

/** A person is given an account; the password for the first sign-in is made by the server. */
export function NewPerson({ onAdded, onClose }: { onAdded: (secret: Secret) => void; onClose: () => void }) {
  const t = useT();
  const w = t.accounts;
  const [displayName, setDisplayName] = useState('');
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<string[]>([]);
  const asked = useAsked();
  const able = displayName.trim() !== '' && name.trim() !== '' && roles.length > 0 && !asked.busy;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (!able) return;
    void asked.run(
      () => addAccount(name.trim().normalize('NFKC').toLowerCase(), displayName, roles),
      ({ account, password }) => onAdded({ kind: 'password', name: account.displayName, text: password!, until: account.firstPasswordUntil! }),
    );
  };
  return (
    <aside className="desk-side" aria-label={w.add}>
      <header>
        <h2>{w.add}</h2>
        <button type="button" className="tool icon" aria-label={w.back} onClick={onClose}><X aria-hidden /></button>
      </header>
      <form className="desk-form" onSubmit={submit} noValidate>
        <label className="field"><span>{w.displayName}</span><input value={displayName} maxLength={64} autoComplete="off" autoFocus onChange={(e) => setDisplayName(e.currentTarget.value)} aria-describedby="display-hint" /></label>
        <p id="display-hint" className="quiet">{w.displayNameHint}</p>
        <label className="field"><span>{t.access.name}</span><input value={name} maxLength={32} autoComplete="off" autoCapitalize="off" spellCheck={false} onChange={(e) => setName(e.currentTarget.value)} aria-describedby="name-hint" /></label>
        <p id="name-hint" className="quiet">{w.nameHint}</p>
        <RoleChoice roles={roles} onChange={setRoles} />
        <Problem said={asked.said} />
        <div className="form-foot">
          <button type="submit" className="button primary" aria-disabled={!able}>{w.make}</button>
        </div>
      </form>
    </aside>
  );
}
