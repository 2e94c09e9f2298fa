import type { Journal } from '../edge/journal';
import type { BrowserJournal } from '../edge/journal';
import { thumbnail } from '../edge/photos';
import type { Item, Owner, StoredPhoto } from '../edge/types';
import { messageOf } from '../edge/wire';

/**
 * Photos that lie in a folder of this computer, as the sender of the outbox takes them. Nothing is copied: a card has more than a browser keeps.
 * What was sent is known by its hash, so whoever lays the same folder here again goes on where it ended. Sequences come from the browser's journal.
 */
export class FolderJournal implements Journal {
  private readonly items = new Map<string, Item>();
  private readonly files = new Map<string, File>();
  private readonly announced = new Set<string>();

  constructor(
    private readonly kept: BrowserJournal,
    private readonly site: string,
    private readonly settled: (item: Item) => void,
  ) {}

  /** False when a photo of the same bytes is here already. */
  add(item: Item, file: File): boolean {
    const known = this.items.get(item.key);
    if (known && known.state !== 'rejected') return false;
    this.items.set(item.key, item);
    this.files.set(item.photo!.photoId, file);
    return true;
  }

  has = (key: string) => this.items.has(key);

  waiting(owner: Owner): Promise<Item[]> {
    return Promise.resolve([...this.items.values()].filter((i) => i.owner === owner && i.state === 'waiting'));
  }

  async identify(key: string, device: string): Promise<Item | null> {
    const item = this.items.get(key);
    if (!item || item.state !== 'waiting') return null;
    if (item.device === device && item.sequence !== null) return item;
    const sequence = await this.kept.sequence(item.owner, device);
    const identified: Item = { ...item, device, sequence, payload: messageOf(item, this.site, device, sequence) };
    this.items.set(key, identified);
    return identified;
  }

  sequence(owner: Owner, device: string): Promise<number> {
    return this.kept.sequence(owner, device);
  }

  stored(item: Item): Promise<void> {
    return this.settle({ ...item, state: 'stored', payload: null });
  }

  rejected(item: Item, reason: string, detail: string): Promise<void> {
    return this.settle({ ...item, state: 'rejected', reason, detail });
  }

  /** The bytes as they are on the disk now; none when the file has gone or was changed. The small copy is made once, when the photo is announced. */
  async photo(photoId: string): Promise<StoredPhoto | undefined> {
    const file = this.files.get(photoId);
    const item = [...this.items.values()].find((i) => i.photo?.photoId === photoId);
    if (!file || !item?.photo) return undefined;
    const readable = await file.slice(0, 1).arrayBuffer().then(() => true, () => false);
    const first = !this.announced.has(photoId);
    this.announced.add(photoId);
    return { photoId, name: item.photo.name, sizeBytes: item.photo.sizeBytes, capturedAt: item.photo.capturedAt, bytes: readable ? file : null, thumbnail: first && readable ? await thumbnail(file) : null };
  }

  private settle(item: Item): Promise<void> {
    this.items.set(item.key, item);
    if (item.state === 'stored') this.files.delete(item.photo!.photoId);
    this.settled(item);
    return Promise.resolve();
  }
}
