import { Backoff } from './backoff';
import { BrowserJournal } from './journal';
import { NotOurs, openLine } from './line';
import { LineLost, Sender } from './sender';
import type { Device, Item, Owner, PhotoBody, ReportBody } from './types';
import { status } from './wire';

/** Where the line stands; what it was last, until a new try has come to something. `connecting`: nothing is known yet; `signed-out`: the server knows nobody; `not-allowed`: the role sends nothing; `full`: too many browsers of the person. */
export type LineState = 'offline' | 'connecting' | 'online' | 'signed-out' | 'not-allowed' | 'full';

export interface OutboxView {
  /** null until they were read */
  items: Item[] | null;
  line: LineState;
  /** share that was sent of what is on the line right now, by key */
  sending: ReadonlyMap<string, number>;
  /** how much waits of others who used this tablet */
  others: number;
  device: string | null;
}

interface Said {
  what: 'changed' | 'line' | 'wake' | 'ask';
  line?: LineState;
  sending?: [string, number][];
}

const lockName = 'field-edge-sender';
const sealEveryMs = 30_000;

/**
 * The outbox of whoever uses the tablet. Every tab shows it; one of them, the one that holds the lock, sends. When that tab is killed the lock goes to
 * another one by itself, and what was on the line is sent again: the server knows it by its sequence or its hash.
 */
export class Outbox {
  readonly journal = new BrowserJournal();
  private view: OutboxView;
  private readonly listeners = new Set<() => void>();
  private channel: BroadcastChannel | null = null;
  private readonly sending = new Map<string, number>();
  private wake: (() => void) | null = null;
  private woken = false;
  private isSender = false;

  constructor(
    readonly owner: Owner,
    private readonly mqttUrl: string,
    /** what is known of the line before it was tried */
    line: 'connecting' | 'offline' = 'connecting',
  ) {
    this.view = { items: null, line, sending: new Map(), others: 0, device: null };
  }

