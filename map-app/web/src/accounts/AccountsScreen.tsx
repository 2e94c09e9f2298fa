import * as Dialog from '@radix-ui/react-dialog';
import * as Tabs from '@radix-ui/react-tabs';
import { Bot, History, UsersRound, X } from 'lucide-react';
import { useState } from 'react';
import type { Person } from '../access/session';
import { useLoaded } from '../api/useLoaded';
import { useT } from '../i18n';
import { Failed, Loading } from '../panels/States';
import { getAccounts } from './api';
import { ChangesTab } from './ChangesTab';
import { PeopleTab } from './PeopleTab';
import { ShownOnce } from './ShownOnce';
import { TokensTab } from './TokensTab';
import type { Secret } from './types';

const renewMs = 30_000;
const tabs = { people: UsersRound, tokens: Bot, changes: History };
type Tab = keyof typeof tabs;

/** Who may sign in, which machines may ask, and who changed that. */
export function AccountsScreen({ person, secret, onSecret }: { person: Person; secret: Secret | null; onSecret: (secret: Secret | null) => void }) {
  const t = useT();
  const w = t.accounts;
  const [tab, setTab] = useState<Tab>('people');
  const { data: accounts, failed, renew } = useLoaded('accounts', getAccounts, renewMs);
  if (secret) return <ShownOnce secret={secret} onKept={() => onSecret(null)} />;
  return (
    <Tabs.Root className="desk" value={tab} onValueChange={(name) => setTab(name as Tab)} activationMode="manual">
      <header>
        <Dialog.Title>{w.title}</Dialog.Title>
        <Tabs.List className="desk-tabs" aria-label={w.title}>
          {Object.entries(tabs).map(([name, Icon]) => (
            <Tabs.Trigger key={name} value={name} className="tab">
              <Icon aria-hidden size={18} /> {w.tabs[name as Tab]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Dialog.Close className="tool icon" aria-label={w.close}>
          <X aria-hidden />
        </Dialog.Close>
      </header>
      {failed && accounts !== null && <p className="desk-stale" role="status">{w.failed}</p>}
      {accounts === null ? (
        <div className="desk-body">{failed ? <Failed title={w.failed} hint={w.failedHint} onRetry={renew} /> : <Loading />}</div>
      ) : (
        <>
          <Tabs.Content value="people" className="desk-body" tabIndex={-1}>
            <PeopleTab accounts={accounts} own={person.name} onChanged={renew} onSecret={onSecret} />
          </Tabs.Content>
          <Tabs.Content value="tokens" className="desk-body" tabIndex={-1}>
            <TokensTab accounts={accounts} onSecret={onSecret} />
          </Tabs.Content>
          <Tabs.Content value="changes" className="desk-body" tabIndex={-1}>
            <ChangesTab accounts={accounts} />
          </Tabs.Content>
        </>
      )}
    </Tabs.Root>
  );
}
