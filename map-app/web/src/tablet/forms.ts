import type { Label, ReportLabels } from '../format/reportWords';
import type { Lang } from '../i18n';

/** A question of a form: the part of JSON Schema that the server lets in (SPEC section 21). */
export interface Question {
  type: 'string' | 'number' | 'integer' | 'boolean';
  title: string;
  'x-title-en'?: string;
  description?: string;
  'x-description-en'?: string;
  enum?: string[];
  'x-enum-en'?: string[];
  format?: 'date';
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  default?: string | number | boolean;
}

export interface Form {
  $id: string;
  title: string;
  'x-title-en'?: string;
  description?: string;
  'x-description-en'?: string;
  properties: Record<string, Question>;
  required?: string[];
}

export const titleOf = (of: { title: string; 'x-title-en'?: string }, lang: Lang) => (lang === 'en' ? (of['x-title-en'] ?? of.title) : of.title);
export const choiceOf = (q: Question, i: number, lang: Lang) => (lang === 'en' ? (q['x-enum-en']?.[i] ?? q.enum![i]!) : q.enum![i]!);

/** Why an answer is not taken: a word of the dictionary, and the limit. */
export type Fault = { code: 'required' | 'number' | 'integer' | 'min' | 'max' | 'minLength' | 'maxLength' | 'date' | 'choice'; limit?: number };

/** What is wrong with one answer, as it was typed; null when nothing is. */
export function faultOf(question: Question, required: boolean, typed: string | undefined): Fault | null {
  const text = typed?.trim() ?? '';
  if (text === '') return required ? { code: 'required' } : null;
  if (question.type === 'boolean') return text === 'true' || text === 'false' ? null : { code: 'choice' };
  if (question.type === 'string') return textFault(question, text);
  const value = Number(text.replace(/[０-９．－]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)));
  if (!Number.isFinite(value)) return { code: 'number' };
  if (question.type === 'integer' && !Number.isInteger(value)) return { code: 'integer' };
  if (question.minimum !== undefined && value < question.minimum) return { code: 'min', limit: question.minimum };
  if (question.maximum !== undefined && value > question.maximum) return { code: 'max', limit: question.maximum };
  return null;
}

function textFault(question: Question, text: string): Fault | null {
  if (question.enum && !question.enum.includes(text)) return { code: 'choice' };
  if (question.format === 'date' && !isDate(text)) return { code: 'date' };
  const length = [...text].length;
  if (question.minLength !== undefined && length < question.minLength) return { code: 'minLength', limit: question.minLength };
  if (question.maxLength !== undefined && length > question.maxLength) return { code: 'maxLength', limit: question.maxLength };
  return null;
}

/** A day that the calendar has. */
function isDate(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** Every fault of a form, by the question's name. */
export function faultsOf(form: Form, answers: Record<string, string>): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  for (const [name, question] of Object.entries(form.properties)) {
    const fault = faultOf(question, form.required?.includes(name) ?? false, answers[name]);
    if (fault) faults.set(name, fault);
  }
  return faults;
}

/** What was typed, as values of the schema's types; what was left empty is not there. */
export function valuesOf(form: Form, answers: Record<string, string>): Record<string, string | number | boolean> {
  const values: Record<string, string | number | boolean> = {};
  for (const [name, question] of Object.entries(form.properties)) {
    const text = answers[name]?.trim() ?? '';
    if (text === '') continue;
    if (question.type === 'boolean') values[name] = text === 'true';
    else if (question.type === 'string') values[name] = text;
    else values[name] = Number(text.replace(/[０-９．－]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)));
  }
  return values;
}

const mostLabel = 80;

/** The words of a form as it is now, kept with what was filled in: the form may be another when it is read. A question named `category` says what is reported. */
export function labelsFor(form: Form, values: Record<string, string | number | boolean>): ReportLabels {
  const answers: NonNullable<ReportLabels['answers']> = {};
  for (const [name, question] of Object.entries(form.properties)) {
    const given = values[name];
    if (given === undefined) continue;
    const at = typeof given === 'string' ? (question.enum?.indexOf(given) ?? -1) : -1;
    answers[name] = { ...labelOf(question.title, question['x-title-en']), ...(at >= 0 ? { value: labelOf(question.enum![at]!, question['x-enum-en']?.[at]) } : {}) };
  }
  const category = answers['category']?.value;
  return { form: labelOf(form.title, form['x-title-en']), ...(category ? { category } : {}), answers };
}

const labelOf = (ja: string, en: string | undefined): Label => ({ ja: cut(ja), ...(en ? { en: cut(en) } : {}) });

/** The server takes no longer ones, and nobody bounds English titles: a report must not be refused for its form's words. */
function cut(text: string): string {
  const characters = [...text];
  while (characters.join('').length > mostLabel) characters.pop();
  return characters.join('');
}
