import type { FindingFeature } from '../api/types';
import { worstLetter } from './degree';

export type StatusChoice = 'draft' | 'decided' | 'rejected' | 'all';

export interface QueueFilter {
  status: StatusChoice;
  class: string | null;
  /** an asset's id; `none`: on no asset */
  asset: string | null;
  /** the decided letter, or the worst that the draft allows; `none`: not graded */
  degree: string | null;
}

export const allDrafts: QueueFilter = { status: 'draft', class: null, asset: null, degree: null };
export const none = 'none';

/** `decided`: somebody said that it is damage. */
export const isStatus = (status: string, choice: StatusChoice) =>
  choice === 'all' || (choice === 'decided' ? status === 'confirmed' || status === 'corrected' : status === choice);

export const inQueue = (q: QueueFilter) => (f: FindingFeature) => {
  const p = f.properties;
  return (
    isStatus(p.status, q.status) &&
    (q.class === null || p.class === q.class) &&
    (q.asset === null || (p.assetId ?? none) === q.asset) &&
    (q.degree === null || (worstLetter(p) ?? none) === q.degree)
  );
};

/** The most urgent first, then the surer, then the newer. */
export function rank(findings: FindingFeature[]): FindingFeature[] {
  return findings.sort(
    ({ properties: a }, { properties: b }) =>
      (b.urgency ?? 0) - (a.urgency ?? 0) || b.score - a.score || compare(b.capturedAt ?? '', a.capturedAt ?? '') || compare(a.findingId, b.findingId),
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The finding to open once `id` is decided and leaves the queue: the next, at the end the one before; null: none is left. */
export function after(queue: FindingFeature[], id: string): string | null {
  const at = queue.findIndex((f) => f.properties.findingId === id);
  const next = at < 0 ? queue[0] : (queue[at + 1] ?? queue[at - 1]);
  return next && next.properties.findingId !== id ? next.properties.findingId : null;
}

/** J and K: the neighbour, at the ends the same. */
export function neighbour(queue: FindingFeature[], id: string | null, by: 1 | -1): string | null {
  if (queue.length === 0) return null;
  const at = queue.findIndex((f) => f.properties.findingId === id);
  const to = at < 0 ? (by > 0 ? 0 : queue.length - 1) : Math.min(Math.max(at + by, 0), queue.length - 1);
  return queue[to]!.properties.findingId;
}
