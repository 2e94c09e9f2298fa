import { CircleCheck, CircleSlash, Clock, KeyRound, Plus, ShieldAlert, ShieldCheck, UserRound, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { ago } from '../format/time';
import { number } from '../format/numbers';
import { useT } from '../i18n';
import { Empty } from '../panels/States';
import { useNow } from '../useNow';
import { NewPerson } from './NewPerson';
import { PersonPanel } from './PersonPanel';
import type { Account, Secret } from './types';
import { findAccounts, markOf, rolesText, stateText, type Mark } from './words';

const icons: Record<Mark, LucideIcon> = { locked: CircleSlash, over: ShieldAlert, first: KeyRound, silenced: Clock, app: ShieldCheck, noApp: ShieldAlert, password: CircleCheck };
const firstPage = 100;

interface Props {
  accounts: Account[];
  /** the account of who looks */
  own: string;
  onChanged: () => void;
  onSecret: (secret: Secret) => void;
}

/** Everybody who may sign in; one of them, or a new one, beside the list. */
export function PeopleTab({ accounts, own, onChanged, onSecret }: Props) {
  const t = useT();
  const w = t.accounts;
  const now = useNow();
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState(firstPage);
  const [open, setOpen] = useState<{ name: string | null; n: number } | null>(null);
  const found = findAccounts(t, accounts, typed);
  const chosen = accounts.find((a) => a.name === open?.name) ?? null;
  const choose = (name: string | null) => setOpen((was) => ({ name, n: (was?.n ?? 0) + 1 }));
  return (
    <div className="desk-split" data-side={open !== null}>
      <section className="desk-main">
        <div className="desk-bar">
          <label className="field accounts-find"><span>{w.find}</span><input type="search" value={typed} onChange={(e) => setTyped(e.currentTarget.value)} /></label>
          <span className="grow" role="status">{w.count(number(found.length), number(accounts.length))}</span>
          <button type="button" className="button primary" onClick={() => choose(null)}><Plus aria-hidden size={18} /> {w.add}</button>
        </div>
        {found.length === 0 ? <Empty title={w.none} hint={w.noneHint} /> : (
          <ul className="scroll accounts-list" aria-label={w.tabs.people}>
            {found.slice(0, shown).map((a) => {
              const mark = markOf(a, now);
              const Icon = icons[mark];
              return (
                <li key={a.name}>
                  <button type="button" className="desk-row account-row" aria-pressed={open?.name === a.name} onClick={() => choose(a.name)}>
                    <UserRound aria-hidden size={22} />
                    <span className="account-name"><strong>{a.displayName}</strong><small>{a.name}{a.name === own && ` (${w.you})`}</small></span>
                    <span className="account-roles">{rolesText(t, a.roles)}</span>
                    <span className="account-state" data-mark={mark}><Icon aria-hidden size={18} /> <span>{stateText(t, a, now)}</span></span>
                    <small className="account-seen">{a.signedInAt ? w.signedIn(ago(t, a.signedInAt, now)) : w.never}</small>
                  </button>
                </li>
              );
            })}
            {found.length > shown && <li className="log-foot"><button type="button" className="button" onClick={() => setShown(shown + firstPage)}>{t.list.more(number(found.length - shown))}</button></li>}
          </ul>
        )}
      </section>
      {open && (open.name === null ? (
        <NewPerson key={open.n} onClose={() => setOpen(null)}
          onAdded={(secret) => {
            onChanged();
            onSecret(secret);
          }} />
      ) : (
        <PersonPanel key={open.n} account={chosen} isOwn={open.name === own} onChanged={onChanged} onSecret={onSecret} onClose={() => setOpen(null)} />
      ))}
    </div>
  );
}
