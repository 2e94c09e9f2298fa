import { dateTime } from '../format/time';
import { wording, type Dictionary } from '../i18n';
import type { Account, Change, Token } from './types';

/** The order in which roles are offered: that of the server's table. */
export const roleNames = ['hq', 'field', 'drone', 'tax', 'water', 'locks', 'admin'] as const;

export const rolesText = (t: Dictionary, roles: readonly string[]) => roles.map((r) => wording(t.access.role, r)).join('・');

export type Mark = 'locked' | 'over' | 'first' | 'silenced' | 'app' | 'noApp' | 'password';

/** What an administrator has to know first about an account. */
export function markOf(a: Account, now: Date): Mark {
  if (a.lockedAt) return 'locked';
  if (a.firstPasswordUntil) return Date.parse(a.firstPasswordUntil) > now.getTime() ? 'first' : 'over';
  if (a.silencedUntil && Date.parse(a.silencedUntil) > now.getTime()) return 'silenced';
  return a.authenticator ? 'app' : a.needsAuthenticator ? 'noApp' : 'password';
}

export function stateText(t: Dictionary, a: Account, now: Date): string {
  const mark = markOf(a, now);
  const at = { locked: a.lockedAt, first: a.firstPasswordUntil, silenced: a.silencedUntil }[mark as string];
  return t.accounts.state[mark](at ? dateTime(t, at) : '');
}

/** By name, account or role, in the reader's words. */
export function findAccounts(t: Dictionary, accounts: Account[], typed: string): Account[] {
  const words = typed.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  return accounts.filter((a) => {
    const text = `${a.name} ${a.displayName} ${rolesText(t, a.roles)}`.normalize('NFKC').toLowerCase();
    return words.every((w) => text.includes(w));
  });
}

export const tokenState = (token: Token, now: Date) => (token.revokedAt ? 'revoked' : Date.parse(token.expiresAt) <= now.getTime() ? 'over' : 'valid');

const roleWords = new RegExp(`\\b(${roleNames.join('|')})\\b`, 'g');

/** What the audit log says beside a change, in the reader's words where it is of codes. */
export function detailText(t: Dictionary, c: Change): string {
  if (c.code !== null) return wording(t.accounts.changes.why, c.code) + (c.count > 1 ? t.accounts.changes.again(c.count) : '');
  if (c.detail === null || c.outcome !== 'done') return c.detail ?? '';
  if (c.what === 'user.reset') return wording(t.accounts.changes.reset, c.detail);
  if (!['user.add', 'user.role', 'token.issue'].includes(c.what)) return c.detail.replace(' -> ', ' → ');
  return c.detail.replace(roleWords, (r) => wording(t.access.role, r)).replaceAll(' -> ', ' → ');
}

/** `user:kanri` by the name of the person, where there still is one. */
export function whoText(t: Dictionary, accounts: Account[], who: string): string {
  if (who === 'anonymous') return t.accounts.changes.nobody;
  const name = who.replace(/^(user|token):/, '');
  if (name === '') return t.accounts.changes.unknown;
  return accounts.find((a) => `user:${a.name}` === who)?.displayName ?? name;
}
