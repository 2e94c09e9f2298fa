import { X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useAsked } from '../api/useAsked';
import { dateTime } from '../format/time';
import { useT } from '../i18n';
import { Problem } from '../panels/Problem';
import { Empty } from '../panels/States';
import { useNow } from '../useNow';
import { changeAccount } from './api';
import { PersonActions } from './PersonActions';
import { RoleChoice } from './RoleChoice';
import type { Account, Secret } from './types';
import { stateText } from './words';

interface Props {
  /** as the list has it now; null: gone meanwhile */
  account: Account | null;
  isOwn: boolean;
  onChanged: () => void;
  onSecret: (secret: Secret) => void;
  onClose: () => void;
}

/** One person. What is changed is what was seen when it was opened, or after one's own last change: others' changes are refused and shown. */
export function PersonPanel({ account: newest, isOwn, onChanged, onSecret, onClose }: Props) {
  const w = useT().accounts;
  const [seen, setSeen] = useState(newest);
  const [done, setDone] = useState(false);
  const account = seen === null || newest?.revision === seen.revision ? newest : seen;
  return (
    <aside className="desk-side" aria-label={account?.displayName ?? w.gone}>
      <header>
        <h2>{account?.displayName ?? w.gone}</h2>
        <button type="button" className="tool icon" aria-label={w.back} onClick={onClose}><X aria-hidden /></button>
      </header>
      <p role="status" className="account-done">{done && w.saved}</p>
      {account === null ? <Empty title={w.gone} /> : (
        <Panel key={account.revision} {...{ account, isOwn, onSecret, onClose }}
          onAccount={(changed) => {
            setSeen(changed);
            setDone(true);
            onChanged();
          }}
          onNewest={() => {
            setSeen(null);
            setDone(false);
            onChanged();
          }} />
      )}
    </aside>
  );
}

interface PanelProps {
  account: Account;
  isOwn: boolean;
  onAccount: (account: Account | null) => void;
  onNewest: () => void;
  onSecret: (secret: Secret) => void;
  onClose: () => void;
}

function Panel({ account, isOwn, onAccount, onNewest, onSecret, onClose }: PanelProps) {
  const t = useT();
  const w = t.accounts;
  const now = useNow();
  const [displayName, setDisplayName] = useState(account.displayName);
  const [roles, setRoles] = useState<string[]>(account.roles);
  const asked = useAsked();
  const hasRoles = [...roles].sort().join() !== [...account.roles].sort().join();
  const hasName = displayName.trim() !== account.displayName;
  const able = (hasRoles || hasName) && roles.length > 0 && displayName.trim() !== '' && !asked.busy;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (able) void asked.run(() => changeAccount(account, { ...(hasName && { displayName }), ...(hasRoles && { roles }) }), (changed) => onAccount(changed.account));
  };
  const facts = [
    [t.access.name, account.name],
    [w.stateLabel, stateText(t, account, now)],
    [w.lastSignIn, account.signedInAt ? dateTime(t, account.signedInAt) : w.never],
    [w.sessions, w.sessionCount(account.sessions)],
    [w.created, dateTime(t, account.createdAt)],
  ] as const;
  return (
    <>
      <dl className="account-facts">{facts.map(([name, text]) => <div key={name}><dt>{name}</dt><dd>{text}</dd></div>)}</dl>
      {account.lastAdministrator && <p className="account-last">{w.last}</p>}
      <form className="desk-form" onSubmit={submit} noValidate>
        <label className="field"><span>{w.displayName}</span><input value={displayName} maxLength={64} autoComplete="off" onChange={(e) => setDisplayName(e.currentTarget.value)} /></label>
        <RoleChoice roles={roles} {...(isOwn && { most: account.roles, hint: w.ownRoles })} onChange={setRoles} />
        {hasRoles && <p className="quiet">{isOwn ? w.endsOwn : w.ends}</p>}
        <Problem said={asked.said} onNewest={onNewest} />
        <div className="form-foot"><button type="submit" className="button primary" aria-disabled={!able}>{w.save}</button></div>
      </form>
      {isOwn ? <p className="account-own quiet">{w.own}</p> : <PersonActions {...{ account, onAccount, onNewest, onSecret, onClose }} />}
    </>
  );
}
