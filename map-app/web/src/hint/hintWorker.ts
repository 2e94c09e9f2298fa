import * as ort from 'onnxruntime-web/wasm';
import { longestSidePx, look, type Pixels } from './look';
import type { Look, Model } from './types';

/** What the page asks for, and what it is told. */
export interface Ask {
  id: number;
  photo: Blob;
  models: Model[];
  wasmUrl: string;
}
export type Told = { id: number } & ({ done: number; all: number } | { looks: Look[] } | { error: string });

// One thread: more need a page that is isolated from every other origin. The runtime is one for all photos of this worker.
const sessions = new Map<string, ort.InferenceSession>();
let runtime: Promise<void> | null = null;

self.onmessage = async ({ data }: MessageEvent<Ask>) => {
  const tell = (told: Told) => self.postMessage(told);
  try {
    const pixels = await decode(data.photo);
    runtime ??= bytesOf(data.wasmUrl).then((bytes) => {
      ort.env.wasm.numThreads = 1;
      ort.env.wasm.wasmBinary = bytes;
    });
    await runtime;
    const looks: Look[] = [];
    for (const model of data.models) {
      const session = await sessionOf(model);
      const run = async (planes: Float32Array, width: number, height: number) => {
        const answer = await session.run({ [session.inputNames[0]!]: new ort.Tensor('float32', planes, [1, 3, height, width]) });
        return answer[session.outputNames[0]!]!.data as Float32Array;
      };
      looks.push(await look(model, pixels, run, (done, all) => tell({ id: data.id, done: looks.length * all + done, all: data.models.length * all })));
    }
    tell({ id: data.id, looks });
  } catch (error) {
    tell({ id: data.id, error: String(error) });
  }
};

/** Pixels as stored, turned by nobody and with the colours as they are in the file, no larger than a hint needs. */
async function decode(photo: Blob): Promise<Pixels> {
  const picture = await createImageBitmap(photo, { imageOrientation: 'none', colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const scale = Math.min(1, longestSidePx / Math.max(picture.width, picture.height));
  const [width, height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))];
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  return context.getImageData(0, 0, width, height);
}

async function sessionOf(model: Model): Promise<ort.InferenceSession> {
  const known = sessions.get(model.sha256);
  if (known) return known;
  const bytes = await bytesOf(model.url);
  const hash = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (b) => b.toString(16).padStart(2, '0')).join('');
  if (hash !== model.sha256) throw new Error(`${model.name} is not what its card says`);
  const session = await ort.InferenceSession.create(new Uint8Array(bytes), { executionProviders: ['wasm'] });
  sessions.set(model.sha256, session);
  return session;
}

/** From what was taken along, else over the line. */
async function bytesOf(url: string): Promise<ArrayBuffer> {
  const response = (await caches.match(url)) ?? (await fetch(url));
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.arrayBuffer();
}
