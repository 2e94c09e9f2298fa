import { describe, expect, it } from 'vitest';
import { coloured } from './impactMap';
import { hiddenCell, isAsked, noQuestion, sorted, type Table } from './types';

const table: Table = {
  key: 'area', title: '町内会別', isRounded: false, hasOutlines: true, named: 3, all: 3,
  columns: [{ key: 'id', title: 'ID' }, { key: 'name', title: '名称' }, { key: 'people', title: '人数' }],
  rows: [['1', '港', 12], ['2', '和田', hiddenCell], ['3', '小川', 300], [null, '合計 / total', 317]],
};

describe('a table of who is affected', () => {
  it('is sorted by size with hidden counts last and the sum at the end', () => {
    expect(sorted(table, 2, true).map((r) => r[1])).toEqual(['小川', '港', '和田', '合計 / total']);
    expect(sorted(table, 2, false).at(-1)![1]).toBe('合計 / total');
  });

  it('is asked for with a hazard or an own area, and with nothing else', () => {
    expect(isAsked(noQuestion)).toBe(false);
    expect(isAsked({ ...noQuestion, own: [{ name: '範囲', ring: [[0, 0], [1, 0], [1, 1]] }] })).toBe(true);
  });
});

describe('areas on the map', () => {
  const area = (properties: Record<string, unknown>) => ({ type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: [0, 0] }, properties });
  const classes = [{ number: 0, ja: '', en: '' }, { number: 1, ja: '', en: '', colour: '#F7F5A9' }, { number: 2, ja: '', en: '', colour: '#FFD8C0' }];
  const features = [area({ class1People: 3, class2People: 0 }), area({ class1People: 9, class2People: null }), area({ class1People: 0, class2People: 0 })];

  it('have the official colour of the worst class where somebody lives, hidden or not, and none where nobody does', () => {
    expect(coloured({ type: 'FeatureCollection', features }, classes, 1).map((f) => f.properties!.colour as string)).toEqual(['#F7F5A9', '#FFD8C0']);
    expect(coloured({ type: 'FeatureCollection', features }, classes, 2)).toHaveLength(1);
  });
});
