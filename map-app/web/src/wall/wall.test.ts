import { describe, expect, it } from 'vitest';
import type { Item, Severity } from '../board/items';
import { nextStop, severityCounts, visited, wallRows, withNews, type Tour } from './rolling';

let n = 0;
const item = (severity: Severity, more: Partial<Item> = {}): Item => ({ key: `i${++n}`, severity, state: 'open', place: [138, 34], ...more }) as Item;
const many = (count: number, severity: Severity) => Array.from({ length: count }, () => item(severity));
const shown = (items: Item[], rows: number, turn: number) => {
  const list = wallRows(items, rows, turn, null);
  return [...list.fixed, ...list.rolled];
};

describe('the list on the wall', () => {
  it('never takes an urgent one away while the others roll, and shows each of them in turn', () => {
    const items = [...many(3, 'critical'), ...many(8, 'warning'), item('info', { state: 'done' })];
    const seen = new Set<Item>();
    for (let turn = 0; turn < 4; turn++) {
      const rows = shown(items, 5, turn);
      expect(rows.slice(0, 3)).toEqual(items.slice(0, 3));
      rows.forEach((r) => seen.add(r));
    }
    expect(seen.size).toBe(11);
    expect(wallRows(items, 5, 0, null)).toMatchObject({ pages: 4, hidden: 6, urgentRoll: false });
  });

  it('rolls urgent ones only among themselves when they are more than the rows, the newest always there', () => {
    const items = [...many(9, 'critical'), ...many(5, 'warning')];
    const seen = new Set<Item>();
    for (let turn = 0; turn < 2; turn++) {
      const rows = shown(items, 5, turn);
      expect([rows[0], rows.every((r) => r.severity === 'critical')]).toEqual([items[0], true]);
      rows.forEach((r) => seen.add(r));
    }
    expect(seen.size).toBe(9);
    expect(wallRows(items, 5, 0, null).urgentRoll).toBe(true);
    expect(wallRows(items.slice(0, 5), 5, 3, null)).toMatchObject({ hidden: 0, pages: 0 });
    expect(wallRows([...items.slice(0, 5), ...items.slice(9)], 5, 3, null)).toMatchObject({ hidden: 5, pages: 0, urgentRoll: false });
  });

  it('stays on the page of what the map looks at', () => {
    const items = many(12, 'warning');
    expect(wallRows(items, 5, 0, items[11]!.key)).toMatchObject({ page: 2, rolled: items.slice(10) });
  });

  it('counts what is open by how bad it is', () => {
    expect(severityCounts([...many(2, 'critical'), item('critical', { state: 'done' }), item(null), item('info', { state: 'working' })])).toEqual({ critical: 2, warning: 0, none: 1, info: 1 });
  });
});

describe('the tour of the map', () => {
  const start: Tour = { focus: null, turn: 0, known: new Set() };

  it('looks at all, then at each urgent one that has a place, then at all again', () => {
    const items = [item('critical'), item('critical', { place: null }), item('critical'), item('warning')];
    const stops = visited(items);
    expect(stops).toEqual([items[0], items[2]]);
    let tour = start;
    const seen = [1, 2, 3, 4].map(() => (tour = nextStop(tour, stops)).focus);
    expect(seen).toEqual([items[0]!.key, items[2]!.key, null, items[0]!.key]);
    expect(nextStop({ ...start, focus: 'gone' }, stops).focus).toBe(items[0]!.key);
    expect(nextStop(start, []).focus).toBeNull();
  });

  it('goes to an urgent one as soon as it comes, once, and to none of those that were there at the start', () => {
    const items = [item('critical'), item('warning')];
    const begun = withNews({ ...start, known: null }, items);
    expect(begun.focus).toBeNull();
    expect(withNews(begun, items)).toBe(begun);
    const fresh = item('critical');
    const gone = withNews(begun, [fresh, ...items, item('warning')]);
    expect(gone.focus).toBe(fresh.key);
    expect(withNews(gone, [fresh, ...items])).toBe(gone);
  });
});
