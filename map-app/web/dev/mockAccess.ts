import { Buffer } from 'node:buffer';
import type { ServerResponse } from 'node:http';

/** What the mock pretends about signing in. */
export interface AccessScene {
  /** open, needed, first, totp, or the roles of who is signed in */
  session: string;
  /** what a sign-in is answered with: a code, or empty for success */
  refuse: string;
}

const allowed: Record<string, string[]> = {
  hq: ['map.view', 'findings.decide', 'forms.export', 'routes.plan', 'alarms.acknowledge', 'locks.book', 'locks.open', 'drones.command', 'residents.view'],
  tax: ['map.view', 'tax.view'],
};

export function sessionOf({ session }: AccessScene) {
  const site = { siteName: '青葉市', siteNameEn: 'Aoba City' };
  if (session === 'open' || session === 'needed') return { ...site, signIn: session, person: null, must: null, may: session === 'open' ? allowed['hq'] : [] };
  const roles = allowed[session] ? [session] : ['hq'];
  const must = { first: 'password-first', totp: 'totp-first' }[session] ?? null;
  return { ...site, signIn: 'done', person: { name: 'yamada', displayName: '山田 太郎', roles, authenticator: false }, must, may: allowed[roles[0]!] };
}

const refusals: Record<string, { status: number; ja: string; en: string }> = {
  wrong: { status: 401, ja: '名前かパスワードが違います', en: 'the name or the password is wrong' },
  wait: { status: 429, ja: '失敗が続いたため、あと 120 秒は受け付けません', en: 'too many failed attempts: try again after 120 seconds' },
  locked: { status: 403, ja: 'このアカウントは管理者が停止しています。管理者に連絡してください', en: 'an administrator has locked this account; ask an administrator' },
  'code-needed': { status: 401, ja: '認証アプリの6桁の数字を入力してください', en: 'enter the 6 digits of your authenticator app' },
  'too-common': { status: 400, ja: 'よく使われるパスワードや単純な並びは使えません。別の言葉を組み合わせてください', en: 'that password is too common or too simple: put other words together' },
};

export function signIn(scene: AccessScene, verb: string, { code }: { code?: string | null }, answer: ServerResponse): void {
  const refusal = code ? undefined : refusals[scene.refuse];
  if (refusal) {
    answer.statusCode = refusal.status;
    return reply(answer, { code: scene.refuse, ...refusal, error: refusal.ja, ...(scene.refuse === 'wait' ? { retryAt: new Date(Date.now() + 120_000).toISOString() } : {}) });
  }
  if (verb === 'authenticator') {
    const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    return reply(answer, code === undefined ? { key, uri: `otpauth://totp/Field%20aoba:yamada?secret=${key}&issuer=Field%20aoba&algorithm=SHA1&digits=6&period=30` } : { recoveryCodes: Array.from({ length: 10 }, (_, n) => `7K2M${n}-0XW4P-Q8RTN-3ZB6H`) });
  }
  scene.session = verb === 'end' ? 'needed' : 'hq';
  reply(answer, sessionOf(scene));
}

function reply(answer: ServerResponse, body: unknown): void {
  answer.setHeader('content-type', 'application/json');
  answer.end(Buffer.from(JSON.stringify(body)));
}
