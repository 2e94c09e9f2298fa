import { useLoaded } from '../api/useLoaded';
import { dateTime } from '../format/time';
import { useT, wording } from '../i18n';
import { Empty, Failed, Loading } from '../panels/States';
import { getChanges } from './api';
import type { Account } from './types';
import { detailText, whoText } from './words';

const renewMs = 30_000;

/** Who changed what, as the audit log has it. */
export function ChangesTab({ accounts }: { accounts: Account[] }) {
  const t = useT();
  const w = t.accounts.changes;
  const { data: changes, failed, renew } = useLoaded('changes', getChanges, renewMs);
  if (changes === null) return failed ? <Failed title={t.accounts.failed} hint={t.accounts.failedHint} onRetry={renew} /> : <Loading />;
  if (changes.length === 0) return <Empty title={w.none} />;
  return (
    <div className="scroll desk-table-holder" tabIndex={0} role="group" aria-label={t.accounts.tabs.changes}>
      {failed && <p className="desk-stale" role="status">{t.accounts.failed}</p>}
      <p className="quiet">{w.all}</p>
      <table className="desk-table even changes-table">
        <thead><tr><th scope="col">{w.at}</th><th scope="col">{w.who}</th><th scope="col">{w.what}</th><th scope="col">{w.on}</th><th scope="col">{w.detail}</th></tr></thead>
        <tbody>
          {changes.map((c, i) => (
            <tr key={`${c.at} ${i}`}>
              <td>{dateTime(t, c.at)}</td>
              <th scope="row">{whoText(t, accounts, c.who)}{c.from && <small>{c.from}</small>}</th>
              <td>{wording(w.of, c.what)}{c.outcome !== 'done' && <small className="bad">{w.refused}</small>}</td>
              <td>{whoText(t, accounts, c.on)}</td>
              <td>{detailText(t, c)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
