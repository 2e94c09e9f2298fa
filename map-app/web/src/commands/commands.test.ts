import { describe, expect, it } from 'vitest';
import type { Permission } from '../access/session';
import { dictionaries } from '../i18n';
import { commandEntries } from './entries';
import { folded, search } from './search';
import { allowed, commands, keysOf, type CommandId, type Runs } from './table';

const all = Object.fromEntries(commands.map((c) => [c.id, () => undefined])) as Runs;
const everything = new Set(commands.flatMap((c) => c.may ?? []));
const found = (typed: string, lang: 'ja' | 'en' = 'ja', may: ReadonlySet<Permission> = everything) => search(commandEntries(dictionaries[lang], all, may), typed).map((e) => e.id.replace('command:', ''));

describe('the table of commands', () => {
  it('gives a key to one command only', () => {
    const keys = commands.flatMap((c) => c.press ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keysOf(commands.find((c) => c.id === 'wall')!, '')).toEqual(['O']);
  });

  it('offers nothing that the role may not do, and nothing that cannot be done now', () => {
    const viewer = new Set<Permission>(['map.view']);
    expect(Object.keys(allowed(all, viewer)).filter((id) => ['statusReport', 'impact', 'upload', 'review', 'importLayer', 'tablet', 'route', 'situation'].includes(id))).toEqual([]);
    expect(Object.keys(allowed({ ...all, route: undefined } as unknown as Runs, everything))).not.toContain('route');
    expect(found('被害状況即報', 'ja', viewer)).toEqual([]);
    expect(found('被害状況即報')).toEqual(['statusReport']);
  });
});

describe('the palette', () => {
  it.each([
    ['けいそく', 'draw'], ['だいがめん', 'wall'], ['ダイガメン', 'wall'], ['大画面', 'wall'], ['big screen', 'wall'], ['ＷＡＬＬ', 'wall'], ['そくほう', 'statusReport'], ['距離', 'draw'], ['theme', 'theme'], ['えいご', 'language'], ['じんこう', 'impact'], ['レイヤ 取り込', 'importLayer'], ['鍵', 'locks'],
  ] as [string, CommandId][])('finds by %s', (typed, id) => {
    expect(found(typed)[0]).toBe(id);
    expect(found(typed, 'en')).toContain(id);
  });

  it('puts the beginning of a name before its middle, and a name before a reading', () => {
    const entries = [{ text: '新焼津橋' }, { text: '焼津港', words: 'やいづ' }, { text: '第三倉庫', words: '焼津' }, { text: '焼津橋', note: '橋梁' }];
    expect(search(entries, '焼津').map((e) => e.text)).toEqual(['焼津港', '焼津橋', '新焼津橋', '第三倉庫']);
    expect(search(entries, '橋梁 焼津').map((e) => e.text)).toEqual(['焼津橋']);
    expect(search(entries, '　')).toHaveLength(4);
    expect(search(entries, '(.*[')).toEqual([]);
  });

  it('makes no difference between widths, kana, hyphens and long vowels', () => {
    expect(['ＲＩＶＥＲ－０１', 'river 01', 'RIVER-01', 'River_01'].map(folded)).toEqual(Array.from({ length: 4 }, () => 'river01'));
    expect(folded('レイヤー')).toBe(folded('れいや'));
  });
});
