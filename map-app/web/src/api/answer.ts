import { lookAtSession } from '../access/look';
import { fetchProven } from '../access/proof';

/** Why it was not done, in the server's words. */
export interface Fault {
  code: string;
  ja: string;
  en: string;
}

/** `fault` is null when there was no answer. */
export type Answer<T> = { ok: true; value: T } | { ok: false; fault: Fault | null };

export async function send<T>(method: string, path: string, body: object): Promise<Answer<T>> {
  return read(await ask(method, path, JSON.stringify(body), 'application/json'));
}

/** Where no answer is expected but that it was done. */
export const done = async (response: Response | null): Promise<Answer<null>> => (response?.ok ? { ok: true, value: null } : { ok: false, fault: await faultOf(response) });

/** Asks; where the server wants to know once more who it is, the person is asked first. Null: no answer. */
export async function ask(method: string, path: string, body: BodyInit | null, type: string): Promise<Response | null> {
  try {
    const response = await fetchProven(path, { method, headers: { 'content-type': type, 'accept-language': document.documentElement.lang }, body });
    if (response.status === 401) lookAtSession();
    return response;
  } catch {
    return null;
  }
}

export async function read<T>(response: Response | null): Promise<Answer<T>> {
  return response?.ok ? { ok: true, value: (await response.json()) as T } : { ok: false, fault: await faultOf(response) };
}

export async function faultOf(response: Response | null): Promise<Fault | null> {
  const said = (await response?.json().catch(() => null)) as (Partial<Fault> & { error?: unknown }) | null | undefined;
  if (said && typeof said.ja === 'string' && typeof said.en === 'string') return { code: said.code ?? '', ja: said.ja, en: said.en };
  return typeof said?.error === 'string' ? { code: '', ja: said.error, en: said.error } : null;
}
