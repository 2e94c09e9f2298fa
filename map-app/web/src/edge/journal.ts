import { asked, change, database, isFull, read } from './database';
import type { Device, Item, Owner, PhotoBody, ReportBody, StoredPhoto, TrackBody, TrackPoint } from './types';
import { messageOf } from './wire';

/** What the sender needs of what is kept; the tests have one of their own. */
export interface Journal {
  /** everything of a person that waits, the oldest first */
  waiting(owner: Owner): Promise<Item[]>;
  /** the item with its identity: what it is sent as, durable before this resolves; null when it is gone */
  identify(key: string, device: string): Promise<Item | null>;
  /** a sequence for a message that is not kept, such as a status */
  sequence(owner: Owner, device: string): Promise<number>;
  stored(item: Item): Promise<void>;
  rejected(item: Item, reason: string, detail: string): Promise<void>;
  photo(photoId: string): Promise<StoredPhoto | undefined>;
}

const keepStoredMs = 7 * 24 * 3_600_000;
const ballast = 'ballast';
const ballastBytes = 1 << 20;

/** The outbox in IndexedDB. Each change is one transaction, so that no step of it can be lost alone. */
export class BrowserJournal implements Journal {
  /** Everything of a person, the newest first. */
  async items(owner: Owner): Promise<Item[]> {
    const transaction = (await database()).transaction('items', 'readonly');
    const all = (await asked(transaction.objectStore('items').index('owner').getAll(owner))) as Item[];
    return all.sort((a, b) => b.at.localeCompare(a.at));
  }

  /** How much waits of others who used this tablet: their outboxes go on when they sign in. */
  async others(owner: Owner): Promise<Map<Owner, number>> {
    const transaction = (await database()).transaction('items', 'readonly');
    const all = (await asked(transaction.objectStore('items').getAll())) as Item[];
    const counts = new Map<Owner, number>();
    for (const item of all) if (item.owner !== owner && item.state === 'waiting') counts.set(item.owner, (counts.get(item.owner) ?? 0) + 1);
    return counts;
  }

  async waiting(owner: Owner): Promise<Item[]> {
    return (await this.items(owner)).filter((i) => i.state === 'waiting').reverse();
  }

  /**
   * A report with its photos, whose bytes are here already; the draft goes in the same step. Pressed twice, it is one; another tab may have made
   * a report of the same draft meanwhile, and what differs from that one is a report of its own.
   */
  async addReport(owner: Owner, key: string, at: string, report: ReportBody, photos: Omit<PhotoBody, 'report'>[]): Promise<void> {
    await this.roomy(() =>
      change(['items', 'drafts'], async (store) => {
        const made = (await asked(store('items').get(key))) as Item | undefined;
        const own = made && !saysTheSame(made.report, report) ? crypto.randomUUID() : key;
        if (!made || own !== key) await asked(store('items').put(waitingItem(owner, own, 'report', at, { report })));
        for (const photo of photos) {
          const photoKey = `${owner}/${photo.photoId}`;
          const known = (await asked(store('items').get(photoKey))) as Item | undefined;
          if (!known || known.state === 'rejected') await asked(store('items').put(waitingItem(owner, photoKey, 'photo', at, { photo: { ...photo, report: own } })));
        }
        await asked(store('drafts').delete(owner));
      }),
    );
  }

  /** Keeps a photo's bytes; false when there is no room for them. */
  async addPhoto(photo: StoredPhoto): Promise<boolean> {
    try {
      await change(['photos'], async (store) => {
        const known = (await asked(store('photos').get(photo.photoId))) as StoredPhoto | undefined;
        if (!known?.bytes) await asked(store('photos').put(photo));
      });
      return true;
    } catch (error) {
      if (isFull(error)) return false;
      throw error;
    }
  }

  photo(photoId: string): Promise<StoredPhoto | undefined> {
    return read<StoredPhoto>('photos', photoId);
  }

  async addTrackPoint(owner: Owner, trackId: string, point: TrackPoint): Promise<void> {
    await change(['trackPoints'], (store) => asked(store('trackPoints').add({ owner, trackId, point })));
  }

  /** Makes the points that were recorded into messages; of tracks, too, that a killed tab left. */
  async sealTracks(owner: Owner, at: string, mostPoints: number, least = 1): Promise<number> {
    return change(['trackPoints', 'items'], async (store) => {
      const keys = await asked(store('trackPoints').getAllKeys());
      const rows = (await asked(store('trackPoints').getAll())) as { owner: Owner; trackId: string; point: TrackPoint }[];
      const mine = rows.map((row, i) => ({ ...row, key: keys[i]! })).filter((row) => row.owner === owner);
      if (mine.length < least) return 0;
      let sealed = 0;
      for (const trackId of new Set(mine.map((row) => row.trackId))) {
        const points = mine.filter((row) => row.trackId === trackId);
        for (let from = 0; from < points.length; from += mostPoints) {
          const part = points.slice(from, from + mostPoints);
          const track: TrackBody = { trackId, points: part.map((p) => p.point) };
          await asked(store('items').put(waitingItem(owner, crypto.randomUUID(), 'track', at, { track })));
          for (const row of part) await asked(store('trackPoints').delete(row.key));
          sealed++;
        }
      }
      return sealed;
    });
  }