  /** Shows and sends until what it answers is called. */
  start(): () => void {
    const stopped = new AbortController();
    const { signal } = stopped;
    const channel = new BroadcastChannel('field-edge');
    channel.onmessage = ({ data }: MessageEvent<Said>) => this.hear(data);
    this.channel = channel;
    this.say({ what: 'ask' });
    window.addEventListener('online', () => this.nudge(), { signal });
    void this.refresh();
    void this.journal.tidy(Date.now()).catch(() => undefined);
    navigator.locks
      .request(lockName, { signal }, async () => {
        this.isSender = true;
        await this.work(signal);
        this.isSender = false;
      })
      .catch(() => undefined); // stopped while it waited for its turn
    return () => {
      stopped.abort();
      this.wake?.();
      channel.close();
      if (this.channel === channel) this.channel = null;
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getView = (): OutboxView => this.view;

  /** Keeps a report; it is durable when this resolves. */
  async report(report: ReportBody, photos: Omit<PhotoBody, 'report'>[], key: string): Promise<void> {
    await this.journal.addReport(this.owner, key, new Date().toISOString(), report, photos);
    this.changed();
    this.nudge();
    void navigator.storage?.persist?.().catch(() => false); // the browser is asked not to clear us when the disk gets full
  }

  async retry(key: string): Promise<void> {
    await this.journal.retry(key);
    this.changed();
    this.nudge();
  }

  /** Something is there to send, or the line may be back: no waiting. */
  nudge(): void {
    if (!this.isSender) return this.say({ what: 'wake' });
    this.woken = true;
    this.wake?.();
  }

  changed(): void {
    this.say({ what: 'changed' });
    void this.refresh();
  }

  private say(what: Said): void {
    this.channel?.postMessage(what);
  }

  private hear(said: Said): void {
    if (said.what === 'wake') {
      if (this.isSender) this.nudge();
    } else if (said.what === 'ask') {
      if (this.isSender) this.tell(this.view.line); // another tab was opened
    } else if (said.what === 'changed') void this.refresh();
    else this.show({ line: said.line ?? this.view.line, sending: new Map(said.sending) });
  }

  private async refresh(): Promise<void> {
    const [items, others, device] = await Promise.all([this.journal.items(this.owner), this.journal.others(this.owner), this.journal.device(this.owner)]);
    this.show({ items, others: [...others.values()].reduce((a, b) => a + b, 0), device: device?.id ?? null });
  }

  private show(part: Partial<OutboxView>): void {
    this.view = { ...this.view, ...part };
    for (const listener of this.listeners) listener();
  }

  private tell(line: LineState): void {
    this.show({ line, sending: new Map(this.sending) });
    this.say({ what: 'line', line, sending: [...this.sending] });
  }

  private async work(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff();
    while (!signal.aborted) {
      try {
        const device = await this.device();
        if (device) await this.oneLine(device, signal, () => backoff.succeeded());
      } catch (error) {
        if (error instanceof NotOurs) continue; // asked for at the next turn
        if (!(error instanceof LineLost) && !signal.aborted) console.warn('sending stopped:', error);
        this.tell('offline');
      }
      this.sending.clear();
      if (!signal.aborted) await this.rest(backoff.nextMs());
    }
  }

  /** Sends over one line until it ends. */
  private async oneLine(device: Device, signal: AbortSignal, onUp: () => void): Promise<void> {
    const will = status(device.site, device.id, await this.journal.sequence(this.owner, device.id), new Date().toISOString(), false);
    const line = await openLine(this.mqttUrl, device.site, device.id, will);
    const close = () => line.close();
    signal.addEventListener('abort', close);
    window.addEventListener('offline', close); // the radio says so at once, the socket after a minute
    try {
      onUp();
      this.tell('online');
      const waiting = await this.journal.waiting(this.owner);
      const sequence = await this.journal.sequence(this.owner, device.id);
      await line.publish(`field/v1/${device.site}/${device.id}/up/status`, status(device.site, device.id, sequence, new Date().toISOString(), true, waiting.length), true);
      const sender = new Sender({
        journal: this.journal, line, owner: this.owner, site: device.site, device: device.id,
        pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        progress: (key, share) => {
          if (share === null) this.sending.delete(key);
          else this.sending.set(key, share);
          this.tell('online');
        },
        changed: () => this.changed(),
      });
      while (!signal.aborted) {
        this.woken = false;
        await sender.drain();
        await Promise.race([this.rest(sealEveryMs), line.ended]);
      }
    } finally {
      signal.removeEventListener('abort', close);
      window.removeEventListener('offline', close);
      line.close();
    }
  }

  /** Waits, but not when somebody nudges, or has since it was looked last. */
  private rest(ms: number): Promise<void> {
    if (this.woken) {
      this.woken = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake?.(), ms);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
    });
  }

  /** The id that the server knows us by; a new one when there is none, or the old one is revoked. Null when we may not send now. */
  private async device(): Promise<Device | null> {
    const { device, fresh, line } = await deviceOf(this.journal, this.owner);
    if (fresh) this.changed();
    if (line) this.tell(line);
    return device;
  }
}

/** The id that the server knows this browser by, kept for the next time; without one, why not. */
export async function deviceOf(journal: BrowserJournal, owner: Owner): Promise<{ device: Device | null; fresh: boolean; line: LineState | null }> {
  const known = await journal.device(owner);
  let answer = await ask(known ? { id: known.id } : {});
  if (answer.code === 'not-your-device') answer = await ask({});
  if (answer.device) {
    if (known?.id === answer.device.id) return { device: known, fresh: false, line: null };
    const device: Device = { owner, id: answer.device.id, site: answer.device.site, lastSequence: 0 };
    await journal.setDevice(device);
    return { device, fresh: true, line: null };
  }
  const line = answer.code === 'signed-out' ? 'signed-out' : answer.code === 'too-many-devices' ? 'full' : answer.code === null ? 'offline' : 'not-allowed';
  return { device: null, fresh: false, line };
}

/** `code` is null without an answer that says why. */
async function ask(body: { id?: string }): Promise<{ device?: { id: string; site: string }; code: string | null }> {
  try {
    const response = await fetch('/api/v1/session/device', { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(body) });
    const answer = (await response.json()) as { id?: string; site?: string; code?: string };
    if (response.ok && answer.id && answer.site) return { device: { id: answer.id, site: answer.site }, code: null };
    return { code: response.status >= 500 ? null : (answer.code ?? null) };
  } catch {
    return { code: null };
  }
}
