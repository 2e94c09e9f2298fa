import { describe, expect, it } from 'vitest';
import { choiceOf, faultOf, faultsOf, titleOf, valuesOf, type Form } from './forms';

const form: Form = {
  $id: 'park', title: '公園', 'x-title-en': 'Park', required: ['state', 'seen'],
  properties: {
    state: { type: 'string', title: '状態', enum: ['良', '要修繕'], 'x-enum-en': ['good', 'repair'] },
    height: { type: 'number', title: '高さ', minimum: 0, maximum: 12.5 },
    people: { type: 'integer', title: '人数' },
    seen: { type: 'string', format: 'date', title: '確認日' },
    closed: { type: 'boolean', title: '閉鎖' },
    words: { type: 'string', title: '文', minLength: 2, maxLength: 3 },
  },
};

describe('forms', () => {
  it('take a complete answer, in the types of the schema', () => {
    const answers = { state: '要修繕', height: '１２．５', people: '3', seen: '2026-02-28', closed: 'false', words: '𠮷野家' };
    expect(faultsOf(form, answers).size).toBe(0);
    expect(valuesOf(form, answers)).toEqual({ state: '要修繕', height: 12.5, people: 3, seen: '2026-02-28', closed: false, words: '𠮷野家' });
  });

  it('name every fault at once', () => {
    const faults = faultsOf(form, { state: 'x', height: '-1', people: '1.5', closed: 'maybe', words: 'a' });
    expect(Object.fromEntries([...faults].map(([name, f]) => [name, f.code]))).toEqual({ state: 'choice', height: 'min', people: 'integer', seen: 'required', closed: 'choice', words: 'minLength' });
  });

  it.each([['2026-02-30', 'date'], ['2026-2-3', 'date'], ['', 'required'], ['2024-02-29', null]])('judge the date %s: %s', (text, code) => {
    expect(faultOf(form.properties['seen']!, true, text)?.code ?? null).toBe(code);
  });

  it('leave out what was left empty, and speak both languages', () => {
    expect(valuesOf(form, { state: '良', height: '', people: ' ' })).toEqual({ state: '良' });
    expect([titleOf(form, 'en'), titleOf(form, 'ja'), choiceOf(form.properties['state']!, 1, 'en'), titleOf(form.properties['people']!, 'en')]).toEqual(['Park', '公園', 'repair', '人数']);
  });
});
