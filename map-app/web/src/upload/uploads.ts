import { Backoff } from '../edge/backoff';
import { BrowserJournal } from '../edge/journal';
import { NotOurs, openLine } from '../edge/line';
import { deviceOf, type LineState } from '../edge/outbox';
import { largestBytes, sha256 } from '../edge/photos';
import { LineLost, Sender } from '../edge/sender';
import type { Owner } from '../edge/types';
import { headBytes, readCamera } from './camera';
import { FolderJournal } from './folder';
import { filesUnder, forgetFolders, keepFolders, type Source } from './keptFolder';

/** `same`: the bytes of another file of this list. `left-out`: no photo that can be sent. */
export type FileState = 'reading' | 'waiting' | 'sending' | 'stored' | 'failed' | 'same' | 'left-out';

export interface UploadFile {
  /** where it lies under what was dropped */
  path: string;
  sizeBytes: number;
  state: FileState;
  /** known once it was read */
  photoId: string | null;
  /** of `sending`: the share that was sent */
  share: number;
  /** why it failed or was left out: a code of the server's, or `not-jpeg`, `empty`, `too-large`, `unreadable` */
  reason: string | null;
}

export interface UploadView {
  files: readonly UploadFile[];
  line: LineState;
}

const restMs = 500;

/** The photos that were laid here, until each is stored. One for the page: a dialog that is closed stops nothing. */
export class Uploads {
  private readonly kept = new BrowserJournal();
  private view: UploadView = { files: [], line: 'offline' };
  private readonly files = new Map<string, UploadFile>();
  private readonly paths = new Map<string, string>();
  private readonly listeners = new Set<() => void>();
  private journal: FolderJournal | null = null;
  private readonly sources = new Map<string, File>();
  private folders: FileSystemDirectoryHandle[] = [];
  private working = false;
  private drawn = false;

