import { useState, type FormEvent } from 'react';
import type { Answer } from '../api/answer';
import { useAsked } from '../api/useAsked';
import { useT } from '../i18n';
import { Problem } from '../panels/Problem';
import { useNow } from '../useNow';
import { dropAuthenticator, lockAccount, removeAccount, resetPassword, unlockAccount, type Changed } from './api';
import type { Account, Secret } from './types';
import { markOf } from './words';

type Action = 'lock' | 'unlock' | 'password' | 'authenticator' | 'remove';

interface Props {
  account: Account;
  onAccount: (account: Account | null) => void;
  onNewest: () => void;
  onSecret: (secret: Secret) => void;
  onClose: () => void;
}

/** What ends somebody's sign-in, or lets them in again: each is asked once more with what it does. */
export function PersonActions({ account, onAccount, onNewest, onSecret, onClose }: Props) {
  const w = useT().accounts;
  const now = useNow();
  const [asks, setAsks] = useState<Action | null>(null);
  const [reason, setReason] = useState('');
  const asked = useAsked();
  const canUnlock = account.lockedAt !== null || markOf(account, now) === 'silenced';
  const offered = [...(canUnlock ? ['unlock' as const] : []), ...(account.lockedAt ? [] : ['lock' as const]), 'password' as const, ...(account.authenticator ? ['authenticator' as const] : []), 'remove' as const];
  const changed = (answer: Changed) => {
    setAsks(null);
    onAccount(answer.account);
    if (answer.password) onSecret({ kind: 'password', name: answer.account.displayName, text: answer.password, until: answer.account.firstPasswordUntil! });
  };
  const requests: Record<Exclude<Action, 'remove'>, () => Promise<Answer<Changed>>> = {
    lock: () => lockAccount(account, reason), unlock: () => unlockAccount(account), password: () => resetPassword(account), authenticator: () => dropAuthenticator(account),
  };
  const go = (e: FormEvent) => {
    e.preventDefault();
    if (asks === null || asked.busy || (asks === 'lock' && reason.trim() === '')) return;
    if (asks !== 'remove') void asked.run(requests[asks], changed);
    else
      void asked.run(() => removeAccount(account), () => {
        onClose();
        onAccount(null);
      });
  };
  return (
    <section className="desk-form account-actions" aria-label={w.actions}>
      <h3>{w.actions}</h3>
      {asks === null ? offered.map((action) => (
        <button key={action} type="button" className="button" onClick={() => setAsks(action)}>{w.action[action]}</button>
      )) : (
        <form className="desk-ask" role="alertdialog" aria-label={w.action[asks]} onSubmit={go}>
          <p>{w.sure[asks](account.displayName)}</p>
          {asks === 'lock' && <label className="field"><span>{w.reason}</span><input value={reason} maxLength={200} autoFocus onChange={(e) => setReason(e.currentTarget.value)} /></label>}
          <div className="form-foot">
            <button type="button" className="button" autoFocus={asks !== 'lock'} onClick={() => setAsks(null)}>{w.leave}</button>
            <button type="submit" className="button primary" aria-disabled={asked.busy || (asks === 'lock' && reason.trim() === '')}>{w.action[asks]}</button>
          </div>
        </form>
      )}
      <Problem said={asked.said} onNewest={onNewest} />
    </section>
  );
}
