import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dictionaries, wording, type Dictionary } from '.';

const paths = (value: object, at = ''): string[] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) => (typeof inner === 'object' && inner !== null ? paths(inner, `${at}${key}.`) : [`${at}${key}`]));

describe('dictionaries', () => {
  it('say the same things, also where codes are looked up and the compiler cannot see', () => {
    expect(paths(dictionaries.en).sort()).toEqual(paths(dictionaries.ja).sort());
  });

  it.each([
    ['georeferencing assumes', 8, ['geo/Field.Geo/CameraEvidence.cs'], (d: Dictionary) => d.assumption],
    ['links to assets have', 6, ['ingest/Field.Ingest/Assets/AssetLink.cs'], (d: Dictionary) => d.asset.reason],
    [
      'draft degrees have',
      18,
      ['CrackDegree', 'LeveeRank', 'SurfaceDegrees'].map((f) => `vision/Field.Vision/Grade/${f}.cs`).concat(['FindingGrade', 'GradeFacts'].map((f) => `ingest/Field.Ingest/Findings/${f}.cs`)),
      (d: Dictionary) => d.review.reason,
    ],
  ] as const)('have words in both languages for every code that %s', (_, least, files, words) => {
    const declared = files.map((file) => readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8')).join('\n');
    const codes = [...declared.matchAll(/public const string \w+ = "([a-z0-9-]+)"/g)].map((m) => m[1]!);
    expect(codes.length).toBeGreaterThanOrEqual(least);
    const of = { ja: words(dictionaries.ja), en: words(dictionaries.en) } as Record<string, Record<string, string>>;
    expect(codes.filter((code) => !of['ja']![code] || !of['en']![code] || of['ja']![code] === of['en']![code])).toEqual([]);
  });

  it('leave nothing in Japanese in the English one', () => {
    expect(JSON.stringify({ ...dictionaries.en })).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
  });

  it('show a code they do not know as it is, even a nasty one', () => {
    expect([wording(dictionaries.ja.className, 'crack'), wording(dictionaries.ja.className, 'scour'), wording(dictionaries.ja.className, 'constructor')]).toEqual(['ひび割れ', 'scour', 'constructor']);
  });
});
