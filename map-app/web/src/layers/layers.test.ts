import { describe, expect, it } from 'vitest';
import { colourOf, drawingOf, inOrder } from './drawing';
import { changesOf, dependents, valuesOf } from './layerForm';
import { byKind, readShown, sharedLegend, shownOf, writeShown } from './shown';
import type { LayerClass, MapLayer } from './types';

const depth = (key: string, colour: string): LayerClass => ({ key, rank: Number(key), ja: key, en: key, colour, pattern: 'none', values: [key] });
const layer = (id: string, kind: string, classes: LayerClass[] = []): MapLayer => ({
  layerId: id, title: id, kind, dataClass: 'public', geometryType: 'MultiPolygon', classTable: classes.length ? { classes } : null, bounds: null,
  featureCount: 1, repairedCount: 0, refusedCount: 0, importedAt: '2026-11-21T00:00:00Z', edition: `${id}@1`, canRestore: false, revision: 7,
});

describe('imported layers', () => {
  it('stand by kind in the order of the server, unknown kinds last, empty kinds not at all', () => {
    const all = [layer('a', 'mesh'), layer('b', 'flood'), layer('c', 'new'), layer('d', 'flood')];
    expect(byKind(['flood', 'landslide', 'mesh'], all).map(([kind, some]) => [kind, some.map((l) => l.layerId)])).toEqual([['flood', ['b', 'd']], ['mesh', ['a']], ['new', ['c']]]);
  });

  it('have their official colours by class, and grey for what the table does not know', () => {
    expect(colourOf([depth('1', '#F7F5A9'), depth('6', '#DC7ADC')])).toEqual(['match', ['coalesce', ['get', 'class'], ''], '1', '#F7F5A9', '6', '#DC7ADC', '#5B6B7B']);
    expect(colourOf([])).toBe('#5B6B7B');
  });

  it('draw a hatch for each pattern of their classes beside the colour', () => {
    const classes = [{ ...depth('warning', '#FFE600'), pattern: 'diagonal' as const }, { ...depth('special', '#E60012'), pattern: 'cross' as const }];
    const ids = drawingOf(layer('x', 'landslide', classes), { on: true, opacity: 0.7 }, 'light').map((d) => d.id);
    expect(ids).toContain('imported:x:diagonal');
    expect(ids).toContain('imported:x:cross');
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lie with their areas under all lines and points', () => {
    const specs = inOrder(['a', 'b'].flatMap((id) => drawingOf(layer(id, 'flood'), { on: true, opacity: 0.7 }, 'light')));
    expect(specs.map((s) => s.type)).toEqual(['fill', 'fill', 'line', 'line', 'line', 'line', 'circle', 'circle', 'symbol', 'symbol']);
  });

  it('say a legend once when all of a kind share it', () => {
    const classes = [depth('1', '#F7F5A9')];
    expect(sharedLegend([layer('a', 'flood', classes), layer('b', 'flood', classes)])).toEqual(classes);
    expect(sharedLegend([layer('a', 'flood', classes), layer('b', 'flood', [depth('2', '#FFD8C0')])])).toBeNull();
    expect(sharedLegend([layer('a', 'flood'), layer('b', 'flood')])).toBeNull();
  });

  it('keep what was chosen, and begin hidden when nothing was or it cannot be read', () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) };
    writeShown(storage, { a: { on: true, opacity: 0.4 } });
    expect(readShown(storage)).toEqual({ a: { on: true, opacity: 0.4 } });
    expect(shownOf(readShown(storage), 'b').on).toBe(false);
    kept.set('field.layers', '{"a":{"on":"yes","opacity":9}}');
    expect(readShown(storage)).toEqual({ a: { on: false, opacity: 1 } });
    kept.set('field.layers', 'broken');
    expect(readShown(storage)).toEqual({});
  });
});

describe('a layer that is changed', () => {
  it('sends only what differs, trimmed, and nothing when nothing does', () => {
    const was = { ...layer('a', 'flood'), source: '静岡県' };
    expect(changesOf(was, valuesOf(was))).toEqual({});
    expect(changesOf(was, { ...valuesOf(was), title: ' 瀬戸川 ', source: '', licence: '  ' })).toEqual({ title: '瀬戸川', source: '' });
  });

  it('names what loses it when it goes, and nothing that does not use it', () => {
    expect(dependents(layer('a', 'flood'))).toEqual(['public', 'tablets', 'impact']);
    expect(dependents({ ...layer('a', 'shelter'), geometryType: 'Point', dataClass: 'internal' })).toEqual(['tablets', 'shelters']);
    expect(dependents({ ...layer('a', 'boundary'), dataClass: 'resident' })).toEqual(['areas']);
    expect(dependents({ ...layer('a', 'flood'), geometryType: 'LineString', dataClass: 'tax' })).toEqual([]);
  });
});
