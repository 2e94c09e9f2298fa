import type { Journal } from './journal';
import type { Item, Owner } from './types';
import { chunk, chunkBytes, chunkCount, chunksOf, holds, readReceipt, type Receipt } from './wire';

/** What became of a message. `refused`: the server will not take it, however often it comes. */
export type Acknowledged = { ok: true } | { ok: false; code: number; reason: string };

/** One connection. Whatever is asked of it fails with `LineLost` once it has ended. */
export interface EdgeLine {
  /** true: the acknowledgement says that it is stored (`field-durable`); else only a receipt does */
  readonly durable: boolean;
  publish(topic: string, payload: string | Uint8Array, retain?: boolean): Promise<Acknowledged>;
  onReceipt(listener: (payload: string) => void): void;
  /** rejects when the line ends */
  readonly ended: Promise<never>;
}

export class LineLost extends Error {}

type PhotoReceipt = Exclude<Receipt, { about: 'messages' }>;

export interface SenderParts {
  journal: Journal;
  line: EdgeLine;
  owner: Owner;
  site: string;
  device: string;
  /** resolves after so many milliseconds */
  pause: (ms: number) => Promise<void>;
  /** the share of an item that was sent, 0 to 1; null when it is no longer on the line */
  progress: (key: string, share: number | null) => void;
  /** something was settled */
  changed: () => void;
}

const receiptMs = 30_000;
const chunkWindow = 4;
const mostRounds = 5;
const notAuthorized = 0x87;
const quotaExceeded = 0x97;

/**
 * Brings what waits to the server over one connection (SPEC sections 2 to 7): reports first, then the small copies of photos, then tracks, then the
 * photos themselves. Nothing is settled before the server has said that it is stored, and what it says of a photo is compared with our hash.
 */
export class Sender {
  private readonly receipts = new Map<string, PhotoReceipt>();
  private readonly named: [number, number][] = [];
  private readonly announced = new Set<string>();
  private woken: (() => void)[] = [];

  constructor(private readonly parts: SenderParts) {
    parts.line.onReceipt((payload) => this.take(payload));
  }

  /** Sends everything that waits; resolves when nothing does. */
  async drain(): Promise<void> {
    for (;;) {
      await this.texts();
      const photos = (await this.waiting()).filter((i) => i.photo);
      for (const photo of photos) if (!this.announced.has(photo.key)) await this.announce(photo);
      await this.texts();
      const next = (await this.waiting()).find((i) => i.photo);
      if (!next) return;
      await this.converse(next);
    }
  }

  private waiting = () => this.parts.journal.waiting(this.parts.owner);

  /** Reports, and behind them tracks; again and again, for a report may have come meanwhile. */
  private async texts(): Promise<void> {
    for (;;) {
      const waiting = await this.waiting();
      const next = waiting.find((i) => i.report) ?? waiting.find((i) => i.track);
      if (!next) return;
      const item = await this.parts.journal.identify(next.key, this.parts.device);
      if (!item) continue;
      this.parts.progress(item.key, 0);
      try {
        const answer = await this.deliver(item, this.topic(item.track ? 'telemetry' : 'event'));
        if (answer.ok) await this.parts.journal.stored(item);
        else await this.parts.journal.rejected(item, `0x${answer.code.toString(16)}`, answer.reason);
      } finally {
        this.parts.progress(item.key, null);
      }
      this.parts.changed();
    }
  }

  private topic = (channel: string) => `field/v1/${this.parts.site}/${this.parts.device}/up/${channel}`;

  /** Publishes until it is stored, or refused for good. */
  private async deliver(item: Item, topic: string): Promise<Acknowledged> {
    for (;;) {
      const answer = await this.parts.line.publish(topic, item.payload!);
      if (!answer.ok && answer.code === quotaExceeded) throw new LineLost('the server has no room: later'); // nothing of ours is given up for that
      if (!answer.ok || this.parts.line.durable || (await this.until(() => holds(this.named, item.sequence!)))) return answer;
    }
  }

  /** The manifest and the small copy, so that headquarters sees what is coming. */
  private async announce(waiting: Item): Promise<void> {
    const item = await this.manifest(waiting);
    if (!item) return;
    const photo = await this.parts.journal.photo(item.photo!.photoId);
    if (photo?.thumbnail) await this.parts.line.publish(this.topic(`photo/${photo.photoId}/thumbnail`), new Uint8Array(await photo.thumbnail.arrayBuffer()));
  }

