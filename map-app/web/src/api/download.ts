import type { Lang } from '../i18n';

/** Saves the answer as a file under the name the server gives it; what to show when there is none. */
export async function download(url: string, lang: Lang, noAnswer: string, init?: RequestInit): Promise<string | null> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    return noAnswer;
  }
  if (!response.ok) {
    const refusal = (await response.json().catch(() => null)) as Record<string, unknown> | null;
    const said = refusal?.[lang] ?? refusal?.['error'];
    return typeof said === 'string' ? said : `HTTP ${response.status}`;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = fileName(response.headers.get('content-disposition') ?? '');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return null;
}

/** RFC 6266: `filename*=UTF-8''...`. */
export function fileName(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  try {
    return encoded ? decodeURIComponent(encoded) : '';
  } catch {
    return '';
  }
}
