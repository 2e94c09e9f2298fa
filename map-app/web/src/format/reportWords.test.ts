import { describe, expect, it } from 'vitest';
import { labelsFor, type Form } from '../tablet/forms';
import { answersOf, labelsOf, reportTitle } from './reportWords';

const known = { road: '道路被害' };
const form: Form = {
  $id: 'patrol', title: '道路パトロール', 'x-title-en': 'Road patrol', required: [],
  properties: {
    category: { type: 'string', title: '異状の種類', 'x-title-en': 'What is wrong', enum: ['路面の穴', '落石'], 'x-enum-en': ['Pothole', 'Rockfall'] },
    depth: { type: 'number', title: '深さ（cm）' },
    closed: { type: 'boolean', title: '通行止め', 'x-title-en': 'Closed' },
  },
};

describe('words of a report', () => {
  it('are the form’s own, then everybody’s, then the form’s name, and a code only when nobody has a word', () => {
    const labels = labelsFor(form, { category: '落石', depth: 40 });
    expect(reportTitle(known, '報告', 'ja', null, labels)).toBe('落石');
    expect(reportTitle(known, '報告', 'en', 'road', labels)).toBe('Rockfall');
    const unsaid = labelsFor(form, { depth: 40 });
    expect(reportTitle(known, '報告', 'ja', 'road', unsaid)).toBe('道路被害');
    expect(reportTitle(known, '報告', 'en', 'patrol', unsaid)).toBe('Road patrol');
    expect(reportTitle(known, '報告', 'ja', null, unsaid)).toBe('道路パトロール');
    expect(reportTitle(known, '報告', 'ja', null, {})).toBe('報告');
    expect(reportTitle(known, '報告', 'ja', 'toString', {})).toBe('toString');
  });

  it('stay those of the form as it was, whatever it is now', () => {
    const answers = { category: '落石', depth: 40, closed: true };
    const sent = JSON.parse(JSON.stringify({ answers, labels: labelsFor(form, answers) })) as Record<string, unknown>;
    expect(answersOf(sent, 'ja')).toEqual([{ question: '異状の種類', answer: '落石' }, { question: '深さ（cm）', answer: 40 }, { question: '通行止め', answer: true }]);
    expect(answersOf(sent, 'en')).toEqual([{ question: 'What is wrong', answer: 'Rockfall' }, { question: '深さ（cm）', answer: 40 }, { question: 'Closed', answer: true }]);
    expect(labelsOf(sent)).toEqual(labelsFor(form, answers));
  });

  it('are cut to what the server takes', () => {
    const long = { ...form, 'x-title-en': 'a'.repeat(79) + '𠮷𠮷' };
    expect(labelsFor(long, {}).form).toEqual({ ja: form.title, en: 'a'.repeat(79) });
  });

  it('of anybody’s making do no harm', () => {
    expect(labelsOf({ labels: { category: 7, form: { ja: ' ' }, answers: { a: null, b: { ja: 'ビー', value: 'x' } } } })).toEqual({ answers: { b: { ja: 'ビー' } } });
    expect(labelsOf({ labels: [1] })).toEqual({});
    expect(answersOf({ answers: { a: [1], b: 'x' } }, 'ja')).toEqual([{ question: 'b', answer: 'x' }]);
  });
});
