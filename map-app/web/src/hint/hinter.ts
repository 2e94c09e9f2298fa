import type { Ask, Told } from './hintWorker';
import type { Look, Model } from './types';

const limitMs = 30_000;
const restMs = 60_000;
const mostBytes = 60_000_000;

export class NoHint extends Error {}

/**
 * Looks at photos, one after another, in a worker: its memory (the runtime, 90 MB for the largest tile, and 50 MB for the picture) is there while
 * photos come and given back a minute after the last. A photo that is taken away or takes too long ends the worker; the next one gets a new one.
 */
export class Hinter {
  private worker: Worker | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private lastId = 0;
  private resting: ReturnType<typeof setTimeout> | undefined;

  look(photo: Blob, models: Model[], wasmUrl: string, progress: (done: number, all: number) => void, signal: AbortSignal): Promise<Look[]> {
    const mine = this.turn.then(() => this.one({ id: ++this.lastId, photo, models, wasmUrl }, progress, signal));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  stop(): void {
    clearTimeout(this.resting);
    this.worker?.terminate();
    this.worker = null;
  }

  private one(ask: Ask, progress: (done: number, all: number) => void, signal: AbortSignal): Promise<Look[]> {
    clearTimeout(this.resting);
    if (signal.aborted || ask.photo.size > mostBytes) return Promise.reject(new NoHint(signal.aborted ? 'stopped' : 'too large for a hint'));
    return new Promise<Look[]>((resolve, reject) => {
      const worker = (this.worker ??= new Worker(new URL('./hintWorker.ts', import.meta.url), { type: 'module' }));
      const end = (error: string) => {
        finish();
        this.stop();
        reject(new NoHint(error));
      };
      const stopped = () => end('stopped');
      const late = setTimeout(() => end('took too long'), limitMs);
      const finish = () => {
        clearTimeout(late);
        signal.removeEventListener('abort', stopped);
        this.resting = setTimeout(() => this.stop(), restMs);
      };
      signal.addEventListener('abort', stopped);
      worker.onerror = (event) => end(event.message || 'the worker does not start');
      worker.onmessage = ({ data }: MessageEvent<Told>) => {
        if (data.id !== ask.id) return;
        if ('looks' in data) {
          finish();
          resolve(data.looks);
        } else if ('error' in data) end(data.error);
        else progress(data.done, data.all);
      };
      worker.postMessage(ask);
    });
  }
}
