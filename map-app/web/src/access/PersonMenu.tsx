import * as Dialog from '@radix-ui/react-dialog';
import { KeyRound, LogOut, ShieldCheck, UserRound, UsersRound, X } from 'lucide-react';
import { useState } from 'react';
import { useAsked } from '../api/useAsked';
import { useT, wording } from '../i18n';
import { Problem } from '../panels/Problem';
import { Authenticator } from './Authenticator';
import { lookAtSession } from './look';
import { NewPassword } from './NewPassword';
import { signOut, type Person } from './session';

type Page = 'account' | 'password' | 'app';

/** Who is signed in, in the top bar; behind it what concerns the sign-in. */
export function PersonMenu({ person, onAccounts }: { person: Person; onAccounts: (() => void) | null }) {
  const t = useT();
  const [page, setPage] = useState<Page | null>(null);
  const roles = person.roles.map((role) => wording(t.access.role, role)).join('・');
  return (
    <>
      <button type="button" className="tool person" onClick={() => setPage('account')} title={t.access.account(person.displayName, roles)}>
        <UserRound aria-hidden /> <span>{person.displayName}</span> <small>{roles}</small>
      </button>
      <Dialog.Root open={page !== null} onOpenChange={(open) => !open && setPage(null)}>
        <Dialog.Portal>
          <Dialog.Overlay className="overlay" />
          <Dialog.Content className="dialog form-dialog account-dialog" aria-describedby={undefined} data-modal>
            <header>
              <Dialog.Title>{page === 'password' ? t.access.changePassword : page === 'app' ? t.access.app.title : person.displayName}</Dialog.Title>
              <Dialog.Close className="tool icon" aria-label={t.shortcuts.close}>
                <X aria-hidden />
              </Dialog.Close>
            </header>
            {page === 'password' && <NewPassword person={person} current="" onDone={() => setPage('account')} onCancel={() => setPage('account')} />}
            {page === 'app' && (
              <Authenticator
                onDone={() => {
                  setPage('account');
                  lookAtSession();
                }}
                onCancel={() => setPage('account')}
              />
            )}
            {page === 'account' && <Account person={person} roles={roles} onPage={setPage} onAccounts={onAccounts && (() => { setPage(null); onAccounts(); })} />}
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}

function Account({ person, roles, onPage, onAccounts }: { person: Person; roles: string; onPage: (page: Page) => void; onAccounts: (() => void) | null }) {
  const t = useT();
  const asked = useAsked();
  const leave = (everywhere: boolean) => asked.run(() => signOut(everywhere), lookAtSession);
  return (
    <div className="account">
      <dl>
        <div>
          <dt>{t.access.name}</dt>
          <dd>{person.name}</dd>
        </div>
        <div>
          <dt>{t.access.roles}</dt>
          <dd>{roles}</dd>
        </div>
      </dl>
      <button type="button" className="button" onClick={() => onPage('password')}>
        <KeyRound aria-hidden size={20} /> {t.access.changePassword}
      </button>
      <button type="button" className="button" onClick={() => onPage('app')}>
        <ShieldCheck aria-hidden size={20} /> {person.authenticator ? t.access.app.change : t.access.app.setUp}
      </button>
      {onAccounts && (
        <button type="button" className="button" onClick={onAccounts}>
          <UsersRound aria-hidden size={20} /> {t.accounts.title}
        </button>
      )}
      <button type="button" className="button" onClick={() => void leave(true)}>
        <LogOut aria-hidden size={20} /> {t.access.signOutEverywhere}
      </button>
      <Problem said={asked.said} />
      <button type="button" className="button primary" onClick={() => void leave(false)}>
        <LogOut aria-hidden size={20} /> {t.access.signOut}
      </button>
    </div>
  );
}
