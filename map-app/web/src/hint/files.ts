import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Model } from './types';

export { wasmUrl };

/** Of the runtime's file, written in by the build. */
declare const __WASM_BYTES__: number;

const cacheName = 'field-hint';
const list = '/api/v1/models';
const patienceMs = 10_000;

/** Models whose held-out figures are too poor are not for somebody who stands in the rain. */
const usable = (models: Model[]) => models.filter((m) => !m.experimental);

const addressesOf = (models: Model[]) => [wasmUrl, ...models.map((m) => m.url)];
export const sizeOf = (models: Model[]) => models.reduce((sum, m) => sum + m.sizeBytes, __WASM_BYTES__);

/** The models on this tablet, with the runtime that this version of the page needs; null when something of it is missing. */
export async function modelsHere(): Promise<Model[] | null> {
  if (!('caches' in window) || !(await caches.has(cacheName))) return null;
  const cache = await caches.open(cacheName);
  const kept = await cache.match(list);
  const models = kept ? usable(((await kept.json()) as { models: Model[] }).models) : [];
  const all = await Promise.all(addressesOf(models).map((url) => cache.match(url)));
  return models.length > 0 && all.every((response) => response) ? models : null;
}

/** What the server scores with; null without an answer, or when it is nothing that a tablet can use. */
export async function modelsThere(): Promise<Model[] | null> {
  try {
    const response = await fetch(list, { signal: AbortSignal.timeout(patienceMs), headers: { accept: 'application/json' } });
    const models = response.ok ? usable(((await response.json()) as { models: Model[] }).models) : [];
    return models.length > 0 && 'caches' in window ? models : null;
  } catch {
    return null;
  }
}

export const isSame = (a: Model[], b: Model[]) => a.map((m) => m.url).join() === b.map((m) => m.url).join();

/** Takes the files along; those of before go when all of the new ones are here. */
export async function takeAlong(models: Model[], signal: AbortSignal): Promise<void> {
  const cache = await caches.open(cacheName);
  const wanted = addressesOf(models);
  for (const url of wanted) if (!(await cache.match(url))) await keep(cache, url, signal);
  await keep(cache, list, signal);
  const current = new Set([...wanted, list].map((url) => new URL(url, window.location.origin).href));
  for (const request of await cache.keys()) if (!current.has(request.url)) await cache.delete(request);
}

async function keep(cache: Cache, url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  await cache.put(url, response);
}

export const forgetHint = () => caches.delete(cacheName);
