import { lookAtSession } from '../access/look';
import { fetchProven } from '../access/proof';
import type { Dictionary, Lang } from '../i18n';

/** Why it was not done. */
export interface Fault {
  /** of HTTP; 409: it is otherwise than the asker thinks */
  status: number;
  /** a fixed word of the server, such as `changed`; empty where it names none */
  code: string;
  /** the server's words; empty where it has none */
  ja: string;
  en: string;
  /** when to come back */
  retryAt: string | null;
  /** all that the server said */
  body: unknown;
}

/** `fault` is null when there was no answer. */
export type Answer<T> = { ok: true; value: T } | { ok: false; fault: Fault | null };

/** An object or a text is JSON; a form or a file goes as it is. */
export type Body = object | string | null;

interface How<T> {
  /** what the answer holds, where that is not JSON */
  read?: (response: Response) => Promise<T>;
  signal?: AbortSignal;
}

/** Asks for something to be done; where the server wants to know once more who it is, the person is asked first. */
export async function send<T>(method: string, path: string, body: Body = null, { read = json<T>, signal }: How<T> = {}): Promise<Answer<T>> {
  try {
    const response = await fetchProven(path, { method, ...packed(body), ...(signal ? { signal } : {}) });
    if (response.status === 401) lookAtSession();
    return response.ok ? { ok: true, value: await read(response) } : { ok: false, fault: faultOf(response.status, await json(response).catch(() => null)) };
  } catch {
    return { ok: false, fault: null };
  }
}

/** What to show of it, in the words of the server. */
export const wordsOf = (fault: Fault | null, lang: Lang, t: Dictionary) => (fault === null ? t.noAnswer : fault[lang] || t.fatal.status(fault.status));

/** Files and what is said of them; what is empty is not sent. */
export function formOf(parts: Record<string, File | string | null>): FormData {
  const body = new FormData();
  for (const [name, part] of Object.entries(parts)) if (part) body.append(name, part);
  return body;
}

function packed(body: Body): RequestInit {
  const headers = { 'accept-language': document.documentElement.lang };
  if (body === null || body instanceof FormData || body instanceof Blob) return { headers, body };
  return { headers: { ...headers, 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** Nothing where the server only says that it was done. */
async function json<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text ? JSON.parse(text) : null) as T;
}

type Words = Partial<Record<'code' | Lang, string>>;

/** The server says one thing, or all that is wrong as `errors`; some places say it as `error` only. */
function faultOf(status: number, body: unknown): Fault {
  const said = (body ?? {}) as Words & { error?: unknown; errors?: Words[]; retryAt?: string };
  const all = said.errors?.length ? said.errors : [said];
  const words = (lang: Lang) => (all.every((e) => e[lang]) ? all.map((e) => e[lang]).join('\n') : typeof said.error === 'string' ? said.error : '');
  return { status, code: all[0]!.code ?? '', ja: words('ja'), en: words('en'), retryAt: said.retryAt ?? null, body };
}
