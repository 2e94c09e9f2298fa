import { describe, expect, it } from 'vitest';
import type { FindingProperties } from '../api/types';
import { degreeLabel, draftText, lettersOf, scaleOf } from './degree';
import { accept, isCorrection, joinNote, letterWith, needsDegree, noPlan } from './plan';

const finding = (more: Partial<FindingProperties> = {}): FindingProperties => ({
  findingId: 'f', photoId: 'p', class: 'crack', score: 0.9, status: 'draft', revision: 1, rankScale: 'bridge', degreeLeast: 'b', degreeMost: 'd', ...more,
});
const settled = finding({ degreeLeast: 'c', degreeMost: 'c' });
const road = finding({ class: 'pothole', rankScale: null, degreeLeast: null, degreeMost: null });

describe('degree', () => {
  it('is written with a question mark while it is a draft', () => {
    expect([degreeLabel(finding()), degreeLabel(settled), degreeLabel(road)]).toEqual(['b-d?', 'c?', '']);
    expect([degreeLabel(finding({ status: 'confirmed', degree: 'e' })), degreeLabel(finding({ status: 'rejected', degree: 'e' }))]).toEqual(['e', '']);
    expect(draftText(finding())).toBe('b-d');
  });

  it('has the letters of its table', () => {
    expect([scaleOf('slump'), scaleOf('corrosion'), scaleOf('road-crack'), scaleOf('unheard-of')]).toEqual(['levee', 'bridge', null, null]);
    expect([lettersOf('levee').join(''), lettersOf('bridge').join('')]).toEqual(['abcd', 'abcde']);
  });
});

describe('plan', () => {
  it('needs a degree where the draft is open, missing or of another class', () => {
    expect([needsDegree(finding(), noPlan), needsDegree(settled, noPlan), needsDegree(road, noPlan)]).toEqual([true, false, false]);
    expect(needsDegree(finding(), { note: '', degree: 'c' })).toBe(false);
    expect(needsDegree(finding({ degreeLeast: null, degreeMost: null }), noPlan)).toBe(true);
    expect(needsDegree(settled, { note: '', class: 'spalling' })).toBe(true);
    expect(needsDegree(settled, { note: '', class: 'pothole' })).toBe(false);
  });

  it('is graded by the table of class and asset, and keeps no letter of another table', () => {
    expect([scaleOf('crack', 'levee:L1'), scaleOf('crack', 'road:R1'), scaleOf('slump', 'bridge:B1'), scaleOf('crack', 'bridge:B1')]).toEqual(['levee', null, 'levee', 'bridge']);
    const decided = finding({ status: 'confirmed', degree: 'e', assetId: 'bridge:B1' });
    expect([letterWith(decided, noPlan), letterWith(decided, { note: '', assetId: 'levee:L1' }), letterWith(decided, { note: '', assetId: 'bridge:B2' })]).toEqual(['e', null, 'e']);
  });

  it('confirms what the draft allows and corrects what it does not', () => {
    expect(accept(settled, noPlan)).toEqual({ action: 'confirm', note: '', degree: 'c' });
    expect(accept(finding(), { note: 'x', degree: 'd' })).toEqual({ action: 'confirm', note: 'x', degree: 'd' });
    expect(accept(finding(), { note: '', degree: 'e' })).toEqual({ action: 'correct', note: '', degree: 'e' });
    expect(accept(road, noPlan)).toEqual({ action: 'confirm', note: '' });
  });

  it('sends only what differs', () => {
    const here = finding({ assetId: 'bridge:1', elementId: 'element:1/Mg01', degreeLeast: 'c', degreeMost: 'c' });
    expect(isCorrection(here, { note: '', class: 'crack', assetId: 'bridge:1', elementId: 'element:1/Mg01' })).toBe(false);
    expect(accept(here, { note: '', elementId: 'element:1/Mg02', assetId: 'bridge:1' })).toEqual({ action: 'correct', note: '', degree: 'c', elementId: 'element:1/Mg02' });
    const pixelRings: [number, number][][] = [[[0, 0], [1, 0], [1, 1]]];
    expect(accept(here, { note: '', pixelRings })).toMatchObject({ action: 'correct', pixelRings });
  });

  it('keeps the decided letter of a decided finding', () => {
    expect(letterWith(finding({ status: 'confirmed', degree: 'e' }), noPlan)).toBe('e');
  });

  it('joins a reason and what was typed', () => {
    expect([joinNote('目地', ' '), joinNote('目地', ' 橋台側'), joinNote('', '汚れ')]).toEqual(['目地', '目地: 橋台側', '汚れ']);
  });
});