  identify(key: string, device: string): Promise<Item | null> {
    return change(['items', 'devices'], async (store) => {
      const item = (await asked(store('items').get(key))) as Item | undefined;
      if (!item || item.state !== 'waiting') return null;
      if (item.device === device && item.sequence !== null) return item;
      const mine = (await asked(store('devices').get(item.owner))) as Device | undefined;
      if (mine?.id !== device) throw new Error('the device of this tablet has changed');
      const sequence = mine.lastSequence + 1;
      const identified: Item = { ...item, device, sequence, payload: messageOf(item, mine.site, device, sequence) };
      await asked(store('devices').put({ ...mine, lastSequence: sequence }));
      await asked(store('items').put(identified));
      return identified;
    });
  }

  sequence(owner: Owner, device: string): Promise<number> {
    return change(['devices'], async (store) => {
      const mine = (await asked(store('devices').get(owner))) as Device | undefined;
      if (mine?.id !== device) throw new Error('the device of this tablet has changed');
      await asked(store('devices').put({ ...mine, lastSequence: mine.lastSequence + 1 }));
      return mine.lastSequence + 1;
    });
  }

  device(owner: Owner): Promise<Device | undefined> {
    return read<Device>('devices', owner);
  }

  /** Another id begins at 1; what waits under the old one gets a new identity when it is sent. */
  async setDevice(device: Device): Promise<void> {
    await change(['devices'], (store) => asked(store('devices').put(device)));
  }

  stored(item: Item): Promise<void> {
    return this.settle(item, { state: 'stored' });
  }

  rejected(item: Item, reason: string, detail: string): Promise<void> {
    return this.settle(item, { state: 'rejected', reason, detail });
  }

  /** Sends once more what the server did not take: it gets a new sequence, for the old one is spent. */
  async retry(key: string): Promise<void> {
    await change(['items'], async (store) => {
      const item = (await asked(store('items').get(key))) as Item | undefined;
      if (item?.state === 'rejected') await asked(store('items').put(waitingItem(item.owner, item.key, item.kind, item.at, item)));
    });
  }

  /** Lets go of what was stored long ago; makes room for a report when the disk will be full. */
  async tidy(now: number): Promise<void> {
    await change(['items', 'photos', 'kept'], async (store) => {
      const all = (await asked(store('items').getAll())) as Item[];
      const old = all.filter((i) => i.state === 'stored' && now - Date.parse(i.settledAt ?? i.at) > keepStoredMs);
      for (const item of old) {
        await asked(store('items').delete(item.key));
        if (item.photo && !all.some((o) => o !== item && o.photo?.photoId === item.photo!.photoId)) await asked(store('photos').delete(item.photo.photoId));
      }
      if (!(await asked(store('kept').get(ballast)))) await asked(store('kept').put({ name: ballast, value: new Uint8Array(ballastBytes).map((_, i) => (i * 2_654_435_761) >>> 11) }));
    }).catch((error: unknown) => {
      if (!isFull(error)) throw error; // no room to keep room: what is kept stays
    });
  }

  /** The photo's bytes go with the receipt that names their hash, in the same step, and the small copy stays for the list. */
  private async settle(item: Item, how: Partial<Item>): Promise<void> {
    await change(['items', 'photos'], async (store) => {
      const now = (await asked(store('items').get(item.key))) as Item | undefined;
      if (!now || now.sequence !== item.sequence || now.device !== item.device) return;
      await asked(store('items').put({ ...now, ...how, payload: how.state === 'stored' ? null : now.payload, settledAt: new Date().toISOString() }));
      if (how.state !== 'stored' || !item.photo) return;
      const others = ((await asked(store('items').getAll())) as Item[]).some((o) => o.key !== item.key && o.state !== 'stored' && o.photo?.photoId === item.photo!.photoId);
      const photo = (await asked(store('photos').get(item.photo.photoId))) as StoredPhoto | undefined;
      if (photo && !others) await asked(store('photos').put({ ...photo, bytes: null }));
    });
  }

  /** A text must find room: the ballast is dropped for it when the disk is full. */
  private async roomy(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isFull(error)) throw error;
      await change(['kept'], (store) => asked(store('kept').delete(ballast)));
      await work();
    }
  }
}

type Said = Pick<ReportBody, 'category' | 'severity' | 'note' | 'photoIds' | 'form' | 'assetId' | 'amends' | 'place'>;

/** Is it the same report? Where the tablet was by itself when it was pressed does not count. */
export function saysTheSame(a: Said | undefined, b: Said): boolean {
  const words = (r: Said) => JSON.stringify([r.category, r.severity, r.note, r.photoIds, r.form, r.assetId, r.amends, r.place && r.place.by !== 'gps' ? [r.place.lon, r.place.lat] : null]);
  return a !== undefined && words(a) === words(b);
}

const waitingItem = (owner: Owner, key: string, kind: Item['kind'], at: string, body: Pick<Item, 'report' | 'photo' | 'track'>): Item => ({
  key, owner, kind, at, state: 'waiting', device: null, sequence: null, payload: null,
  ...(body.report ? { report: body.report } : {}),
  ...(body.photo ? { photo: body.photo } : {}),
  ...(body.track ? { track: body.track } : {}),
});
