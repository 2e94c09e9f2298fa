import { describe, expect, it } from 'vitest';
import type { Journal } from './journal';
import { LineLost, Sender, type Acknowledged, type EdgeLine } from './sender';
import type { Item, StoredPhoto } from './types';
import { chunkBytes, messageOf } from './wire';

const device = 'tablet-00000001';
const site = 'aoba';
const report = (key: string, at: string): Item => ({
  key, owner: '', kind: 'report', at, state: 'waiting', device: null, sequence: null, payload: null,
  report: { place: null, category: 'road', severity: 'warning', note: key, photoIds: [], missingPhotos: [], assetId: null, who: null, form: null, amends: null, bases: [] },
});
const photo = (photoId: string, sizeBytes: number): Item => ({
  key: `/${photoId}`, owner: '', kind: 'photo', at: '2026-11-22T00:00:00Z', state: 'waiting', device: null, sequence: null, payload: null,
  photo: { photoId, name: 'a.jpg', sizeBytes, capturedAt: null, report: 'r' },
});

class MemoryJournal implements Journal {
  last = 0;
  readonly items = new Map<string, Item>();
  readonly photos = new Map<string, StoredPhoto>();
  constructor(...items: Item[]) {
    for (const item of items) this.items.set(item.key, item);
  }
  waiting = () => Promise.resolve([...this.items.values()].filter((i) => i.state === 'waiting').sort((a, b) => a.at.localeCompare(b.at)));
  identify = (key: string, id: string) => {
    const item = this.items.get(key);
    if (item?.state !== 'waiting') return Promise.resolve(null);
    if (item.sequence === null || item.device !== id) {
      const sequence = ++this.last;
      this.items.set(key, { ...item, device: id, sequence, payload: messageOf(item, site, id, sequence) });
    }
    return Promise.resolve(this.items.get(key)!);
  };
  sequence = () => Promise.resolve(++this.last);
  stored = (item: Item) => this.settle(item, { state: 'stored' });
  rejected = (item: Item, reason: string, detail: string) => this.settle(item, { state: 'rejected', reason, detail });
  photo = (photoId: string) => Promise.resolve(this.photos.get(photoId));
  private settle(item: Item, how: Partial<Item>) {
    this.items.set(item.key, { ...item, ...how });
    return Promise.resolve();
  }
}

/** The server's side of a line: keeps what comes, and answers as the test says. */
class FakeLine implements EdgeLine {
  readonly published: { topic: string; payload: string | Uint8Array }[] = [];
  lose: (error: Error) => void = () => undefined;
  readonly ended = new Promise<never>((_, reject) => (this.lose = reject));
  private listener: (payload: string) => void = () => undefined;
  answer: (topic: string, payload: string | Uint8Array) => Acknowledged = () => ({ ok: true });
  constructor(readonly durable = true) {
    this.ended.catch(() => undefined);
  }
  publish = (topic: string, payload: string | Uint8Array) => {
    this.published.push({ topic: topic.replace(`field/v1/${site}/${device}/up/`, ''), payload });
    const answer = this.answer(topic.replace(`field/v1/${site}/${device}/up/`, ''), payload);
    return Promise.race([this.ended, Promise.resolve(answer)]);
  };
  onReceipt = (to: (payload: string) => void) => (this.listener = to);
  say = (subject: string, data: object) => this.listener(JSON.stringify({ type: 'field.receipt.v1', subject, data }));
  topics = () => this.published.map((p) => p.topic);
}

const run = (journal: Journal, line: FakeLine, pause: () => Promise<void> = () => new Promise(() => undefined)) =>
  new Sender({ journal, line, owner: '', site, device, pause, progress: () => undefined, changed: () => undefined }).drain();

