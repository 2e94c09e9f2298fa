import { describe, expect, it } from 'vitest';
import { mockData } from '../../dev/mockData';
import { noFilters, passes, sortFindings } from './filters';
import { initialUi, reduceUi } from './ui';
import { readUrl, writeUrl } from './url';

const id32 = 'a'.repeat(32);

describe('address', () => {
  it('comes back as it was written', () => {
    const url = writeUrl({ selection: { kind: 'finding', id: id32 }, lon: 139.0051234, lat: 36.3951234, zoom: 18.25 });
    expect(readUrl(url)).toMatchObject({ selection: { kind: 'finding', id: id32 }, lon: 139.0051234, lat: 36.3951234, zoom: 18.25, lang: null, theme: null });
  });

  it('leads others to the finding that is judged', () => {
    const url = writeUrl({ selection: { kind: 'finding', id: id32 }, review: true, lon: null, lat: null, zoom: null });
    expect(url).toBe(`?review=${id32}`);
    expect(readUrl(url)).toMatchObject({ review: true, selection: { kind: 'finding', id: id32 } });
    expect(readUrl('?review=')).toMatchObject({ review: true, selection: null });
    expect(readUrl('?select=element:B-001/Mg0101').selection).toEqual({ kind: 'asset', id: 'element:B-001/Mg0101' });
  });

  it('tells photos, findings and devices apart and drops what is malformed', () => {
    const select = (id: string) => readUrl(`?select=${encodeURIComponent(id)}`).selection?.kind;
    expect([select('b'.repeat(64)), select(id32), select('drone-01'), select('<img>'), select('')]).toEqual(['photo', 'finding', 'device', undefined, undefined]);
    expect(readUrl('?lang=fr&theme=pink&lon=200&lat=&zoom=x')).toEqual({ lang: null, theme: null, selection: null, review: false, screen: null, lon: null, lat: null, zoom: null });
  });
});

describe('findings list', () => {
  const { findings } = mockData(200);

  it('is sorted worst or newest first', () => {
    const scores = sortFindings([...findings], 'score').map((f) => f.properties.score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const times = sortFindings([...findings], 'newest').map((f) => f.properties.capturedAt!);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('is filtered by all chips at once', () => {
    const kept = findings.filter(passes({ ...noFilters, class: 'crack', device: 'drone-01', minScore: 0.8 }));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every((f) => f.properties.class === 'crack' && f.properties.device === 'drone-01' && f.properties.score >= 0.8)).toBe(true);
    expect(findings.filter(passes(noFilters))).toHaveLength(200);
  });
});

describe('screen', () => {
  const ui = (wide: boolean) => initialUi('ja', 'light', null, wide);
  const finding = { kind: 'finding', id: id32 } as const;

  it('shows panels beside each other when there is room, one sheet at a time when there is not', () => {
    expect(reduceUi(ui(true), { do: 'select', selection: finding }, true)).toMatchObject({ listOpen: true, selection: finding });
    const list = reduceUi(ui(false), { do: 'list' }, false);
    expect(list.listOpen).toBe(true);
    expect(reduceUi(list, { do: 'select', selection: finding }, false)).toMatchObject({ listOpen: false, selection: finding });
    expect(reduceUi(list, { do: 'layers' }, false)).toMatchObject({ listOpen: false, layersOpen: true });
  });

  it('asks who decides when the review opens, once', () => {
    const asked = reduceUi(ui(true), { do: 'review', on: true, findingId: id32 }, true);
    expect(asked).toMatchObject({ review: true, personOpen: true, selection: finding });
    const named = reduceUi(asked, { do: 'person', name: '山田' }, true);
    expect(reduceUi(reduceUi(named, { do: 'back' }, true), { do: 'review', on: true }, true)).toMatchObject({ personOpen: false, person: '山田', selection: finding });
  });

  it('closes the drawer first when going back', () => {
    const chosen = reduceUi(ui(true), { do: 'select', selection: finding }, true);
    expect(reduceUi(chosen, { do: 'back' }, true)).toMatchObject({ selection: null, listOpen: true });
  });
});