  constructor(
    readonly owner: Owner,
    private readonly site: string,
    private readonly mqttUrl: string,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getView = (): UploadView => this.view;

  /** True while something would be lost by leaving the page. */
  get isBusy(): boolean {
    return [...this.files.values()].some((f) => f.state === 'reading' || f.state === 'waiting' || f.state === 'sending');
  }

  /** Takes files; what is here already is left as it is, what failed is tried again. */
  add(sources: readonly Source[]): void {
    const fresh: string[] = [];
    for (const { path, file } of sources) {
      const known = this.files.get(path);
      if (known && known.state !== 'failed') continue;
      this.sources.set(path, file);
      const reason = file.size === 0 ? 'empty' : file.size > largestBytes ? 'too-large' : null;
      this.files.set(path, { path, sizeBytes: file.size, state: reason ? 'left-out' : 'reading', photoId: null, share: 0, reason });
      if (!reason) fresh.push(path);
    }
    this.changed();
    if (fresh.length > 0) void this.read(fresh);
  }

  /** Tries again what failed. */
  retry(): void {
    this.add([...this.files.values()].filter((f) => f.state === 'failed').flatMap(({ path }) => ({ path, file: this.sources.get(path)! })));
  }

  /** Takes folders that can be read again, and keeps the way to them until all is stored. */
  async addFolders(handles: FileSystemDirectoryHandle[], sources?: Source[]): Promise<void> {
    const all = sources ?? (await Promise.all(handles.map((h) => filesUnder(h)))).flat();
    const folders = [...this.folders, ...handles.filter((h) => !this.folders.some((known) => known.name === h.name))];
    if (folders.length > 0) await keepFolders(this.owner, folders).catch(() => undefined); // without a database it is only not offered again
    this.folders = folders;
    this.add(all);
  }

  /** Forgets what is done with. */
  clear(): void {
    for (const [path, f] of this.files) if (f.state === 'stored' || f.state === 'same' || f.state === 'left-out') this.files.delete(path);
    this.changed();
  }

  /** One after the other: the disk is read once, and the first photos go while the last are hashed. */
  private async read(paths: string[]): Promise<void> {
    this.journal ??= new FolderJournal(this.kept, this.site, (item) => this.settle(item.key, item.state === 'stored' ? { state: 'stored', share: 1, reason: null } : { state: 'failed', reason: item.reason ?? null }));
    for (const path of paths) {
      const file = this.sources.get(path)!;
      try {
        const head = await file.slice(0, headBytes).arrayBuffer();
        const [a, b, c] = new Uint8Array(head, 0, Math.min(3, head.byteLength));
        if (a !== 0xff || b !== 0xd8 || c !== 0xff) {
          this.set(path, { state: 'left-out', reason: 'not-jpeg' });
          continue;
        }
        const photoId = await sha256(file);
        const key = `${this.owner}/${photoId}`;
        const aerial = readCamera(head);
        const added = this.journal.add({
          key, owner: this.owner, kind: 'photo', at: new Date().toISOString(), state: 'waiting', device: null, sequence: null, payload: null,
          photo: { photoId, name: (file.name.replace(/[/\\]/g, '_') || 'photo.jpg').slice(-255), sizeBytes: file.size, capturedAt: aerial.capturedAt, report: '', aerial },
        }, file);
        const isSame = !added && this.paths.get(key) !== path;
        if (added) this.paths.set(key, path);
        this.set(path, isSame ? { state: 'same', photoId } : { state: 'waiting', photoId });
        if (added) void this.work();
      } catch {
        this.set(path, { state: 'failed', reason: 'unreadable' });
      }
    }
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    const backoff = new Backoff();
    while (await this.some()) {
      try {
        if (!backoff.hasFailed) this.tell('connecting'); // a line that stays away is not announced anew every few seconds
        const { device, line } = await deviceOf(this.kept, this.owner);
        if (device) await this.oneLine(device.site, device.id, () => backoff.succeeded());
        else if (line) this.tell(line);
        if (device && !(await this.some())) break;
      } catch (error) {
        if (error instanceof NotOurs) continue;
        if (!(error instanceof LineLost)) console.warn('sending stopped:', error);
        this.tell('offline');
      }
      await new Promise((resolve) => setTimeout(resolve, backoff.nextMs()));
    }
    this.working = false;
  }

  private async some(): Promise<boolean> {
    return ((await this.journal?.waiting(this.owner)) ?? []).length > 0;
  }

  private async oneLine(site: string, device: string, onUp: () => void): Promise<void> {
    const line = await openLine(this.mqttUrl, site, device, null); // whether the device is there is said by the outbox's line, which may be open beside this one
    try {
      onUp();
      this.tell('online');
      const sender = new Sender({
        journal: this.journal!, line, owner: this.owner, site, device,
        pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        progress: (key, share) => {
          const path = this.paths.get(key);
          const file = path === undefined ? undefined : this.files.get(path);
          if (file && (file.state === 'waiting' || file.state === 'sending')) this.set(file.path, share === null ? { state: 'waiting' } : { state: 'sending', share });
        },
        changed: () => undefined,
      });
      do await sender.drain();
      while (await this.more());
    } finally {
      line.close();
    }
  }

  /** Waits a moment for what is still being hashed. */
  private async more(): Promise<boolean> {
    while (!(await this.some())) {
      if (![...this.files.values()].some((f) => f.state === 'reading')) return false;
      await new Promise((resolve) => setTimeout(resolve, restMs));
    }
    return true;
  }

  private settle(key: string, how: Partial<UploadFile>): void {
    const path = this.paths.get(key);
    if (path !== undefined) this.set(path, how);
  }

  private set(path: string, how: Partial<UploadFile>): void {
    const file = this.files.get(path);
    if (file) this.files.set(path, { ...file, ...how });
    this.changed();
  }

  private tell(line: LineState): void {
    this.view = { ...this.view, line };
    this.changed();
  }

  /** Told once per frame, however many files move. */
  private changed(): void {
    if (this.drawn) return;
    this.drawn = true;
    requestAnimationFrame(() => {
      this.drawn = false;
      this.view = { ...this.view, files: [...this.files.values()] };
      this.forgetDone();
      for (const listener of this.listeners) listener();
    });
  }

  /** What is stored to its end is not offered again. */
  private forgetDone(): void {
    if (this.folders.length === 0 || this.isBusy || this.view.files.some((f) => f.state === 'failed')) return;
    this.folders = [];
    void forgetFolders(this.owner).catch(() => undefined);
  }
}
