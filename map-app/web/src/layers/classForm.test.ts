import { describe, expect, it } from 'vitest';
import { alike, changed, formOf, leastDifference, tableOf, withoutRow, withRow, type TableForm } from './classForm';
import type { ClassTable } from './types';

const empty: TableForm = { field: 'depth', by: 'values', isDepthM: false, rows: [] };

describe('a class table that a person writes', () => {
  it('comes back as it went in', () => {
    const table: ClassTable = { field: 'A', classes: [{ key: '1', rank: 1, ja: '浅い', en: 'shallow', colour: '#F7F5A9', pattern: 'none', values: ['1', '０.5m未満'] }] };
    expect(tableOf(formOf(table, ''))).toEqual(table);
    const ranges: ClassTable = { field: 'A', isDepthM: true, classes: [{ key: 'a', ja: '浅い', en: '浅い', colour: '#F7F5A9', pattern: 'dots', values: [], to: 0.5 }, { key: 'b', ja: '深い', en: '深い', colour: '#DC7ADC', pattern: 'none', values: [], from: 0.5 }] };
    expect(tableOf(formOf(ranges, ''))).toEqual(ranges);
    const one: ClassTable = { constant: '2', isDepthM: true, classes: [{ key: '2', rank: 2, ja: '中くらい', en: 'middling', colour: '#FFD8C0', pattern: 'none', values: ['2'], from: 0.5, to: 3 }] };
    expect(tableOf(formOf(one, 'depth'))).toEqual(one); // no field tells the class, and none is put in
  });

  it('takes numbers as people type them, and leaves out what is none', () => {
    const form = changed(changed(withRow({ ...empty, by: 'ranges' }), 0, { from: '０．５', to: 'ふかい' }), 0, { values: ' 甲、乙 , 丙 ' });
    expect(tableOf(form).classes[0]).toMatchObject({ from: 0.5, values: ['甲', '乙', '丙'] });
    expect(tableOf(form).classes[0]).not.toHaveProperty('to');
  });

  it('gives each new class a look, a key and a rank of its own, and a range that goes on', () => {
    let form: TableForm = { ...empty, by: 'ranges' };
    for (let i = 0; i < 20; i++) form = changed(withRow(form), i, { to: String(i + 1) });
    expect(new Set(form.rows.map((r) => `${r.colour} ${r.pattern}`)).size).toBe(20);
    expect(form.rows.map((r) => r.rank)).toEqual(form.rows.map((_, i) => String(i + 1)));
    expect(form.rows[7]!.from).toBe('7');
    expect(withRow(withoutRow(form, 3)).rows.map((r) => r.key)).toHaveLength(20);
    expect(new Set(withRow(withoutRow(form, 3)).rows.map((r) => r.key)).size).toBe(20);
  });

  it('makes a class of a value that has none', () => expect(withRow(empty, '床上').rows[0]).toMatchObject({ ja: '床上', values: '床上' }));
});

describe('colours that can be taken for each other', () => {
  it('are told for those who see no red or green too', () => {
    expect(leastDifference('#000000', '#FFFFFF')).toBeGreaterThan(90);
    expect(alike([{ colour: '#FF0000', pattern: 'none' }, { colour: '#FF0808', pattern: 'none' }])).toEqual([[0, 1]]);
    expect(alike([{ colour: '#FF0000', pattern: 'none' }, { colour: '#FF0808', pattern: 'dots' }])).toEqual([]);
    const [red, green] = ['#B26000', '#808000'];
    expect(leastDifference(red, green)).toBeLessThan(Math.hypot(20, 20));
  });

  it('are none of the depths of the official maps', () => {
    const official = ['#F7F5A9', '#FFD8C0', '#FFB7B7', '#FF9191', '#F285C9', '#DC7ADC'].map((colour) => ({ colour, pattern: 'none' as const }));
    expect(alike(official).filter(([a, b]) => b - a > 1)).toEqual([]);
  });
});
