import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dictionaries, wording } from '.';

const paths = (value: object, at = ''): string[] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) => (typeof inner === 'object' && inner !== null ? paths(inner, `${at}${key}.`) : [`${at}${key}`]));

describe('dictionaries', () => {
  it('say the same things, also where codes are looked up and the compiler cannot see', () => {
    expect(paths(dictionaries.en).sort()).toEqual(paths(dictionaries.ja).sort());
  });

  it('have words for every code that georeferencing can give', () => {
    const source = readFileSync(new URL('../../../../geo/Field.Geo/CameraEvidence.cs', import.meta.url), 'utf8');
    const codes = [...source.matchAll(/const string \w+ = "([a-z0-9-]+)"/g)].map((m) => m[1]!);
    expect(codes.length).toBeGreaterThan(8);
    expect(codes.filter((code) => !Object.hasOwn(dictionaries.ja.assumption, code))).toEqual([]);
  });

  it('leave nothing in Japanese in the English one', () => {
    expect(JSON.stringify({ ...dictionaries.en })).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
  });

  it('show a code they do not know as it is, even a nasty one', () => {
    expect([wording(dictionaries.ja.className, 'crack'), wording(dictionaries.ja.className, 'scour'), wording(dictionaries.ja.className, 'constructor')]).toEqual(['ひび割れ', 'scour', 'constructor']);
  });
});
