import type { Outcome, SentDecision } from '../api/decisions';
import type { FindingFeature } from '../api/types';
import type { Decision } from './plan';

/** A decision on its way to the server. */
export interface Outgoing {
  key: number;
  findingId: string;
  who: string;
  decision: Decision;
  /** of the finding as the person saw it */
  revision: number;
  /** `conflict` and `refused` wait for the person, the others for the server */
  state: 'waiting' | 'sending' | 'conflict' | 'refused';
  error: string;
  /** with `conflict`: the finding as somebody else left it */
  other: FindingFeature | null;
}

export interface OutboxParts {
  send: (findingId: string, decision: SentDecision) => Promise<Outcome>;
  /** the finding as the server has it now */
  onFinding: (finding: FindingFeature) => void;
  /** runs once after so many milliseconds; returns how to call it off */
  later: (run: () => void, ms: number) => () => void;
  keep: { read: () => string | null; write: (text: string) => void };
}

const firstRetryMs = 2_000;
const lastRetryMs = 30_000;

/**
 * Decisions leave in the order they were made, one at a time, and stay here until the server has taken them or the
 * person has let go of them. They survive a reload of the page. A decision whose answer was lost is sent again: the
 * server's revision check keeps it from counting twice, and such a refusal is recognised as our own work.
 */
export class Outbox {
  private entries: readonly Outgoing[];
  private nextKey: number;
  private failures = 0;
  private sending = false;
  private cancelRetry: (() => void) | null = null;
  /** revisions that our own decisions led to */
  private readonly ours = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly parts: OutboxParts) {
    this.entries = recall(parts.keep.read());
    this.nextKey = 1 + Math.max(0, ...this.entries.map((e) => e.key));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** A new array with every change. */
  readonly list = (): readonly Outgoing[] => this.entries;

  /** Takes a decision in and sends it as soon as it is its turn; its key. */
  add(findingId: string, decision: Decision, who: string, revision: number): number {
    const key = this.nextKey++;
    this.set([...this.entries, { key, findingId, who, decision, revision, state: 'waiting', error: '', other: null }]);
    void this.pump();
    return key;
  }

  /** Lets go of a decision that is not on the line right now; false when it is, or was taken by the server. */
  drop(key: number): boolean {
    const entry = this.entries.find((e) => e.key === key);
    if (!entry || entry.state === 'sending') return false;
    this.set(this.entries.filter((e) => e !== entry));
    return true;
  }

  /** Sends a decision once more after the person has seen what the other one did. */
  insist(key: number): void {
    this.change(key, (e) => ({ ...e, state: 'waiting', error: '', revision: e.other?.properties.revision ?? e.revision, other: null }));
    this.retryNow();
  }

  /** The line may be back. */
  retryNow(): void {
    this.cancelRetry?.();
    this.cancelRetry = null;
    void this.pump();
  }

  private async pump(): Promise<void> {
    if (this.sending || this.cancelRetry) return;
    this.sending = true;
    for (let next = this.next(); next; next = this.next()) {
      this.change(next.key, (e) => ({ ...e, state: 'sending' }));
      const revision = Math.max(next.revision, this.ours.get(next.findingId) ?? 0);
      const answer = await this.parts.send(next.findingId, { ...next.decision, who: next.who, revision });
      if (!this.settle(next, answer)) break;
    }
    this.sending = false;
  }

  private readonly next = () => this.entries.find((e) => e.state === 'waiting');

  /** False when there is no use in sending more now. */
  private settle(entry: Outgoing, answer: Outcome): boolean {
    if (answer.kind === 'failed') {
      this.change(entry.key, (e) => ({ ...e, state: 'waiting' }));
      const wait = Math.min(firstRetryMs * 2 ** this.failures++, lastRetryMs);
      this.cancelRetry = this.parts.later(() => this.retryNow(), wait);
      return false;
    }
    this.failures = 0;
    const taken = answer.kind === 'done' || (answer.kind === 'conflict' && answer.finding !== null && isOurs(entry, answer.finding));
    if (answer.kind !== 'refused' && answer.finding) {
      if (taken) this.ours.set(entry.findingId, answer.finding.properties.revision);
      this.parts.onFinding(answer.finding);
    }
    if (taken) this.set(this.entries.filter((e) => e.key !== entry.key));
    else this.park(entry, answer.kind === 'conflict' ? { state: 'conflict', other: answer.finding } : { state: 'refused', error: answer.kind === 'refused' ? answer.error : '' });
    return true;
  }

  /** What was refused waits for the person; an undo of it has nothing left to undo. */
  private park(entry: Outgoing, how: Partial<Outgoing>): void {
    const kept = this.entries.filter((e) => !(e.findingId === entry.findingId && e.key > entry.key && e.decision.action === 'undo'));
    this.set(kept.map((e) => (e.key === entry.key ? { ...e, ...how } : e)));
  }

  private change(key: number, how: (entry: Outgoing) => Outgoing): void {
    this.set(this.entries.map((e) => (e.key === key ? how(e) : e)));
  }

  private set(entries: readonly Outgoing[]): void {
    this.entries = entries;
    this.parts.keep.write(JSON.stringify(entries));
    for (const listener of this.listeners) listener();
  }
}

/** The server already has this very decision: only its answer was lost. */
function isOurs({ who, decision }: Outgoing, { properties: p }: FindingFeature): boolean {
  const status = { confirm: 'confirmed', correct: 'corrected', reject: 'rejected', undo: null }[decision.action];
  const same = (name: 'degree' | 'class' | 'assetId' | 'elementId') => decision[name] === undefined || decision[name] === p[name];
  return status === p.status && p.decidedBy === who && (p.decisionNote ?? '') === decision.note && same('degree') && same('class') && same('assetId') && same('elementId');
}

function recall(text: string | null): Outgoing[] {
  try {
    const read = JSON.parse(text ?? '[]') as Outgoing[];
    return Array.isArray(read) ? read.map((e) => (e.state === 'sending' ? { ...e, state: 'waiting' } : e)) : [];
  } catch {
    return [];
  }
}
