import { fromGeojsonVt } from '@maplibre/vt-pbf';
import { describe, expect, it } from 'vitest';
import { mockData } from '../../dev/mockData';
import { boundsOf } from './bounds';
import { differing } from './restyle';
import { cameraPoint, findingPlace, findingPoint, footprint, keyed, keyProperty } from './sources';
import { layersFor } from './style';

const look = { theme: 'light', lang: 'ja', layers: { findings: true, footprints: true, cameras: true, devices: true, assets: true, doors: true }, gsi: false } as const;

describe('map sources', () => {
  const { photos, findings } = mockData(20);

  it('leave out what has no place and never throw on it', () => {
    const placeless = { ...findings[0]!, geometry: null, properties: { ...findings[0]!.properties, centreLon: null, centreLat: null } };
    expect([findingPlace(placeless), findingPoint(placeless)]).toEqual([null, []]);
    const unread = photos.find((f) => f.geometry === null)!;
    expect([footprint(unread), cameraPoint(unread)]).toEqual([[], []]);
  });

  it('fall back to the middle of the outline', () => {
    const f = { ...findings[0]!, geometry: { type: 'Polygon' as const, coordinates: [[[1, 2], [3, 2], [3, 6], [1, 2]]] }, properties: { ...findings[0]!.properties, centreLon: null } };
    expect(findingPlace(f)).toEqual([2, 4]);
    expect(boundsOf([f.geometry, null])).toEqual([1, 2, 3, 6]);
    expect(boundsOf([])).toBeNull();
  });
});

describe('keys of sources', () => {
  const manyDigits = '5424995764094591188680e30a00ee89';
  const tile = (id: unknown) => fromGeojsonVt({ layer: { features: [{ type: 1, geometry: [[1, 1]], tags: {}, id }] } } as never);

  it('can be written into a tile, whatever the id begins with', () => {
    expect(() => tile(manyDigits)).toThrow(); // why an id is none
    const [f] = keyed([{ type: 'Feature', geometry: { type: 'Point', coordinates: [0, 0] }, properties: { id: manyDigits } }]);
    expect(f!.properties!['id']).toBe(manyDigits);
    expect(tile(f!.properties![keyProperty]).length).toBeGreaterThan(0);
  });
});

describe('map layers', () => {
  it('have the same ids in every look, so that restyling misses none', () => {
    const ids = layersFor(look, true).map((l) => l.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const other of [{ ...look, theme: 'dark' }, { ...look, lang: 'en' }, { ...look, gsi: true }] as const) expect(layersFor(other, true).map((l) => l.id)).toEqual(ids);
  });

  it('change only what differs', () => {
    expect(differing({ a: 1, b: [1, 2], c: 3 }, { a: 1, b: [1, 3], d: 4 })).toEqual([['b', [1, 3]], ['c', undefined], ['d', 4]]);
  });
});
