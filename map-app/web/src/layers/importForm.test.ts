import { describe, expect, it } from 'vitest';
import { bodyOf, firstForm, kindOf, missing, refilled } from './importForm';
import type { Inspection, InspectedLayer, Presets } from './importApi';

const layer = (part: Partial<InspectedLayer> = {}): InspectedLayer => ({ name: '浸水', geometryType: 'Polygon', featureCount: 3, epsg: 6668, needsPlace: false, fields: [], problems: [], ...part });
const seen = (...layers: InspectedLayer[]): Inspection => ({ uploadId: 'u', fileName: '浸水.geojson', layers });

describe('what an import still needs', () => {
  it('is nothing when the file says it all', () => expect(missing(seen(layer()), firstForm(seen(layer())))).toEqual([]));

  it('is the encoding when the file could not be read', () => expect(missing(seen(), firstForm(seen()))).toEqual(['encoding']));

  it('is the system when the file names none, until a code is typed', () => {
    const file = seen({ ...layer(), epsg: undefined } as unknown as InspectedLayer);
    const form = firstForm(file);
    expect(missing(file, form)).toEqual(['crs']);
    expect(missing(file, { ...form, crs: '6676' })).toEqual([]);
    expect(missing(file, { ...form, crs: 'VIII' })).toEqual(['crs']);
  });

  it('is the place of a table: two columns, or one of mesh codes', () => {
    const file = seen(layer({ needsPlace: true }));
    const form = firstForm(file);
    expect(missing(file, form)).toEqual(['place']);
    expect(missing(file, { ...form, meshField: 'field_1' })).toEqual([]);
  });

  it('is the class of a preset that no field of the file calls for', () => {
    const form = { ...firstForm(seen(layer())), preset: 'landslide' };
    expect(missing(seen(layer()), form)).toEqual(['class']);
    expect(missing(seen(layer()), { ...form, classValue: 'special' })).toEqual([]);
  });

  it('keeps what was typed when the file can be read at last', () => {
    const typed = { ...firstForm(seen()), title: '要配慮者利用施設', encoding: 'Shift_JIS' };
    const file = seen(layer({ preset: 'flood-depth', classField: 'A31a_205' }));
    expect(refilled(file, typed)).toMatchObject({ title: '要配慮者利用施設', encoding: 'Shift_JIS', preset: 'flood-depth', classField: 'A31a_205' });
    expect(refilled(file, firstForm(seen())).title).toBe('浸水');
  });

  it('is of the kind of its preset, whenever the presets are known, until a person says another', () => {
    const form = firstForm(seen(layer({ preset: 'flood-depth' })));
    const presets = { kinds: [], dataClasses: [], presets: [{ name: 'flood-depth', kind: 'flood', ja: '', en: '', classTable: { classes: [] } }] } as unknown as Presets;
    expect(kindOf(form, null)).toBe('other');
    expect(kindOf(form, presets)).toBe('flood');
    expect(kindOf({ ...form, kind: 'tsunami' }, presets)).toBe('tsunami');
    expect(bodyOf(seen(layer()), form)).not.toHaveProperty('kind');
  });

  it('goes to the server without what is empty', () =>
    expect(bodyOf(seen(layer()), { ...firstForm(seen(layer())), crs: '6676', source: ' 静岡県 ' })).toEqual({ uploadId: 'u', title: '浸水', dataClass: 'internal', crs: 6676, source: '静岡県' }));
});