describe('sender', () => {
  it('sends reports before photos, each with its own sequence, and settles what was acknowledged', async () => {
    const id = 'a'.repeat(64);
    const journal = new MemoryJournal(photo(id, 10), report('one', '2026-11-22T01:00:00Z'), report('two', '2026-11-22T02:00:00Z'));
    journal.photos.set(id, { photoId: id, name: 'a.jpg', sizeBytes: 10, capturedAt: null, bytes: new Blob([new Uint8Array(10)]), thumbnail: new Blob(['t']) });
    const line = new FakeLine();
    line.answer = (topic) => {
      if (topic.endsWith('manifest')) line.say(id, { outcome: 'incomplete', missing: [[0, 0]] });
      if (topic.includes('chunk')) line.say(id, { outcome: 'stored', sha256: id, sizeBytes: 10 });
      return { ok: true };
    };
    await run(journal, line);
    expect(line.topics()).toEqual(['event', 'event', `photo/${id}/manifest`, `photo/${id}/thumbnail`, `photo/${id}/chunk/0`]);
    expect([...journal.items.values()].map((i) => i.state)).toEqual(['stored', 'stored', 'stored']);
    expect(new Set([...journal.items.values()].map((i) => i.sequence)).size).toBe(3);
  });

  it('does not take an acknowledgement of another broker for storage, and sends again until the receipt names it', async () => {
    const journal = new MemoryJournal(report('one', '2026-11-22T01:00:00Z'));
    const line = new FakeLine(false);
    let pauses = 0;
    line.answer = () => {
      if (line.published.length === 2) setTimeout(() => line.say('messages', { outcome: 'stored', sequences: [[1, 1]] }));
      return { ok: true };
    };
    await run(journal, line, () => (pauses++ === 0 ? Promise.resolve() : new Promise(() => undefined)));
    expect(line.published).toHaveLength(2);
    expect(line.published[0]).toEqual(line.published[1]); // the same bytes under the same sequence
    expect(journal.items.get('one')!.state).toBe('stored');
  });

  it('keeps a photo whose receipt names another hash', async () => {
    const id = 'b'.repeat(64);
    const journal = new MemoryJournal(photo(id, 10));
    const line = new FakeLine();
    line.answer = (topic) => {
      if (topic.endsWith('manifest')) line.say(id, { outcome: 'stored', sha256: 'c'.repeat(64), sizeBytes: 10 });
      return { ok: true };
    };
    await run(journal, line);
    expect(journal.items.get(`/${id}`)).toMatchObject({ state: 'rejected', reason: 'hash-mismatch' });
  });

  it('sends what is missing after an interruption, and only that', async () => {
    const id = 'd'.repeat(64);
    const size = chunkBytes * 2 + 5;
    const journal = new MemoryJournal(photo(id, size));
    journal.photos.set(id, { photoId: id, name: 'a.jpg', sizeBytes: size, capturedAt: null, bytes: new Blob([new Uint8Array(size)]), thumbnail: null });
    const line = new FakeLine();
    line.answer = (topic) => {
      if (topic.endsWith('manifest')) line.say(id, { outcome: 'incomplete', missing: [[2, 2]] });
      if (topic.includes('chunk')) line.say(id, { outcome: 'stored', sha256: id, sizeBytes: size });
      return { ok: true };
    };
    await run(journal, line);
    expect(line.topics().filter((t) => t.includes('chunk'))).toEqual([`photo/${id}/chunk/2`]);
    expect(journal.items.get(`/${id}`)!.state).toBe('stored');
  });

  it('settles nothing when the line is lost', async () => {
    const journal = new MemoryJournal(report('one', '2026-11-22T01:00:00Z'));
    const line = new FakeLine();
    line.lose(new LineLost('gone'));
    await expect(run(journal, line)).rejects.toBeInstanceOf(LineLost);
    expect(journal.items.get('one')).toMatchObject({ state: 'waiting', sequence: 1 });
    const next = new FakeLine();
    await run(journal, next);
    expect(JSON.parse(next.published[0]!.payload as string)).toMatchObject({ id: `${device}:1`, sequence: '1' });
  });

  it('keeps what the server has no room for, and tells what it refuses', async () => {
    const journal = new MemoryJournal(report('one', '2026-11-22T01:00:00Z'));
    const full = new FakeLine();
    full.answer = () => ({ ok: false, code: 0x97, reason: 'full' });
    await expect(run(journal, full)).rejects.toBeInstanceOf(LineLost);
    expect(journal.items.get('one')!.state).toBe('waiting');
    const refusing = new FakeLine();
    refusing.answer = () => ({ ok: false, code: 0x99, reason: 'missing' });
    await run(journal, refusing);
    expect(journal.items.get('one')).toMatchObject({ state: 'rejected', reason: '0x99' });
  });
});
