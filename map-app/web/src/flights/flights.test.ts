import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dictionaries } from '../i18n';
import { flawCounts, flaws, looked, received, verdicts, type FlightReview } from './types';

const review = (changed: Partial<FlightReview>): FlightReview => ({
  flightId: 'drone-1:20260511T003000000Z', device: 'drone-1', firstAt: '2026-05-11T00:30:00Z', lastAt: '2026-05-11T00:40:00Z', photoCount: 10,
  states: { announced: 1, stored: 2, scored: 6, unreadable: 1 }, useless: { blurred: 2, 'over-exposed': 0, 'under-exposed': 1 },
  targetId: null, targets: [], verdict: 'again', waiting: 0, sentenceJa: '', sentenceEn: '', coverageShare: null, twiceShare: null, leastOverlap: null,
  gaps: [], photos: [], map: { type: 'FeatureCollection', features: [] }, ...changed,
});
const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

describe('a flight', () => {
  it('has a heading in both languages for every verdict that the server gives', () => {
    const declared = read('map-app/Field.MapApp/Review/FlightReview.cs').split('enum FlightVerdict')[1]!.split('}')[0]!;
    const given = [...declared.matchAll(/^ {4}([A-Z]\w+),/gm)].map((m) => m[1]!.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase());
    expect(given).toEqual(verdicts);
    for (const t of [dictionaries.ja, dictionaries.en]) expect(Object.keys(t.flights.verdict).sort()).toEqual([...verdicts].sort());
  });

  it('that was compared with nothing is not headed as one that is all there', () => {
    for (const t of [dictionaries.ja, dictionaries.en]) expect(t.flights.verdict['photos-only']).not.toContain(t.flights.verdict.done);
    expect(dictionaries.ja.flights.verdict['photos-only']).toContain('未確認');
  });

  it('counts what has come and what has been looked at', () => {
    expect([received(review({})), looked(review({}))]).toEqual([9, 7]);
    expect(flawCounts(review({}))).toEqual([['blurred', 2], ['under-exposed', 1], ['unreadable', 1]]);
  });

  it('has words in both languages for every code that the server gives', () => {
    const codes = [...read('vision/Field.Vision/Quality/PhotoQuality.cs').matchAll(/const string \w+ = "([a-z-]+)"/g)].map((m) => m[1]!);
    const unreadable = /Unreadable = "([a-z]+)"/.exec(read('map-app/Field.MapApp/Review/FlightReader.cs'))![1]!;
    expect([...codes, unreadable].sort()).toEqual([...flaws].sort());
    for (const t of [dictionaries.ja, dictionaries.en]) expect(Object.keys(t.flights.flaw).sort()).toEqual([...flaws].sort());
  });
});
