import { describe, expect, it } from 'vitest';
import { mockData } from '../../dev/mockData';
import { after, allDrafts, inQueue, neighbour, none, rank } from './queue';

const { findings } = mockData(60);
const ids = (list: typeof findings) => list.map((f) => f.properties.findingId);

describe('review queue', () => {
  it('is ordered by urgency, then by score', () => {
    const ranked = rank([...findings]);
    const keys = ranked.map((f) => [f.properties.urgency ?? 0, f.properties.score] as const);
    expect(keys).toEqual([...keys].sort((a, b) => b[0] - a[0] || b[1] - a[1]));
    expect(ids(rank([...findings].reverse()))).toEqual(ids(ranked));
  });

  it('is filtered by status, class, asset and degree at once', () => {
    const q = { ...allDrafts, class: 'crack', asset: 'bridge:B-001', degree: 'e' };
    const kept = findings.filter(inQueue(q));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every(({ properties: p }) => p.class === 'crack' && p.assetId === 'bridge:B-001' && p.degreeMost === 'e')).toBe(true);
    const rejected = { ...findings[0]!, properties: { ...findings[0]!.properties, status: 'rejected' as const, assetId: null } };
    expect([allDrafts, { ...allDrafts, status: 'rejected' as const }, { ...allDrafts, status: 'all' as const, asset: none }, { ...allDrafts, status: 'decided' as const }].map((f) => inQueue(f)(rejected))).toEqual([false, true, true, false]);
  });

  it('goes on to the next, at the end to the one before, and ends with the last', () => {
    const three = findings.slice(0, 3);
    const [a, b, c] = ids(three) as [string, string, string];
    expect([after(three, a), after(three, c), after([three[0]!], a), after(three, 'elsewhere'), after([], a)]).toEqual([b, b, null, a, null]);
    expect([neighbour(three, b, 1), neighbour(three, c, 1), neighbour(three, a, -1), neighbour(three, null, 1), neighbour(three, null, -1), neighbour([], a, 1)]).toEqual([c, c, a, a, c, null]);
  });
});
