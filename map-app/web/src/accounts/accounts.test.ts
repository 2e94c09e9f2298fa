import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dictionaries } from '../i18n';
import type { Account, Change } from './types';
import { detailText, findAccounts, markOf, roleNames, stateText, tokenState, whoText } from './words';

const source = (...files: string[]) => files.map((file) => readFileSync(new URL(`../../../Field.MapApp/${file}.cs`, import.meta.url), 'utf8')).join('\n');
const t = dictionaries.ja;
const now = new Date('2026-11-22T03:00:00Z');
const account = (part: Partial<Account>): Account => ({
  name: 'yamada', displayName: '山田 太郎', roles: ['hq'], revision: 1, createdAt: '2026-11-01T00:00:00Z', signedInAt: null, sessions: 0, lockedAt: null, silencedUntil: null, firstPasswordUntil: null,
  authenticator: false, needsAuthenticator: false, lastAdministrator: false, ...part,
});
const change = (part: Partial<Change>): Change => ({ at: '2026-11-22T02:00:00Z', what: 'user.role', who: 'user:yamada', on: 'user:sato', outcome: 'done', code: null, detail: null, from: null, count: 1, ...part });

describe('accounts', () => {
  it('say first what an administrator has to know first', () => {
    const first = '2026-11-25T00:00:00Z';
    expect(markOf(account({ lockedAt: first, firstPasswordUntil: first, authenticator: true }), now)).toBe('locked');
    expect(markOf(account({ firstPasswordUntil: first }), now)).toBe('first');
    expect(markOf(account({ firstPasswordUntil: '2026-11-20T00:00:00Z' }), now)).toBe('over');
    expect(markOf(account({ silencedUntil: '2026-11-22T03:10:00Z', authenticator: true }), now)).toBe('silenced');
    expect(markOf(account({ silencedUntil: '2026-11-22T02:59:00Z', authenticator: true }), now)).toBe('app');
    expect(markOf(account({ needsAuthenticator: true }), now)).toBe('noApp');
    expect(stateText(t, account({}), now)).toBe('使用中');
    expect(stateText(t, account({ lockedAt: first }), now)).toMatch(/^停止中（2026年11月25日 /);
  });

  it('are found by name, account and role, in either width', () => {
    const all = [account({}), account({ name: 'sato', displayName: '佐藤 次郎', roles: ['field', 'admin'] })];
    const found = (typed: string) => findAccounts(t, all, typed).map((a) => a.name);
    expect(found('')).toEqual(['yamada', 'sato']);
    expect(found('ＳＡＴＯ')).toEqual(['sato']);
    expect(found('山田')).toEqual(['yamada']);
    expect(found('現場 佐藤')).toEqual(['sato']);
    expect(found('税務')).toEqual([]);
  });

  it('know every role of the server', () => {
    const roles = /Roles = \[([^\]]+)\]/.exec(readFileSync(new URL('../../../Field.MapApp/Access/Permissions.cs', import.meta.url), 'utf8'))![1]!;
    expect(roleNames.map((r) => `"${r}"`).join(', ')).toBe(roles);
    for (const { accounts } of Object.values(dictionaries)) expect(Object.keys(accounts.roleHint)).toEqual([...roleNames]);
  });
});

describe('the record of changes', () => {
  it('has words for everything that is audited', () => {
    const words = new Set([...source('Access/AccountAdministration', 'Access/AccountsApi').matchAll(/"((?:user|token)\.[a-z]+)"/g)].map((m) => m[1]!));
    expect(words.size).toBeGreaterThanOrEqual(11);
    for (const { accounts } of Object.values(dictionaries)) expect(Object.keys(accounts.changes.of).sort()).toEqual([...words].sort());
  });

  it('has words for every reason why a change is refused, and for no other', () => {
    const codeOf = new Map([...source('Access/AccessFault').matchAll(/static AccessFault (\w+) \{ get; \} = new\(\s*\d+, "([a-z-]+)"/g)].map((m) => [m[1]!, m[2]!]));
    const faults = [...source('Access/AccountAdministration', 'Access/AccountRules', 'Access/AccessGate', 'Access/Subject').matchAll(/AccessFault\.(\w+)/g)].map((m) => m[1]!);
    const elsewhere = ['NoRule', 'NotAPerson', 'OtherPerson']; // these requests have a rule with a permission, and name nobody else as who asks
    const codes = new Set(['PasswordFirst', 'TotpFirst', ...faults].filter((f) => !elsewhere.includes(f)).map((f) => codeOf.get(f)!));
    for (const [, code] of source('RefusedCommands').matchAll(/=> \("([a-z-]+)", "/g)) codes.add(code!);
    expect(codes.size).toBeGreaterThanOrEqual(24);
    for (const { accounts } of Object.values(dictionaries)) expect(Object.keys(accounts.changes.why).sort()).toEqual([...codes].sort());
  });

  it('is told in words', () => {
    expect(detailText(t, change({ detail: 'hq tax -> tax' }))).toBe('災害対策本部 税務 → 税務');
    expect(detailText(t, change({ what: 'user.lock', detail: 'left the field office' }))).toBe('left the field office');
    expect(detailText(t, change({ what: 'user.reset', detail: 'authenticator' }))).toBe('認証アプリを外した');
    expect(detailText(t, change({ outcome: 'refused', code: 'own-roles', detail: '403: you cannot give yourself a role' }))).toBe('自分に役割を加えようとした');
    expect(detailText(dictionaries.en, change({ outcome: 'refused', code: 'changed', detail: '409: meanwhile; again, within a minute', count: 3 }))).toBe('another administrator had changed it meanwhile (3 more within a minute)');
    expect(detailText(t, change({ outcome: 'refused', detail: '409: nobody else' }))).toBe('409: nobody else'); // written before reasons had codes
    expect(detailText(t, change({}))).toBe('');
    const who = (whom: string, accounts: Account[] = []) => whoText(t, accounts, whom);
    expect([who('user:yamada', [account({})]), who('user:yamada'), who('token:ABCDE-12345 雨量計'), who('anonymous'), who('user:')]).toEqual(['山田 太郎', 'yamada', 'ABCDE-12345 雨量計', 'サインインしていない人', '不明']);
  });
});

describe('a token', () => {
  it('is valid until it ends or is revoked', () => {
    const token = { id: 'A', name: 'x', roles: [], issuedAt: '', expiresAt: '2026-11-23T00:00:00Z', by: '', revokedAt: null };
    expect(tokenState(token, now)).toBe('valid');
    expect(tokenState({ ...token, expiresAt: '2026-11-22T03:00:00Z' }, now)).toBe('over');
    expect(tokenState({ ...token, revokedAt: '2026-11-22T00:00:00Z' }, now)).toBe('revoked');
  });
});
