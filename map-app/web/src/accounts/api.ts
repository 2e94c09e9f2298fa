import { send } from '../api/answer';
import { getJson } from '../api/client';
import type { Account, Change, Token } from './types';

export const getAccounts = async (signal?: AbortSignal) => (await getJson<{ accounts: Account[] }>('/api/v1/accounts', signal)).accounts;
export const getTokens = async (signal?: AbortSignal) => (await getJson<{ tokens: Token[] }>('/api/v1/tokens', signal)).tokens;
export const getChanges = async (signal?: AbortSignal) => (await getJson<{ changes: Change[] }>('/api/v1/accounts/changes', signal)).changes;

export interface Changed {
  account: Account;
  /** only where one was made */
  password: string | null;
}

const pathOf = (name: string) => `/api/v1/accounts/${encodeURIComponent(name)}`;

export const addAccount = (name: string, displayName: string, roles: string[]) => send<Changed>('POST', '/api/v1/accounts', { name, displayName, roles });

/** Only what is given is changed. Each change says which state of the account it is meant for. */
export const changeAccount = (a: Account, wanted: { displayName?: string; roles?: string[] }) => send<Changed>('PATCH', pathOf(a.name), { revision: a.revision, ...wanted });
export const lockAccount = (a: Account, reason: string) => send<Changed>('POST', `${pathOf(a.name)}/lock`, { revision: a.revision, reason });
export const unlockAccount = (a: Account) => send<Changed>('POST', `${pathOf(a.name)}/unlock`, { revision: a.revision });
export const resetPassword = (a: Account) => send<Changed>('POST', `${pathOf(a.name)}/password`, { revision: a.revision });
export const dropAuthenticator = (a: Account) => send<Changed>('DELETE', `${pathOf(a.name)}/authenticator?revision=${a.revision}`);
export const removeAccount = (a: Account) => send<null>('DELETE', `${pathOf(a.name)}?revision=${a.revision}`);

export const issueToken = (name: string, roles: string[], days: number) => send<{ token: Token; secret: string }>('POST', '/api/v1/tokens', { name, roles, days });
export const revokeToken = (id: string) => send<null>('DELETE', `/api/v1/tokens/${encodeURIComponent(id)}`);
