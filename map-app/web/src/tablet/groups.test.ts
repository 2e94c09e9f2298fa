import { describe, expect, it } from 'vitest';
import type { Item } from '../edge/types';
import { groupsOf, waitingCount } from './groups';

const base = { owner: '', device: null, sequence: null, payload: null };
const report = (key: string, at: string, state: Item['state'], photoIds: string[]): Item => ({
  ...base, key, at, state, kind: 'report',
  report: { place: null, category: null, severity: null, note: '', photoIds, missingPhotos: [], assetId: null, who: null, form: null, amends: null, bases: [] },
});
const photo = (photoId: string, state: Item['state']): Item => ({ ...base, key: `/${photoId}`, at: '2026-11-22T00:00:00Z', state, kind: 'photo', photo: { photoId, name: 'a', sizeBytes: 1, capturedAt: null, report: 'r' } });
const track = (key: string, trackId: string, state: Item['state']): Item => ({ ...base, key, at: '2026-11-22T01:00:00Z', state, kind: 'track', track: { trackId, points: [] } });

describe('outbox lines', () => {
  it('a report is stored only when its photos are', () => {
    const items = [report('r', '2026-11-22T03:00:00Z', 'stored', ['a', 'b']), photo('a', 'stored'), photo('b', 'waiting')];
    expect(groupsOf(items, new Map())).toMatchObject([{ key: 'r', state: 'waiting', photos: 2, photosStored: 1 }]);
    expect(groupsOf(items, new Map([['/b', 0.5]]))[0]).toMatchObject({ state: 'sending', share: 2.5 / 3 });
    items[2] = photo('b', 'stored');
    expect(groupsOf(items, new Map())[0]).toMatchObject({ state: 'stored', photosStored: 2 });
  });

  it('what was refused is seen first, and parts of one track are one line', () => {
    const items = [report('r', '2026-11-22T03:00:00Z', 'stored', ['a']), photo('a', 'rejected'), track('1', 't', 'stored'), track('2', 't', 'waiting')];
    const groups = groupsOf(items, new Map());
    expect(groups.map((g) => [g.key, g.state, g.parts.length])).toEqual([['r', 'rejected', 2], ['t', 'waiting', 2]]);
    expect(waitingCount(groups)).toBe(1);
  });
});
