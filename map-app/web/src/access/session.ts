import { send, type Answer } from '../api/answer';
import { ApiError } from '../api/client';
import { forgetLast } from '../offline/start';

/** What somebody may do; the server decides, the page only leaves out what would be refused. */
export type Permission =
  | 'map.view' | 'findings.decide' | 'forms.export' | 'routes.plan' | 'alarms.acknowledge' | 'locks.book' | 'locks.open' | 'drones.command'
  | 'devices.command' | 'dead-letters.manage' | 'layers.manage' | 'reports.send' | 'photos.upload' | 'board.manage' | 'residents.view' | 'residents.manage' | 'impact.run' | 'tax.view' | 'accounts.view' | 'accounts.manage';

export interface Person {
  name: string;
  displayName: string;
  roles: string[];
  /** an authenticator app is set up */
  authenticator: boolean;
}

export interface Session {
  /** `open`: there is no account, and this machine's user needs none */
  signIn: 'open' | 'needed' | 'done';
  siteName: string;
  siteNameEn: string;
  person: Person | null;
  /** what has to be done before anything else */
  must: 'password-first' | 'totp-first' | null;
  may: Permission[];
}

export async function getSession(signal?: AbortSignal): Promise<Session> {
  let response: Response;
  try {
    response = await fetch('/api/v1/session', { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('/api/v1/session', null);
  }
  if (!response.ok) throw new ApiError('/api/v1/session', response.status);
  return (await response.json()) as Session;
}

const post = <T>(path: string, body: object) => send<T>('POST', `/api/v1/session${path}`, body);

export const signIn = (name: string, password: string, code: string | null) => post<Session>('', { name, password, code });
/** Signing out takes from the tablet what was left on it for working without a line. */
export async function signOut(everywhere: boolean): Promise<Answer<null>> {
  const answer = await post<null>('/end', { everywhere });
  if (answer.ok) await forgetLast().catch(() => undefined);
  return answer;
}
export const changePassword = (current: string, wanted: string) => post<null>('/password', { current, wanted });
export const offerAuthenticator = () => post<{ key: string; uri: string }>('/authenticator', {});
export const confirmAuthenticator = (code: string) => post<{ recoveryCodes: string[] }>('/authenticator/confirm', { code });
export const prove = (password: string, code: string | null) => post<null>('/proof', { password, code });
