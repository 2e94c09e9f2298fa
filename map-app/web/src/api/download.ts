import { send, type Body } from './answer';

/** Saves the answer as a file under the name the server gives it. */
export const download = (method: string, path: string, body: Body = null) =>
  send(method, path, body, { read: async (response) => save(await response.blob(), fileName(response.headers.get('content-disposition') ?? '')) });

export function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
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
