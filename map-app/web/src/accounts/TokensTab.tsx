import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useAsked } from '../api/useAsked';
import { useLoaded } from '../api/useLoaded';
import { dateTime } from '../format/time';
import { useT } from '../i18n';
import { Problem } from '../panels/Problem';
import { Empty, Failed, Loading } from '../panels/States';
import { useNow } from '../useNow';
import { getTokens, revokeToken } from './api';
import { NewToken } from './NewToken';
import type { Account, Secret, Token } from './types';
import { rolesText, tokenState, whoText } from './words';

const renewMs = 30_000;

/** Machines that use the API: who they are, what they may, until when. */
export function TokensTab({ accounts, onSecret }: { accounts: Account[]; onSecret: (secret: Secret) => void }) {
  const t = useT();
  const w = t.accounts.tokens;
  const now = useNow();
  const { data: tokens, failed, renew } = useLoaded('tokens', getTokens, renewMs);
  const [makes, setMakes] = useState(false);
  const [asks, setAsks] = useState<Token | null>(null);
  const asked = useAsked();
  const revoke = (token: Token) => !asked.busy && void asked.run(() => revokeToken(token.id), () => {
    setAsks(null);
    renew();
  });
  return (
    <div className="desk-split" data-side={makes}>
      <section className="desk-main">
        <div className="desk-bar">
          <span className="grow quiet">{w.what}</span>
          <button type="button" className="button primary" onClick={() => setMakes(true)}><Plus aria-hidden size={18} /> {w.add}</button>
        </div>
        {failed && tokens !== null && <p className="desk-stale" role="status">{t.accounts.failed}</p>}
        {asks && (
          <div className="desk-ask token-ask" role="alertdialog" aria-label={w.revoke}>
            <p>{w.sure(asks.name)}</p>
            <Problem said={asked.said} />
            <div className="form-foot">
              <button type="button" className="button" autoFocus onClick={() => setAsks(null)}>{t.accounts.leave}</button>
              <button type="button" className="button primary" aria-disabled={asked.busy} onClick={() => revoke(asks)}>{w.revoke}</button>
            </div>
          </div>
        )}
        {tokens === null ? (
          failed ? <Failed title={t.accounts.failed} hint={t.accounts.failedHint} onRetry={renew} /> : <Loading />
        ) : tokens.length === 0 ? (
          <Empty title={w.none} hint={w.noneHint} />
        ) : (
          <div className="scroll desk-table-holder" tabIndex={0} role="group" aria-label={t.accounts.tabs.tokens}>
            <table className="desk-table">
              <thead><tr><th scope="col">{w.name}</th><th scope="col">{t.access.roles}</th><th scope="col">{w.state}</th><th scope="col">{w.by}</th><th scope="col"><span className="visually-hidden">{w.revoke}</span></th></tr></thead>
              <tbody>
                {tokens.map((token) => {
                  const state = tokenState(token, now);
                  return (
                    <tr key={token.id} data-state={state}>
                      <th scope="row">{token.name}<small>{token.id}</small></th>
                      <td>{rolesText(t, token.roles)}</td>
                      <td>{w.states[state](dateTime(t, token.revokedAt ?? token.expiresAt))}</td>
                      <td>{whoText(t, accounts, token.by)}<small>{dateTime(t, token.issuedAt)}</small></td>
                      <td>{state === 'valid' && <button type="button" className="button" aria-label={w.revokeOne(token.name)} onClick={() => setAsks(token)}>{w.revoke}</button>}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {makes && (
        <NewToken onClose={() => setMakes(false)}
          onIssued={(secret) => {
            setMakes(false);
            renew();
            onSecret(secret);
          }} />
      )}
    </div>
  );
}
