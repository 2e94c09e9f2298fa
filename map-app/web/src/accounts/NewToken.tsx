import { X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useAsked } from '../api/useAsked';
import { useT } from '../i18n';
import { Choice } from '../panels/Choice';
import { Problem } from '../panels/Problem';
import { issueToken } from './api';
import { RoleChoice } from './RoleChoice';
import type { Secret } from './types';

/** A machine is given a token: no longer than it is needed, and no more than it needs. */
export function NewToken({ onIssued, onClose }: { onIssued: (secret: Secret) => void; onClose: () => void }) {
  const t = useT();
  const w = t.accounts.tokens;
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<string[]>([]);
  const [days, setDays] = useState('90');
  const asked = useAsked();
  const able = name.trim() !== '' && roles.length > 0 && !asked.busy;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (able) void asked.run(() => issueToken(name, roles, Number(days)), ({ token, secret }) => onIssued({ kind: 'token', name: token.name, text: secret, until: token.expiresAt }));
  };
  return (
    <aside className="desk-side" aria-label={w.add}>
      <header>
        <h2>{w.add}</h2>
        <button type="button" className="tool icon" aria-label={t.accounts.back} onClick={onClose}><X aria-hidden /></button>
      </header>
      <form className="desk-form" onSubmit={submit} noValidate>
        <label className="field"><span>{w.name}</span><input value={name} maxLength={64} autoComplete="off" autoFocus onChange={(e) => setName(e.currentTarget.value)} /></label>
        <Choice label={w.lifetime} value={days} options={Object.entries(w.days)} onChange={setDays} />
        <RoleChoice roles={roles} hint={w.noProof} onChange={setRoles} />
        <Problem said={asked.said} />
        <div className="form-foot"><button type="submit" className="button primary" aria-disabled={!able}>{w.issue}</button></div>
      </form>
    </aside>
  );
}
