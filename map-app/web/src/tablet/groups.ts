import type { Item } from '../edge/types';

export type Shown = 'waiting' | 'sending' | 'stored' | 'rejected';

/** A line of the outbox: a report with its photos, or a track with its parts. */
export interface Group {
  key: string;
  head: Item;
  parts: Item[];
  state: Shown;
  /** 0 to 1 while something of it is on the line */
  share: number | null;
  photosStored: number;
  photos: number;
}

/** What a person sees for what is sent: the newest first, and stored only when all of it is. */
export function groupsOf(items: Item[], sending: ReadonlyMap<string, number>): Group[] {
  const photos = new Map(items.filter((i) => i.photo).map((i) => [i.photo!.photoId, i]));
  const heads = items.filter((i) => i.report).map((head) => ({ head, parts: [head, ...head.report!.photoIds.flatMap((id) => photos.get(id) ?? [])] }));
  const tracks = new Map<string, Item[]>();
  for (const item of items) if (item.track) tracks.set(item.track.trackId, [...(tracks.get(item.track.trackId) ?? []), item]);
  const all = [...heads, ...[...tracks.values()].map((parts) => ({ head: parts[0]!, parts }))];
  return all.map(({ head, parts }) => groupOf(head, parts, sending)).sort((a, b) => b.head.at.localeCompare(a.head.at));
}

function groupOf(head: Item, parts: Item[], sending: ReadonlyMap<string, number>): Group {
  const onLine = parts.filter((p) => sending.has(p.key));
  const shots = parts.filter((p) => p.photo);
  const state: Shown = parts.some((p) => p.state === 'rejected') ? 'rejected' : onLine.length > 0 ? 'sending' : parts.every((p) => p.state === 'stored') ? 'stored' : 'waiting';
  const share = onLine.length === 0 ? null : parts.reduce((sum, p) => sum + (p.state === 'stored' ? 1 : (sending.get(p.key) ?? 0)), 0) / parts.length;
  return { key: head.report ? head.key : head.track!.trackId, head, parts, state, share, photos: shots.length, photosStored: shots.filter((s) => s.state === 'stored').length };
}

/** How many things of a person wait, as the person counts them: reports and tracks, not messages. */
export const waitingCount = (groups: Group[]) => groups.filter((g) => g.state === 'waiting' || g.state === 'sending').length;
