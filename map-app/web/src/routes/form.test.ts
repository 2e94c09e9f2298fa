import { describe, expect, it } from 'vitest';
import type { BoardFeature } from '../board/types';
import { dictionaries } from '../i18n';
import { emptyForm, parseNumber, prepare } from './form';
import { patterns } from './routeLayers';
import { routeShapes } from './shapes';
import type { RouteAnswer } from './types';
import { areaShapes, editionOf, keptAreas } from './useNoFly';

describe('a number as it is typed', () => {
  it('may be full-width, as Japanese keyboards write it', () => {
    expect(['５０', '－９０', ' 12.5 ', '.5', '+3'].map(parseNumber)).toEqual([50, -90, 12.5, 0.5, 3]);
  });

  it('is refused when it is none', () => {
    expect(['', '1e5', '五十', '1,000', 'NaN', '--1'].map(parseNumber)).toEqual([null, null, null, null, null, null]);
  });
});

describe('the body of a question', () => {
  it('has only what was entered, so that defaults stay the server’s', () => {
    expect(JSON.parse(prepare('levee', 'levee:L1', { ...emptyForm('levee'), numbers: { heightM: '６０', speedMps: ' ' } }).body!)).toEqual({ kind: 'levee', assetId: 'levee:L1', heightM: 60, homes: [] });
  });

  it('is not sent while something is no number, and says what', () => {
    const form = { ...emptyForm('bridge'), numbers: { topM: 'x' }, homes: [{ lon: 1, lat: 2, ground: '?' }] };
    expect(prepare('bridge', 'bridge:B', form)).toEqual({ body: null, invalid: ['topM', 'home0'] });
  });

  it('has a bridge’s ends only when there are two', () => {
    const axis = [[139, 35], [139.001, 35]];
    expect(JSON.parse(prepare('bridge', 'bridge:B', { ...emptyForm('bridge'), axis: axis.slice(1) }).body!)).not.toHaveProperty('line');
    expect(JSON.parse(prepare('bridge', 'bridge:B', { ...emptyForm('bridge'), axis }).body!)).toMatchObject({ line: { coordinates: axis }, speedMps: 1, beside: true });
  });
});

describe('what the map draws', () => {
  const feature = (kind: string, type: 'Point' | 'LineString') => ({ type: 'Feature' as const, properties: { kind }, geometry: type === 'Point' ? { type, coordinates: [1, 2] } : { type, coordinates: [[1, 2], [3, 4]] } });
  const answer = { preview: { type: 'FeatureCollection', features: [feature('leg', 'LineString'), feature('waypoint', 'Point'), feature('home', 'Point')] } } as unknown as RouteAnswer;

  it('numbers home points, those proposed too, and leaves waypoints out', () => {
    expect(routeShapes(answer, emptyForm('levee')).map((f) => `${f.properties?.['kind']} ${f.properties?.['label']}`)).toEqual(['leg undefined', 'home 1']);
    const homes = [{ lon: 5, lat: 6, ground: '' }, { lon: 7, lat: 8, ground: '' }];
    expect(routeShapes(null, { ...emptyForm('levee'), homes }).map((f) => String(f.properties?.['label']))).toEqual(['1', '2']);
  });

  it('tells neighbouring batteries apart by pattern', () => {
    expect(new Set(patterns.map((p) => JSON.stringify(p))).size).toBe(4);
  });
});

it('has a word for every unit in both languages', () => {
  expect(Object.keys(dictionaries.en.routes.unit).sort()).toEqual(Object.keys(dictionaries.ja.routes.unit).sort());
});

describe('kept no-fly areas', () => {
  const area = (boardId: string, title: string | null, revision: number, kind = 'no-fly'): BoardFeature => ({
    type: 'Feature', geometry: { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] }, properties: { boardId, kind: kind as 'no-fly', title, revision },
  });

  it('stand by name, and tell when one of them changed', () => {
    const areas = keptAreas([area('no-fly:b', 'わ', 3), area('drawing:x', 'あ', 1, 'drawing'), area('no-fly:a', 'あ', 2), { ...area('no-fly:gone', 'い', 9), geometry: null }]);
    expect(areas.map((a) => a.properties.title)).toEqual(['あ', 'わ']);
    expect(editionOf(areas)).toBe('no-fly:a:2 no-fly:b:3');
    expect(areaShapes(areas, null).map((f) => String(f.properties?.['name']))).toEqual(['あ', 'わ']);
    expect(areaShapes([], { do: 'name', geometry: { type: 'Polygon', coordinates: [] } })).toHaveLength(1);
  });

  it('are drawn once: those in the server’s answer have an id and are left out', () => {
    const zone = (id: string | null) => ({ type: 'Feature' as const, properties: { kind: 'no-fly', name: 'z', id }, geometry: { type: 'Polygon' as const, coordinates: [] } });
    const answer = { preview: { type: 'FeatureCollection', features: [zone('no-fly:a'), zone(null)] } } as unknown as RouteAnswer;
    expect(routeShapes(answer, emptyForm('levee')).map((f) => String(f.properties?.['id']))).toEqual(['null']);
  });
});
