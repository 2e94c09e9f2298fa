import { describe, expect, it } from 'vitest';
import { noise } from '../../dev/mockData';
import { FeatureTable } from './featureTable';

interface F {
  properties: { id: string; revision: number };
}
const f = (id: string, revision: number): F => ({ properties: { id, revision } });
const table = () => new FeatureTable<F>((x) => x.properties.id);
const state = (t: FeatureTable<F>) => Object.fromEntries(t.values().map((x) => [x.properties.id, x.properties.revision]));

describe('FeatureTable', () => {
  it('keeps the newest revision and ignores older and equal ones', () => {
    const t = table();
    expect([t.apply(f('a', 5)), t.apply(f('a', 4)), t.apply(f('a', 5)), t.apply(f('a', 6))]).toEqual([true, false, false, true]);
    expect(state(t)).toEqual({ a: 6 });
  });

  it('ends the same in whatever order and however often messages and snapshot arrive', () => {
    const news = Array.from({ length: 60 }, (_, i) => f(`f${i % 7}`, i + 1));
    const newest = Object.fromEntries(Array.from({ length: 7 }, (_, k) => [`f${k}`, Math.max(...news.filter((x) => x.properties.id === `f${k}`).map((x) => x.properties.revision))]));
    for (let seed = 0; seed < 50; seed++) {
      const random = noise(seed);
      const t = table();
      const shuffled = [...news, ...news].map((x) => ({ x, at: random() })).sort((a, b) => a.at - b.at);
      shuffled.forEach(({ x }, i) => (i === 40 ? t.applySnapshot(news.slice(0, 30), 30) : t.apply(x)));
      t.apply(shuffled[40]!.x);
      expect(state(t)).toEqual(newest);
    }
  });

  it('asks next for what came after the snapshot, not after the last live message', () => {
    const t = table();
    expect(t.snapshotRevision).toBeNull();
    t.applySnapshot([f('a', 3)], 7);
    t.apply(f('b', 12)); // 8..11 may have been lost
    expect(t.snapshotRevision).toBe(7);
  });

  it('counts anew after a change, and only then', () => {
    const t = table();
    let asked = 0;
    const isLate = (x: F) => (asked++, x.properties.revision > 4);
    t.apply(f('a', 5));
    t.apply(f('b', 3));
    expect([t.count(isLate), t.count(isLate), asked]).toEqual([1, 1, 2]);
    t.apply(f('b', 6));
    expect(t.count(isLate)).toBe(2);
    t.clear();
    expect(t.count(isLate)).toBe(0);
  });

  it('hands over each change once', () => {
    const t = table();
    t.apply(f('a', 1));
    t.apply(f('a', 2));
    t.apply(f('b', 3));
    expect(t.takeChanges()).toEqual({ changed: [f('a', 2), f('b', 3)], removed: [], reset: false });
    expect(t.takeChanges()).toEqual({ changed: [], removed: [], reset: false });
  });

  it('takes away what went, and no older message brings it back', () => {
    const t = new FeatureTable<F>((x) => x.properties.id, (x) => x.properties.revision % 10 === 0);
    t.apply(f('a', 9));
    t.apply(f('b', 8));
    t.takeChanges();
    t.apply(f('a', 10));
    expect([t.size, t.get('a'), state(t)]).toEqual([1, undefined, { b: 8 }]);
    expect(t.takeChanges()).toEqual({ changed: [], removed: ['a'], reset: false });
    expect(t.apply(f('a', 9))).toBe(false);
    t.apply(f('a', 11));
    expect(state(t)).toEqual({ a: 11, b: 8 });
  });

  it('replaces everything when the store behind it began anew', () => {
    const t = table();
    t.applySnapshot([f('a', 90), f('b', 91)], 100);
    t.takeChanges();
    t.applySnapshot([f('c', 2)], 2);
    expect(state(t)).toEqual({ c: 2 });
    expect(t.takeChanges()).toEqual({ changed: [f('c', 2)], removed: [], reset: true });
  });

  it('knows what took the place of a feature that went, and only while it is gone', () => {
    const t = new FeatureTable<F & { into?: string }>((x) => x.properties.id, (x) => x.into !== undefined, (x) => x.into ?? null);
    t.apply({ ...f('a', 1), into: 'b' });
    expect([t.heir('a'), t.heir('b'), t.size]).toEqual(['b', null, 0]);
    t.apply({ ...f('a', 3), into: 'c' });
    t.apply({ ...f('a', 2), into: 'b' });
    expect(t.heir('a')).toBe('c');
    t.apply(f('a', 4));
    expect([t.heir('a'), t.size]).toEqual([null, 1]);
  });
});
