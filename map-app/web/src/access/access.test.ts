import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { postDecision } from '../api/decisions';
import { dictionaries } from '../i18n';
import { fetchProven, setProver } from './proof';

const server = (file: string) => readFileSync(new URL(`../../../Field.MapApp/Access/${file}`, import.meta.url), 'utf8');
const answers = (...responses: Response[]) => {
  const asked = vi.fn(() => Promise.resolve(responses.shift()!));
  vi.stubGlobal('fetch', asked);
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', { documentElement: { lang: 'ja' } });
  return asked;
};
const refusal = (code: string) => Response.json({ code }, { status: 401 });

afterEach(() => vi.unstubAllGlobals());

describe('permissions', () => {
  it('are those of the server, and its roles have words in both languages', () => {
    const table = server('Permissions.cs');
    const permissions = [...table.matchAll(/Permission \w+ = new\("([a-z.-]+)"/g)].map((m) => m[1]!);
    const known = [...readFileSync(new URL('session.ts', import.meta.url), 'utf8').matchAll(/'([a-z-]+\.[a-z]+)'/g)].map((m) => m[1]!);
    expect(known.sort()).toEqual(permissions.sort());
    const roles = [.../Roles = \[([^\]]+)\]/.exec(table)![1]!.matchAll(/"(\w+)"/g)].map((m) => m[1]!);
    expect(roles.length).toBeGreaterThanOrEqual(7);
    for (const { access } of Object.values(dictionaries)) expect(Object.keys(access.role).sort()).toEqual([...roles].sort());
  });
});

describe('a request that needs a proof', () => {
  it('is sent again once the person has given it', async () => {
    const asked = answers(refusal('prove-again'), Response.json({ ok: true }));
    const forget = setProver(() => Promise.resolve(true));
    expect((await fetchProven('/x')).status).toBe(200);
    expect(asked).toHaveBeenCalledTimes(2);
    forget();
  });

  it('is left as it is when the person will not, when nobody asks, and when it is refused for another reason', async () => {
    const asked = answers(refusal('prove-again'), refusal('prove-again'), refusal('signed-out'));
    const forget = setProver(() => Promise.resolve(false));
    expect((await fetchProven('/x')).status).toBe(401);
    forget();
    expect((await fetchProven('/x')).status).toBe(401);
    setProver(() => Promise.reject(new Error('not asked')));
    expect((await fetchProven('/x')).status).toBe(401);
    expect(asked).toHaveBeenCalledTimes(3);
  });
});

describe('a decision of somebody who is signed out meanwhile', () => {
  it('waits for the next sign-in and is not given up', async () => {
    answers(refusal('signed-out'), Response.json({ error: '本人がサインインしてください', code: 'other-person' }, { status: 403 }));
    const decision = { action: 'confirm', note: '', who: '山田', revision: 1 } as Parameters<typeof postDecision>[1];
    expect(await postDecision('f', decision)).toEqual({ kind: 'failed' });
    expect(await postDecision('f', decision)).toMatchObject({ kind: 'refused', status: 403 });
  });
});