  /** Sends the manifest; null when there is nothing more to say about the photo. */
  private async manifest(waiting: Item): Promise<Item | null> {
    const item = await this.parts.journal.identify(waiting.key, this.parts.device);
    if (!item) return null;
    const answer = await this.deliver(item, this.topic(`photo/${item.photo!.photoId}/manifest`));
    this.announced.add(item.key);
    if (answer.ok) return item;
    await this.parts.journal.rejected(item, answer.code === notAuthorized ? 'not-allowed' : `0x${answer.code.toString(16)}`, answer.reason);
    this.parts.changed();
    return null;
  }

  /** A photo, from what the server lacks to its receipt. */
  private async converse(waiting: Item): Promise<void> {
    const { photoId, sizeBytes } = waiting.photo!;
    this.parts.progress(waiting.key, 0);
    try {
      let fewest = Infinity;
      for (let rounds = 0; rounds < mostRounds; rounds++) {
        if (!this.receipts.has(photoId)) {
          if (!(await this.manifest(waiting))) return;
          await this.until(() => this.receipts.has(photoId));
        }
        let receipt = this.receipts.get(photoId);
        if (receipt?.outcome === 'incomplete') {
          const missing = [...chunksOf(receipt.missing, chunkCount(sizeBytes))];
          if (missing.length < fewest) [rounds, fewest] = [0, missing.length];
          if (!(await this.chunks(waiting, missing))) return;
          await this.until(() => this.receipts.get(photoId) !== receipt);
          const after = this.receipts.get(photoId);
          if (after === receipt) this.receipts.delete(photoId); // silence: the manifest is sent again
          receipt = after;
        }
        if (receipt && receipt.outcome !== 'incomplete') return await this.end(waiting, receipt);
      }
      throw new LineLost('no progress with a photo');
    } finally {
      this.receipts.delete(photoId);
      this.parts.progress(waiting.key, null);
    }
  }

  private async end(waiting: Item, receipt: PhotoReceipt): Promise<void> {
    const item = await this.parts.journal.identify(waiting.key, this.parts.device);
    if (!item) return;
    if (receipt.outcome === 'stored') {
      const same = receipt.sha256 === item.photo!.photoId && receipt.sizeBytes === item.photo!.sizeBytes;
      await (same ? this.parts.journal.stored(item) : this.parts.journal.rejected(item, 'hash-mismatch', 'the receipt names another hash'));
    } else if (receipt.outcome === 'rejected') await this.parts.journal.rejected(item, receipt.reason, receipt.detail);
    this.parts.changed();
  }

  /** False when the photo is not here any more. Between chunks a report that was just made goes first. */
  private async chunks(item: Item, missing: number[]): Promise<boolean> {
    const { photoId, sizeBytes } = item.photo!;
    const bytes = (await this.parts.journal.photo(photoId))?.bytes;
    if (bytes?.size !== sizeBytes) {
      const known = await this.parts.journal.identify(item.key, this.parts.device);
      if (known) await this.parts.journal.rejected(known, 'source-lost', 'the photo is no longer on this tablet');
      this.parts.changed();
      return false;
    }
    let sent = 0;
    for (let from = 0; from < missing.length; from += chunkWindow) {
      await Promise.all(
        missing.slice(from, from + chunkWindow).map(async (index) => {
          const data = new Uint8Array(await bytes.slice(index * chunkBytes, (index + 1) * chunkBytes).arrayBuffer());
          await this.parts.line.publish(this.topic(`photo/${photoId}/chunk/${index}`), chunk(index, data)); // what is refused is named by the next receipt
          this.parts.progress(item.key, ++sent / missing.length);
        }),
      );
      await this.texts();
    }
    return true;
  }

  private take(payload: string): void {
    const receipt = readReceipt(payload);
    if (receipt?.about === 'messages') this.named.push(...receipt.sequences);
    else if (receipt) this.receipts.set(receipt.photoId, receipt);
    for (const wake of this.woken.splice(0)) wake();
  }

  /** True as soon as it holds, false after 30 s of silence. */
  private async until(holdsNow: () => boolean): Promise<boolean> {
    let silent = false;
    const silence = this.parts.pause(receiptMs).then(() => {
      silent = true;
      for (const wake of this.woken.splice(0)) wake();
    });
    while (!holdsNow() && !silent) await Promise.race([new Promise<void>((resolve) => this.woken.push(resolve)), this.parts.line.ended, silence]);
    return holdsNow();
  }
}
