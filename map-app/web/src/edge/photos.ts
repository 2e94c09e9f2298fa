import type { StoredPhoto } from './types';
import { thumbnailBudget } from './wire';

const waiting = new Map<number, { resolve: (hash: string) => void; reject: (error: Error) => void }>();
let worker: Worker | null = null;
let lastId = 0;

export function sha256(blob: Blob): Promise<string> {
  if (!worker) {
    worker = new Worker(new URL('./hashWorker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<{ id: number; hash?: string; error?: string }>) => {
      const asked = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.hash) asked?.resolve(data.hash);
      else asked?.reject(new Error(data.error));
    };
    worker.onerror = (event) => {
      for (const asked of waiting.values()) asked.reject(new Error(event.message));
      waiting.clear();
      worker = null;
    };
  }
  const id = ++lastId;
  const hash = new Promise<string>((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ id, blob });
  return hash;
}

export const largestBytes = 268_435_456;
const sidesPx = [640, 480, 320, 240, 160];

/** The photo is no picture that this browser can read, or too large. */
export class NotAPhoto extends Error {}

/** A file of the camera as the outbox keeps it: a JPEG untouched, anything else made into one. */
export async function intake(file: File): Promise<StoredPhoto> {
  const start = new Uint8Array(await file.slice(0, 3).arrayBuffer());
  const isJpeg = start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff;
  const bytes = isJpeg ? file : await asJpeg(file);
  if (bytes.size > largestBytes) throw new NotAPhoto(file.name);
  const name = (file.name.replace(/[/\\]/g, '_') || 'photo').slice(-200);
  return {
    photoId: await sha256(bytes),
    name: isJpeg ? name : `${name}.jpg`,
    sizeBytes: bytes.size,
    capturedAt: file.lastModified > 0 ? new Date(file.lastModified).toISOString() : null,
    bytes: bytes.slice(0, bytes.size, 'image/jpeg'), // a file of the camera roll may go; a copy is ours
    thumbnail: await thumbnail(bytes),
  };
}

async function asJpeg(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => null);
  const blob = picture && (await draw(picture, picture.width, picture.height, 0.92));
  picture?.close();
  if (!blob) throw new NotAPhoto(file.name);
  return blob;
}

/** A small copy within what SPEC section 5 allows, pixels as stored; null when the picture cannot be read: it is evidence all the same. */
export async function thumbnail(bytes: Blob): Promise<Blob | null> {
  const picture = await createImageBitmap(bytes, { imageOrientation: 'none' }).catch(() => null);
  if (!picture) return null;
  const budget = thumbnailBudget(bytes.size);
  try {
    for (const side of sidesPx) {
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      const blob = await draw(picture, Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)), 0.6);
      if (blob && blob.size <= budget) return blob;
    }
    return null;
  } finally {
    picture.close();
  }
}

async function draw(picture: ImageBitmap, width: number, height: number, quality: number): Promise<Blob | null> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality }).catch(() => null);
}
